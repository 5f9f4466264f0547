"""Whatever clients send, in whatever order: the engine stays consistent, and others unharmed."""

from __future__ import annotations

import json
from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kabar.core.events import Publication
from kabar.engines.broker import Outdated
from kabar.engines.realtime.connection.effects import Close
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.support import (
    APP,
    OTHER_APP,
    ListSocket,
    Loopless,
    frame,
    join_as,
    sign_in,
    subscribe,
)

PEOPLE = 4
CHANNELS = [
    *("a", "private-a", "presence-a", "presence-b", "user-1", "#server-to-user-1", "a b"),
    *("cache-a", "presence-cache-a", "private-encrypted-a"),
]
USERS = ["1", "2"]
#: where somebody listens who says nothing
WITNESSED = ["a", "cache-a", "presence-b"]
EVERYTHING = msgspec.structs.replace(APP, subscription_count=True)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["event", "data", "channel", "auth", "channel_data", "user_data", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)

#: what somebody says, given the socket id
texts = st.one_of(
    st.builds(lambda text: lambda _id: text, st.text(max_size=60)),
    st.builds(lambda value: lambda _id: json.dumps(value), json_values),
    st.builds(
        lambda event, data, channel: lambda _id: frame(event, data, channel=channel),
        st.sampled_from(
            ["pusher:subscribe", "pusher:unsubscribe", "pusher:signin", "client-a", "pusher:ping"]
        ),
        json_values,
        st.sampled_from(CHANNELS) | json_values,
    ),
    st.builds(
        lambda channel: lambda id_: subscribe(channel, socket_id=id_), st.sampled_from(CHANNELS)
    ),
    st.builds(
        lambda channel, socket_id, app: (
            lambda id_: subscribe(channel, socket_id=socket_id or id_, app=app)
        ),
        st.sampled_from(CHANNELS),
        st.sampled_from(["", "1.1"]),
        st.sampled_from([APP, OTHER_APP]),
    ),
    st.builds(
        lambda channel, data: lambda _id: frame("client-a", data, channel=channel),
        st.sampled_from(CHANNELS),
        json_values,
    ),
    st.builds(
        lambda user, channel: lambda id_: join_as(user, channel, socket_id=id_),
        st.sampled_from(USERS),
        st.sampled_from(["presence-a", "presence-b", "presence-cache-a"]),
    ),
    st.builds(
        lambda channel: lambda _id: frame("pusher:unsubscribe", {"channel": channel}),
        st.sampled_from(CHANNELS),
    ),
    st.builds(
        lambda user, watchlist: (
            lambda id_: sign_in({"id": user, "watchlist": watchlist}, socket_id=id_)
        ),
        st.sampled_from(USERS),
        st.lists(st.sampled_from(["1", "2", "3"]), max_size=4) | st.none(),
    ),
)

says = st.tuples(st.just("say"), st.integers(0, PEOPLE - 1), texts)
happens = st.one_of(
    says,
    says,
    says,
    st.tuples(st.just("leave"), st.integers(0, PEOPLE - 1), st.none()),
    st.tuples(st.just("revoke"), st.sampled_from(CHANNELS), st.sampled_from(USERS)),
    st.tuples(st.just("identify"), st.integers(0, PEOPLE - 1), st.sampled_from(USERS)),
    st.tuples(st.just("sign"), st.integers(0, PEOPLE - 1), st.sampled_from(USERS)),
    st.tuples(st.just("outdate"), st.none(), st.sampled_from(USERS)),
    st.tuples(st.just("publish"), st.sampled_from(CHANNELS), st.none()),
    st.tuples(st.just("turn"), st.none(), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 6.0]), st.none()),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(happens, max_size=40))
def test_any_story_leaves_hub_presence_and_counts_consistent(story) -> None:  # type: ignore[no-untyped-def]
    loopless = Loopless(
        EVERYTHING,
        OTHER_APP,
        limits=RealtimeLimits(max_presence_members=2, cache_seconds=5.0),
        guarded=("user-",),
        can_identify=True,
    )
    people = [loopless.connect() for _ in range(PEOPLE)]
    witness, stranger = loopless.connect(), loopless.connect(OTHER_APP)
    for channel in WITNESSED:
        loopless.subscribe(witness, channel, **as_witness(channel))
    loopless.turns.take_all()
    everybody = [*people, witness, stranger]
    for socket in everybody:
        socket.frames.clear()

    for what, who, how in story:
        spoke: list[ListSocket] = []
        match what:
            case "say":
                spoke = [people[who]]
                loopless.say(people[who], how(people[who].connection.socket_id))
            case "leave":
                spoke = [people[who]]
                people[who].close(1000, "")
            case "revoke":
                spoke = people
                for socket in people:
                    if socket.closed is None:
                        loopless.node.perform(socket, socket.connection.revoke(who, how))
            case "sign":
                if people[who].closed is None:
                    loopless.sign(people[who], how, "private-a")
            case "outdate":
                spoke = people
                loopless.broker.publish(Outdated(EVERYTHING.id, how))
            case "identify":
                spoke = [people[who]]
                answer(loopless, people[who], how)
            case "publish":
                loopless.node.publish(server_event(who))
            case "turn":
                loopless.turns.take_one()
            case "wait":
                loopless.turns.pass_time(who)
        for socket in spoke:
            socket.frames.clear()
        require_unharmed(everybody)
        require_consistent(loopless, everybody)

    # Whatever was said: those who listened still do.
    loopless.turns.take_all()
    require_unharmed([witness, stranger])
    loopless.node.publish(server_event("a"))
    loopless.turns.take_all()
    assert [each["event"] for each in witness.heard] == ["e"]
    assert stranger.heard == []
    for socket in everybody:
        socket.close(1000, "")
    loopless.turns.pass_time(10.0)
    for app in (EVERYTHING, OTHER_APP):
        space = loopless.node.hub.space(app.id)
        assert [space.by_id, space.by_user, space.channels, space.presence._rosters] == [{}] * 4
        assert [space.counts._totals, space.online._totals, space.watchers._by_user] == [{}] * 3
        assert [space.counts._by_node, space.online._by_node] == [{}] * 2
        assert space.cache._missed == set()
    assert loopless.node.stats.connections == 0


def as_witness(channel: str) -> dict[str, str]:
    is_presence = channel.startswith("presence-")
    return {"channel_data": json.dumps({"user_id": "witness"})} if is_presence else {}


def server_event(channel: str) -> Publication:
    return Publication(channels=(channel,), event="e", data="d", app_id=EVERYTHING.id)


def require_unharmed(bystanders: list[ListSocket]) -> None:
    """Who did nothing is told only of the channels it is on, or of those it watches."""
    for socket in bystanders:
        for heard in socket.heard:
            event, channel = heard["event"], heard.get("channel")
            if event == "pusher_internal:watchlist_events":
                assert channel is None
                continue
            assert channel in socket.connection.subscriptions
            assert event in {
                "e",
                "client-a",
                "pusher_internal:member_added",
                "pusher_internal:member_removed",
                "pusher_internal:subscription_count",
            }


def answer(loopless: Loopless, socket: ListSocket, user_id: str) -> None:
    """The product says whose handshake it was, if it was asked."""
    if socket.asked is not None and socket.closed is None:
        loopless.answer(socket, user_id, may_hear=socket.asked == f"user-{user_id}")


def require_consistent(loopless: Loopless, sockets: list[ListSocket]) -> None:
    """What connections, hub and presence know is the same."""
    open_sockets = [socket for socket in sockets if socket.closed is None]
    assert loopless.node.stats.connections == len(open_sockets)
    assert [s.closed for s in sockets[PEOPLE:]] == [None, None]
    for app in (EVERYTHING, OTHER_APP):
        space = loopless.node.hub.space(app.id)
        ours = [socket for socket in open_sockets if socket.connection.app is app]
        listening = {
            name: {s for s in ours if name in s.connection.subscriptions}
            for socket in ours
            for name in socket.connection.subscriptions
        }
        assert {name: {*each.listeners} for name, each in space.channels.items()} == listening
        assert {name: space.counts.of(name) for name in space.counts} == {
            name: len(listeners) for name, listeners in listening.items()
        }
        for name, listeners in listening.items():
            members = {s.connection.subscriptions[name] for s in listeners} - {None}
            assert {m.user_id for m in members if m} == {
                member.user_id for member in space.presence.members(name)
            }
        signed_in = [s.connection.user.user_id for s in ours if s.connection.user]
        assert {user_id: space.online.of(user_id) for user_id in space.online} == Counter(signed_in)
        assert set(space.watchers._watched) <= set(ours)
        assert space.quota._used == len(ours)
        for user_id, theirs in space.by_user.items():
            assert theirs
            assert all(user_id in s.connection.holding.asked for s in theirs)


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, max_size=20))
def test_every_frame_gets_json_or_nothing_back_and_never_an_exception(story) -> None:  # type: ignore[no-untyped-def]
    loopless = Loopless()
    socket = loopless.connect()
    for say in story:
        effects = []
        if socket.closed is None:
            effects = socket.connection.receive(say(socket.connection.socket_id), 0.0)
            loopless.node.perform(socket, effects)
        assert not any(isinstance(effect, Close) for effect in effects)
        for heard in socket.heard:
            assert set(heard) <= {"event", "channel", "data", "user_id"}
            assert isinstance(heard["data"], dict if heard["event"] == "pusher:error" else str)
