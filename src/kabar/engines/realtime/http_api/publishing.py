"""Publishing over HTTP: delivers the events of a call, once for each idempotency key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.http_api.calls import Call, Rejection, Reply
from kabar.engines.realtime.http_api.drafts import Draft, read_batch, read_channel_event, read_event
from kabar.engines.realtime.http_api.idempotency import IdempotencyStore, Mark, require_same
from kabar.engines.realtime.http_api.occupancy import attributes_of
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.node.node import Node

#: the variable parts of a call's path: `channel`, `user_id`
PathParameters = Mapping[str, Any]

#: takes the body of `POST …/events` for an app, and returns the JSON that the call answers
Trigger = Callable[[App, bytes], Awaitable[bytes]]

_NOTHING = b"{}"
_encode = msgspec.json.Encoder().encode


class Publishing:
    """Answers the calls that publish."""

    def __init__(self, node: Node, store: IdempotencyStore, limits: RealtimeLimits) -> None:
        self._node = node
        self._store = store
        self._limits = limits

    async def event(self, app: App, call: Call, _in_path: PathParameters) -> Reply:
        draft = read_event(call, app, self._limits)

        async def deliver() -> Reply:
            self._node.publish(draft.publication)
            return Reply(self._attributes_of_channels(draft))

        return await self._once(draft.mark, deliver, status=200)

    async def trigger(self, app: App, body: bytes) -> bytes:
        """Publish an event as `POST …/events` would, for the operator, who need not sign it.

        `body`, the JSON returned and the `Rejection` raised are those of that call.
        """
        if not app.enabled:
            raise Rejection(403, "App disabled")
        reply = await self.event(app, Call("POST", f"/apps/{app.id}/events", (), body), {})
        return reply.body

    async def channel_event(self, app: App, call: Call, in_path: PathParameters) -> Reply:
        draft = read_channel_event(call, in_path["channel"], app, self._limits)

        async def deliver() -> Reply:
            self._node.publish(draft.publication)
            return Reply(_NOTHING, status=202)

        return await self._once(draft.mark, deliver, status=202)

    async def batch(self, app: App, call: Call, _in_path: PathParameters) -> Reply:
        batch = read_batch(call, app, self._limits)

        async def deliver() -> Reply:
            return await self._deliver_all(batch.drafts)

        return await self._once(batch.mark, deliver, status=200)

    async def _once(
        self, mark: Mark | None, deliver: Callable[[], Awaitable[Reply]], *, status: int
    ) -> Reply:
        if mark is None:
            return await deliver()
        before = await self._store.claim(mark)
        if before is not None:
            return Reply(before, status, is_replayed=True)
        try:
            reply = await deliver()
        except BaseException:
            await self._store.release(mark)
            raise
        await self._store.keep(mark, reply.body)
        return reply

    async def _deliver_all(self, drafts: Sequence[Draft]) -> Reply:
        """Deliver the events whose keys are new. Nothing is delivered before all are claimed."""
        known = await self._claim_all(drafts)
        is_replayed = bool(drafts) and all(d.mark is not None and d.mark in known for d in drafts)
        answers = []
        try:
            for draft in drafts:
                answer = known.get(draft.mark) if draft.mark is not None else None
                if answer is None:
                    self._node.publish(draft.publication)
                    answer = _encode(self._attributes(draft, draft.publication.channels[0]))
                    if draft.mark is not None:
                        known[draft.mark] = answer
                        await self._store.keep(draft.mark, answer)
                answers.append(msgspec.Raw(answer))
        except BaseException:
            await self._release({d.mark for d in drafts if d.mark} - known.keys())
            raise
        is_asked = any(draft.attributes for draft in drafts)
        return Reply(_encode({"batch": answers}) if is_asked else _NOTHING, is_replayed=is_replayed)

    async def _claim_all(self, drafts: Sequence[Draft]) -> dict[Mark, bytes]:
        """Claim the keys of a batch, and return the answers to those that were used before."""
        marks: dict[str, Mark] = {}
        for draft in drafts:
            if draft.mark is not None:
                require_same(marks.setdefault(draft.mark.key, draft.mark), draft.mark)
        known: dict[Mark, bytes] = {}
        claimed: list[Mark] = []
        try:
            for mark in marks.values():
                answer = await self._store.claim(mark)
                if answer is None:
                    claimed.append(mark)
                else:
                    known[mark] = answer
        except BaseException:
            await self._release(claimed)
            raise
        return known

    async def _release(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            await self._store.release(mark)

    def _attributes_of_channels(self, draft: Draft) -> bytes:
        if not draft.attributes:
            return _NOTHING
        channels = draft.publication.channels
        return _encode({"channels": {name: self._attributes(draft, name) for name in channels}})

    def _attributes(self, draft: Draft, channel: str) -> dict[str, Any]:
        space = self._node.hub.space(draft.publication.app_id)
        return attributes_of(space, channel, draft.attributes)
