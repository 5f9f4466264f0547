"""How one stands to many people, in one call."""

from __future__ import annotations

from tests.features.chat.talk import did, refused
from tests.people import MakePerson

PATH = "/api/users/relationships"


async def test_relationships_of_many_in_one_call(person: MakePerson) -> None:
    ann, ben, cleo, dan = [await person(name) for name in ("ann", "ben", "cleo", "dan")]
    did(await ann.put(f"/api/users/{ben.id}/follow"))
    did(await cleo.put(f"/api/users/{ann.id}/follow"))
    did(await ann.put(f"/api/users/{cleo.id}/block"))
    did(await dan.put(f"/api/users/{ann.id}/block"))

    ids = f"{ben.id},{cleo.id},{dan.id},nobody,{ben.id},"
    found = did(await ann.get(PATH, ids=ids))["relationships"]

    # Who is not there, and who blocks one, is left out.
    assert set(found) == {ben.id, cleo.id}
    assert (found[ben.id]["following"], found[ben.id]["blocking"]) == (True, False)
    assert (found[cleo.id]["followedBy"], found[cleo.id]["blocking"]) == (False, True)
    assert found[ben.id] == did(await ann.get(f"/api/users/{ben.id}"))["relationship"]


async def test_so_many_at_most(person: MakePerson) -> None:
    ann = await person("ann")

    assert did(await ann.get(PATH, ids=""))["relationships"] == {}
    assert did(await ann.get(PATH, ids=",".join(map(str, range(100)))))["relationships"] == {}
    for ids in (",".join(map(str, range(101))), "x" * 6_501, "é"):
        answer = await ann.get(PATH, ids=ids)
        assert refused(answer) == (422, "invalid")
        assert [error["field"] for error in answer.json()["errors"]] == ["ids"]
    assert refused(await ann.get(PATH)) == (422, "invalid")
