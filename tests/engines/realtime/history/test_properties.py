"""Whatever happens: who recovers hears everything once and in order, or is told that it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kabar.engines.realtime.apps.history_rules import HistoryRule
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.history.support import app_with, event
from tests.engines.realtime.history.test_memory import require_consistent
from tests.engines.realtime.support import ListSocket, Loopless, frame
from tests.engines.realtime.test_properties import json_values

PEOPLE = 3
SIZE = 4
CHANNELS = ["private-a", "private-b"]
AMPLE = 1 << 20


@dataclass
class Progress:
    """What a client knows of a channel, and what the test knows of the client."""

    epoch: str
    offset: int
    #: how much had been said when it began to hear all of it
    since: int
    received: list[str] = field(default_factory=list)


@dataclass
class Person:
    """A client with the plug-in: it remembers the last place of each channel."""

    socket: ListSocket
    own_sockets: set[str] = field(default_factory=set)
    progress: dict[str, Progress] = field(default_factory=dict)


class Story:
    """What happens, and all that was ever said."""

    def __init__(self, max_bytes: int) -> None:
        app = app_with(HistoryRule(prefix="private-", size=SIZE, seconds=50))
        limits = RealtimeLimits(max_history_bytes=max_bytes)
        self.loopless = Loopless(app, limits=limits)
        # As small as can be, so that much happens between two of them.
        self.loopless.node.hub.fan_out._slice_size = 1
        self.said: dict[str, list[tuple[str, str | None]]] = {name: [] for name in CHANNELS}
        self.places: dict[tuple[str, str, int], str] = {}
        self.may_forget = max_bytes < AMPLE
        self.people = [Person(self._socket()) for _ in range(PEOPLE)]
        for who, person in enumerate(self.people):
            self._own(person)
            self.subscribe(who, CHANNELS[0], recover=False)

    def publish(self, names: list[str], by: int | None) -> None:
        socket_id = None if by is None else self.people[by].socket.connection.socket_id
        data = str(sum(map(len, self.said.values())))
        for name in names:
            self.said[name].append((data, socket_id))
        self.loopless.node.publish(event(*names, data=data, except_socket=socket_id))

    def say(self, who: int, channel: str) -> None:
        person = self.people[who]
        if channel in person.socket.connection.subscriptions:
            data = str(sum(map(len, self.said.values())))
            self.said[channel].append((data, person.socket.connection.socket_id))
            self.loopless.say(person.socket, frame("client-e", data, channel=channel))

    def subscribe(self, who: int, channel: str, *, recover: bool) -> None:
        person = self.people[who]
        if channel in person.socket.connection.subscriptions:
            return
        self.listen(person)
        replay: dict[str, Any] = {}
        progress = person.progress.get(channel)
        if recover and progress is not None:
            replay["recover"] = {"epoch": progress.epoch, "offset": progress.offset}
        self.loopless.subscribe(person.socket, channel, **replay)
        succeeded, *events = person.socket.heard
        assert succeeded["event"] == "pusher_internal:subscription_succeeded"
        said = self.said[channel]
        if replay and progress is not None:
            if not self.may_forget:
                assert succeeded["recovered"] is (len(said) - progress.offset <= SIZE)
            if succeeded["recovered"]:
                assert (succeeded["epoch"], succeeded["offset"]) == (
                    progress.epoch,
                    progress.offset,
                )
        if not succeeded.get("recovered"):
            assert events == []
            progress = Progress(succeeded["epoch"], succeeded["offset"], len(said))
            person.progress[channel] = progress
        for each in events:
            self._receive(person, each)

    def unsubscribe(self, who: int, channel: str) -> None:
        person = self.people[who]
        if channel in person.socket.connection.subscriptions:
            self.listen(person)
            self.loopless.say(person.socket, frame("pusher:unsubscribe", {"channel": channel}))

    def reconnect(self, who: int) -> None:
        person = self.people[who]
        self.listen(person)
        person.socket.close(1006, "")
        person.socket = self._socket()
        self._own(person)

    def wait(self, seconds: int) -> None:
        self.may_forget = True
        self.loopless.turns.pass_time(seconds)

    def listen(self, person: Person) -> None:
        for each in person.socket.heard:
            assert each["channel"] in person.socket.connection.subscriptions
            self._receive(person, each)

    def require_all_heard(self) -> None:
        """Who is on a channel now has had everything since it began, once and in order."""
        self.loopless.turns.take_all()
        for person in self.people:
            self.listen(person)
            for channel in person.socket.connection.subscriptions:
                progress = person.progress[channel]
                said = iter(self.said[channel][progress.since :])
                for data in progress.received:
                    for expected, by in said:
                        if data == expected:
                            break
                        assert by in person.own_sockets, (channel, expected, progress.received)
                    else:
                        raise AssertionError(f"{data} came twice, or out of order")
                assert all(by in person.own_sockets for _, by in said)

    def _receive(self, person: Person, told: dict[str, Any]) -> None:
        progress = person.progress[told["channel"]]
        place = (told["channel"], told["epoch"], told["offset"])
        assert self.places.setdefault(place, told["data"]) == told["data"]
        progress.epoch, progress.offset = told["epoch"], told["offset"]
        progress.received.append(told["data"])

    def _socket(self) -> ListSocket:
        return self.loopless.connect(self.loopless.node.apps.own)

    def _own(self, person: Person) -> None:
        person.own_sockets.add(person.socket.connection.socket_id)


someone = st.integers(0, PEOPLE - 1)
somewhere = st.sampled_from(CHANNELS)
publishes = st.tuples(
    st.just("publish"),
    st.lists(somewhere, min_size=1, max_size=2, unique=True),
    st.none() | someone,
)
joins = st.tuples(st.just("subscribe"), someone, somewhere, st.booleans())
deeds = st.one_of(
    publishes,
    publishes,
    joins,
    joins,
    st.tuples(st.just("say"), someone, somewhere),
    st.tuples(st.just("unsubscribe"), someone, somewhere),
    st.tuples(st.just("return"), someone, somewhere),
    st.tuples(st.just("reconnect"), someone),
    st.tuples(st.just("turn")),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 60])),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(deeds, max_size=60), st.sampled_from([AMPLE, 4_000]))
def test_who_recovers_hears_everything_once_and_in_order_or_knows(
    deeds: list[tuple[Any, ...]], max_bytes: int
) -> None:
    story = Story(max_bytes)
    for what, *how in deeds:
        match what:
            case "publish":
                story.publish(*how)
            case "say":
                story.say(*how)
            case "subscribe":
                story.subscribe(how[0], how[1], recover=how[2])
            case "unsubscribe":
                story.unsubscribe(*how)
            case "return":
                story.unsubscribe(*how)
                story.subscribe(*how, recover=True)
            case "reconnect":
                story.reconnect(*how)
            case "turn":
                story.loopless.turns.take_one()
            case "wait":
                story.wait(*how)
    story.require_all_heard()
    # At last everybody comes back to where they have been.
    for who in range(PEOPLE):
        story.reconnect(who)
        for channel in story.people[who].progress:
            story.subscribe(who, channel, recover=True)
    story.require_all_heard()
    require_consistent(story.loopless.node.hub.space("1").history)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(
    json_values | st.fixed_dictionaries({"epoch": json_values, "offset": json_values}), json_values
)
def test_whatever_replay_is_asked_for_is_answered(recover: object, rewind: object) -> None:
    loopless = Loopless(app_with(HistoryRule(prefix="")))
    loopless.node.publish(event("x"))
    socket = loopless.connect(loopless.node.apps.own)
    loopless.subscribe(socket, "x", recover=recover, rewind=rewind)
    loopless.turns.take_all()
    first, *more = [each["event"] for each in socket.heard]
    assert first in {"pusher:error", "pusher_internal:subscription_succeeded"}
    assert more in ([], ["e"])
    assert socket.closed is None
