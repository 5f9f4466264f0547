"""Exports from their first row to their last: asked for, begun, finished, released, gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.core.times import rfc3339
from kabar.features.accounts.events import AccountErased
from kabar.features.exports.errors import ExportNotFound
from kabar.features.exports.models import UNDER_WAY, Export, ExportState
from kabar.features.exports.schemas import ExportAsked, ExportView
from kabar.infra.db import Transaction

#: after so long without progress somebody else begins it anew
LEASE = timedelta(minutes=2)
#: whoever writes it may fall over: not for ever
MOST_ATTEMPTS = 3


class Superseded(Exception):
    """Somebody else writes this export by now, or nobody needs it any more."""


class Claimed(NamedTuple):
    """An export that is ours to write; another attempt has another number."""

    id: str
    user_id: str
    attempt: int

    @property
    def key(self) -> str:
        return key_of(self.id, self.attempt)


def key_of(export_id: str, attempt: int) -> str:
    """Return under which key an attempt keeps its bytes: none overwrites what another one wrote."""
    return f"{export_id}-{attempt}"


def ask_for_export(tx: Transaction, *, user_id: str) -> ExportAsked:
    """Ask for an export. While one is under way, that is the one."""
    under_way = select(Export.id).where(Export.user_id == user_id, Export.state.in_(UNDER_WAY))
    row = {
        "id": new_id(),
        "user_id": user_id,
        "state": ExportState.QUEUED,
        "progress": 0,
        "attempts": 0,
        "due_at": tx.now,
        "created_at": tx.now,
    }
    new = postgresql.insert if tx.is_postgresql else sqlite.insert
    made = tx.execute(new(Export).values(row).on_conflict_do_nothing().returning(Export.id))
    found: str | None = made.scalar() or tx.execute(under_way).scalar()
    # Of two at once the first one's may have been finished already: then this one is new.
    if found is None:
        found = tx.execute(insert(Export).values(row).returning(Export.id)).scalar_one()
    return ExportAsked(id=found)


_SEEN = Export.state != ExportState.RELEASED
_VIEW = (Export.id, Export.state, Export.progress, Export.size, Export.due_at, Export.created_at)


def find_export(tx: Transaction, *, user_id: str, export_id: str) -> ExportView:
    """Return an export of the caller's; without the address of its bytes."""
    row = tx.execute(
        select(*_VIEW).where(Export.id == export_id, Export.user_id == user_id, _SEEN)
    ).one_or_none()
    if row is None:
        raise ExportNotFound
    return _view(row)


def latest_export(tx: Transaction, *, user_id: str) -> ExportView | None:
    """Return the newest one."""
    mine = select(*_VIEW).where(Export.user_id == user_id, _SEEN)
    row = tx.execute(mine.order_by(Export.created_at.desc(), Export.id.desc()).limit(1)).first()
    return None if row is None else _view(row)


def _view(row: Any) -> ExportView:
    view = ExportView(
        id=row.id, state=row.state, progress=row.progress, created_at=rfc3339(row.created_at)
    )
    if row.state != ExportState.READY:
        return view
    return ExportView(
        id=row.id,
        state=row.state,
        progress=row.progress,
        created_at=view.created_at,
        size=row.size,
        expires_at=rfc3339(row.due_at),
    )


def still_asked(tx: Transaction, asked: ExportAsked) -> ExportAsked:
    """Return what a repeated call gets, if the export is still there."""
    row = tx.execute(select(Export.id).where(Export.id == asked.id, _SEEN)).first()
    if row is None:
        raise ExportNotFound
    return asked


def is_something_due(tx: Transaction) -> bool:
    """Say whether there is an export to begin, to begin again, or to forget."""
    return tx.execute(select(Export.id).where(Export.due_at <= tx.now).limit(1)).first() is not None


def find_ready(tx: Transaction, *, user_id: str, export_id: str) -> tuple[ExportView, str]:
    """Return an export of the caller's that can be fetched, and the key of its bytes."""
    view = find_export(tx, user_id=user_id, export_id=export_id)
    if view.state != ExportState.READY:
        raise ExportNotFound
    attempt = tx.execute(select(Export.attempts).where(Export.id == export_id)).scalar_one()
    return view, key_of(export_id, attempt)


def claim_export(tx: Transaction) -> Claimed | None:
    """Return the next one to write, which is ours for a while; give up what failed too often."""
    due = (Export.state.in_(UNDER_WAY), Export.due_at <= tx.now)
    next_one = select(Export.id, Export.user_id, Export.attempts).where(*due)
    next_one = next_one.order_by(Export.due_at).limit(1)
    if tx.is_postgresql:
        next_one = next_one.with_for_update(skip_locked=True)
    row = tx.execute(next_one).first()
    if row is None:
        return None
    claimed = Claimed(row.id, row.user_id, row.attempts + 1)
    gives_up = row.attempts >= MOST_ATTEMPTS
    tx.execute(
        update(Export)
        .where(Export.id == row.id)
        .values(
            state=ExportState.FAILED if gives_up else ExportState.RUNNING,
            attempts=claimed.attempt,
            progress=0,
            due_at=tx.now + (timedelta(days=1) if gives_up else LEASE),
        )
    )
    return None if gives_up else claimed


def note_progress(tx: Transaction, claimed: Claimed, progress: int) -> None:
    """Say how far it is, which also keeps it ours. Raises `Superseded`."""
    _change(tx, claimed, progress=progress, due_at=tx.now + LEASE)


def note_failed(tx: Transaction, claimed: Claimed) -> None:
    """Let it be tried again soon; the last attempt is given up."""
    is_last = claimed.attempt >= MOST_ATTEMPTS
    _change(
        tx,
        claimed,
        state=ExportState.FAILED if is_last else ExportState.QUEUED,
        due_at=tx.now + (timedelta(days=1) if is_last else timedelta(seconds=10)),
    )


def note_ready(tx: Transaction, claimed: Claimed, *, size: int, keep: timedelta) -> None:
    """Say that it can be fetched; older ones of the same person go. Raises `Superseded`."""
    _change(tx, claimed, state=ExportState.READY, progress=100, size=size, due_at=tx.now + keep)
    _release(
        tx,
        Export.user_id == claimed.user_id,
        Export.id != claimed.id,
        Export.state.in_((ExportState.READY, ExportState.FAILED)),
    )


def _change(tx: Transaction, claimed: Claimed, **values: Any) -> None:
    changed = tx.execute(
        update(Export)
        .where(
            Export.id == claimed.id,
            Export.state == ExportState.RUNNING,
            Export.attempts == claimed.attempt,
        )
        .values(**values)
    )
    if not changed.rowcount:
        raise Superseded


def release_exports(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """Who was erased has no export any more, and none that is being written."""
    for user_id in sorted({event.user_id for event in events}):
        _release(tx, Export.user_id == user_id)


def _release(tx: Transaction, *which: Any) -> None:
    tx.execute(
        update(Export)
        .where(*which, Export.state != ExportState.RELEASED)
        .values(state=ExportState.RELEASED, due_at=tx.now)
    )


def claim_released(tx: Transaction) -> list[tuple[str, list[str]]]:
    """Return some that are to go, released or kept for long enough, with the keys of all that was
    written for them."""
    over = (ExportState.READY, ExportState.FAILED, ExportState.RELEASED)
    some = select(Export.id, Export.attempts).where(Export.state.in_(over), Export.due_at <= tx.now)
    rows = tx.execute(some.limit(20)).all()
    _release(tx, Export.id.in_([row.id for row in rows]))
    return [
        (row.id, [key_of(row.id, attempt) for attempt in range(1, row.attempts + 1)])
        for row in rows
    ]


def forget_export(tx: Transaction, export_id: str) -> None:
    """Delete the row of one whose bytes are gone."""
    tx.execute(delete(Export).where(Export.id == export_id, Export.state == ExportState.RELEASED))
