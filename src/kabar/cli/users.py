"""`kabar users …`: who of the users moderates this server."""

from __future__ import annotations

from typing import Annotated

import typer

from kabar.cli.options import Data, begun, group, settings_of
from kabar.features.accounts.models import ServerRole
from kabar.features.moderation.roles import give_role
from kabar.infra.db.engine import database_url, open_writer
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder

users_cli = group("Users: which role each has on this server.")


@users_cli.command("role")
def role(
    name: Annotated[str, typer.Argument(help="A username, or an id.")],
    role: Annotated[ServerRole, typer.Argument(help="What they are from now on.")],
    data: Data = None,
) -> None:
    """Make somebody a moderator or an admin of this server, or a user again; at once."""
    settings = settings_of(data=data)
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    migrate(url)
    with begun(open_writer(url, connections=1, synchronous="FULL")) as tx:
        username = give_role(tx, user=name, role=role)
    print(f"{username} is {_ARTICLES[role]} {role} now.")


_ARTICLES = {ServerRole.USER: "a", ServerRole.MODERATOR: "a", ServerRole.ADMIN: "an"}
