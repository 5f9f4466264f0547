"""Publishing over HTTP: delivers the events of a call, once for each idempotency key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.http_api.calls import Rejection, Reply, VerifiedCall
from kabar.engines.realtime.http_api.claimed_keys import IdempotencyStore, Mark, require_same
from kabar.engines.realtime.http_api.drafts import Draft, read_batch, read_channel_event, read_event
from kabar.engines.realtime.http_api.occupancy import attributes_of
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.node.node import Node


class Triggered(NamedTuple):
    """An event that was published for somebody who need not sign it."""

    #: the JSON that the call answers
    answer: bytes
    name: str
    channels: Sequence[str]


#: takes the body of `POST …/events` for an app
Trigger = Callable[[App, bytes], Awaitable[Triggered]]

_NOTHING = b"{}"
_encode = msgspec.json.Encoder().encode


class Publishing:
    """Answers the calls that publish."""

    def __init__(self, node: Node, store: IdempotencyStore, limits: RealtimeLimits) -> None:
        self._node = node
        self._store = store
        self._limits = limits

    async def event(self, call: VerifiedCall) -> Reply:
        return await self._publish(read_event(call, self._limits))

    async def _publish(self, draft: Draft) -> Reply:
        async def deliver() -> Reply:
            self._node.publish(draft.publication)
            return Reply(self._attributes_of_channels(draft))

        return await self._once(draft.mark, deliver, status=200)

    async def trigger(self, app: App, body: bytes) -> Triggered:
        """Publish what `POST …/events` takes, for somebody who need not sign it.

        Raises the `Rejection` that the call would get.
        """
        if not app.enabled:
            raise Rejection(403, "App disabled")
        draft = read_event(VerifiedCall(app=app, body=body), self._limits)
        reply = await self._publish(draft)
        return Triggered(reply.body, draft.publication.event, draft.publication.channels)

    async def channel_event(self, call: VerifiedCall) -> Reply:
        draft = read_channel_event(call, self._limits)

        async def deliver() -> Reply:
            self._node.publish(draft.publication)
            return Reply(_NOTHING, status=202)

        return await self._once(draft.mark, deliver, status=202)

    async def batch(self, call: VerifiedCall) -> Reply:
        batch = read_batch(call, self._limits)

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
