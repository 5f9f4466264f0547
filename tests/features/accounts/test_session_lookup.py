"""Whose cookie or token is it?"""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete, update

from kabar.features.accounts.cookies import cookie_hash
from kabar.features.accounts.models import Session, User
from kabar.features.accounts.session_lookup import SessionLookup, hash_token, token_of
from kabar.infra.db import Database
from tests.people import identity_of


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ([], None),
        ([(b"cookie", b"kabar_session=abc")], b"abc"),
        ([(b"cookie", b"a=b; kabar_session=abc; c=d")], b"abc"),
        ([(b"cookie", b"a=b"), (b"cookie", b"kabar_session=abc")], b"abc"),
        # Neither of two: a page on a sibling of our host can put one there, and in front.
        ([(b"cookie", b"kabar_session=abc; kabar_session=xyz")], None),
        ([(b"cookie", b"kabar_session=abc"), (b"cookie", b"kabar_session=xyz")], None),
        ([(b"cookie", b"kabar_session=abc; kabar_session=")], None),
        ([(b"cookie", b"kabar_session=abc; kabar_session=abc")], b"abc"),
        (
            [(b"cookie", b"kabar_session=a; kabar_session=b"), (b"authorization", b"Bearer xyz")],
            b"xyz",
        ),
        ([(b"cookie", b'kabar_session="abc"')], b"abc"),
        ([(b"cookie", b"not_kabar_session=abc")], None),
        ([(b"cookie", b"kabar_session")], None),
        ([(b"cookie", b"kabar_session=")], None),
        ([(b"authorization", b"Bearer xyz")], b"xyz"),
        ([(b"authorization", b"bearer  xyz ")], b"xyz"),
        ([(b"authorization", b"Basic xyz")], None),
        ([(b"cookie", b"kabar_session=abc"), (b"authorization", b"Bearer xyz")], b"xyz"),
        ([(b"cookie", b"kabar_session=abc"), (b"authorization", b"Basic xyz")], None),
    ],
)
def test_the_token_is_found_in_the_headers(
    headers: list[tuple[bytes, bytes]], token: bytes | None
) -> None:
    assert token_of(headers) == token
    # What is signed out is what was signed in.
    if not any(name == b"authorization" for name, _ in headers):
        assert cookie_hash(headers) == (token and hash_token(token))


async def test_what_was_seen_is_remembered_until_it_is_forgotten(db: Database) -> None:
    lookup = SessionLookup(db)
    ann, token = await identity_of(db, "ann")
    headers = _with(token)
    assert await lookup.identify(headers) == ann

    # as another node would do it, which cannot tell this one
    await db.write(lambda tx: tx.execute(delete(Session)))
    assert await lookup.identify(headers) == ann

    lookup.forget_token(hash_token(token.encode()))
    assert await lookup.identify(headers) is None


async def test_a_new_name_is_seen_once_the_user_is_forgotten(db: Database) -> None:
    lookup = SessionLookup(db)
    ann, token = await identity_of(db, "ann")
    await lookup.identify(_with(token))
    await db.write(lambda tx: tx.execute(update(User).values(name="Cleo")))

    lookup.forget_user(ann.user_id)

    seen = await lookup.identify(_with(token))
    assert seen is not None
    assert seen.name == "Cleo"


async def test_who_has_not_come_for_half_a_minute_is_not_remembered(db: Database) -> None:
    seconds = 0.0
    lookup = SessionLookup(db, lambda: seconds)
    for username in ("ann", "ben", "cleo"):
        _, token = await identity_of(db, username)
        await lookup.identify(_with(token))

    seconds = 30.0
    _, token = await identity_of(db, "dora")
    await lookup.identify(_with(token))

    assert list(lookup._known) == [hash_token(token.encode())]


async def test_what_was_read_while_somebody_signed_out_is_not_remembered(db: Database) -> None:
    """The look-up may have read the row just before it was deleted."""
    lookup = SessionLookup(db)
    _, token = await identity_of(db, "ann")

    looking = asyncio.create_task(lookup.identify(_with(token)))
    await asyncio.sleep(0)
    lookup.forget_token(hash_token(token.encode()))
    await looking
    await db.write(lambda tx: tx.execute(delete(Session)))

    assert await lookup.identify(_with(token)) is None


def _with(token: str) -> list[tuple[bytes, bytes]]:
    return [(b"cookie", f"kabar_session={token}".encode())]
