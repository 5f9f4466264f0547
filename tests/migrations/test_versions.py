"""Which versions of a database are there, without asking Alembic?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory

from kabar.infra.db.engine import database_url
from kabar.migrations import migrate as migrating


def test_each_file_begins_with_its_version_and_they_follow_each_other() -> None:
    scripts = ScriptDirectory.from_config(migrating._config())
    walked = [script.revision for script in scripts.walk_revisions()]

    assert tuple(reversed(walked)) == migrating._versions()
    assert scripts.get_current_head() == migrating.newest_version()


def test_a_database_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    migrating.migrate(database_url(None, tmp_path))
    program = (
        "import sys; from pathlib import Path;"
        "from kabar.infra.db.engine import database_url;"
        "from kabar.migrations.migrate import migrate;"
        f"migrate(database_url(None, Path({str(tmp_path)!r})));"
        "print('alembic' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert said.stdout == b"False\n"
