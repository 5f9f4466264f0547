"""Whatever is stored of somebody is in the export of their data, or it is said why it is not."""

from __future__ import annotations

from kabar.archive.tables import TABLES
from kabar.features.exports.sections import SECTIONS

#: tables that name a user, and are in no export
LEFT_OUT = {
    # What others have to do with them, who need not know it, or what follows from the rest.
    "KabarGroupsOf": "how many groups they are in, which the list of rooms shows",
    "KabarErasedAuthor": "there is nobody left who could ask",
    "KabarNamePart": "the words of their name",
    "KabarExport": "the export itself",
}


def test_every_table_that_names_a_user_is_exported_or_left_out_for_a_reason() -> None:
    """A new table of people's data gets a `Section` in features/exports/sections.py."""
    exported = {table.__tablename__ for section in SECTIONS for table in section.tables}
    of_users = {
        name
        for name, table in TABLES.items()
        if any(key.column.table.name == "User" for key in table.foreign_keys)
    }
    assert of_users - exported - LEFT_OUT.keys() == set()
