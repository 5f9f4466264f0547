"""Do many people at once, and many channels, cost what they should?"""

# `python -m bench.crowds`: the server on core 0, the crowd on core 1, everything on loopback.

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import aiohttp

from bench.guests import Crowd, Guest
from bench.machine import (
    APP_KEY,
    APP_SECRET,
    Server,
    cpu_seconds,
    resident_kb,
    serving_kabar,
)
from kabar.engines.realtime.protocol import signing

GUESTS = 5_000
MEMBERS = 100
LISTENERS = 1_000
CHANNELS_EACH = 100
EVENTS = 300


@dataclass(frozen=True)
class Arrival:
    """Everybody connects, signs in and joins a presence channel, as fast as they can."""

    guests: int
    seconds: float
    lost: int
    #: of the channel's members, told to those who were there before
    told: int
    #: what it would be with one frame for each member who was there
    told_at_best: int
    cpu: float


@dataclass(frozen=True)
class Spread:
    """Many channels with one subscriber each."""

    channels: int
    seconds: float
    #: resident memory of a subscription to a channel of its own
    bytes_each: float
    #: milliseconds from the call to its subscriber: on the first channel, and on one of them all
    alone_ms: float
    among_all_ms: float


def arrival() -> Arrival:
    with _kabar_alone() as server:
        return asyncio.run(_arrive(server))


def spread() -> Spread:
    with _kabar_alone() as server:
        return asyncio.run(_spread(server))


@contextmanager
def _kabar_alone() -> Iterator[Server]:
    """Run Kabar on core 0, and the crowd, which is this process, on core 1."""
    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as folder, serving_kabar(Path(folder)) as server:
        os.sched_setaffinity(0, {1})
        try:
            yield server
        finally:
            os.sched_setaffinity(0, cores)


# ── everybody arrives ────────────────────────────────────────────────────────────────────────


async def _arrive(server: Server) -> Arrival:
    crowd = Crowd(server)
    cpu, start = cpu_seconds(server.pid), time.perf_counter()

    async def come(number: int) -> None:
        guest = await crowd.let_in()
        user_data = json.dumps({"id": f"user-{number}"})
        text = signing.sign_in_text(guest.socket_id, user_data)
        guest.say("pusher:signin", auth=_signed(text), user_data=user_data)
        channel = f"presence-room-{number // MEMBERS}"
        data = json.dumps({"user_id": f"user-{number}", "user_info": {"name": f"User {number}"}})
        text = signing.subscription_text(guest.socket_id, channel, data)
        guest.say("pusher:subscribe", channel=channel, auth=_signed(text), channel_data=data)
        await guest.heard(b"pusher_internal:subscription_succeeded")

    await crowd.gather(come, GUESTS)
    seconds = time.perf_counter() - start
    told_at_best = GUESTS * (MEMBERS - 1) // 2
    await crowd.settle(lambda: crowd.count(b"pusher_internal:member_added") >= told_at_best)
    found = Arrival(
        guests=GUESTS,
        seconds=seconds,
        lost=crowd.lost,
        told=crowd.count(b"pusher_internal:member_added"),
        told_at_best=told_at_best,
        cpu=cpu_seconds(server.pid) - cpu,
    )
    crowd.leave()
    return found


# ── a channel for everybody ──────────────────────────────────────────────────────────────────


async def _spread(server: Server) -> Spread:
    crowd = Crowd(server)
    guests: list[Guest] = []

    async def come(_number: int) -> None:
        guests.append(await crowd.let_in())

    await crowd.gather(come, LISTENERS)
    async with aiohttp.ClientSession() as http:
        await guests[0].subscribe(["c-0-0"])
        alone = await _event_ms(http, server, guests[0], "c-0-0")
        memory, start = resident_kb(server.pid), time.perf_counter()
        names = [
            [f"c-{number}-{index}" for index in range(CHANNELS_EACH)] for number in range(LISTENERS)
        ]
        names[0].remove("c-0-0")
        await asyncio.gather(*(each.subscribe(n) for each, n in zip(guests, names, strict=True)))
        seconds = time.perf_counter() - start
        grown = resident_kb(server.pid) - memory
        among_all = await _event_ms(http, server, guests[LISTENERS // 2], names[LISTENERS // 2][50])
    channels = LISTENERS * CHANNELS_EACH
    crowd.leave()
    if crowd.lost:
        raise RuntimeError(f"{crowd.lost} of {LISTENERS} connections were lost")
    return Spread(channels, seconds, grown * 1024 / channels, alone, among_all)


async def _event_ms(
    http: aiohttp.ClientSession, server: Server, guest: Guest, channel: str
) -> float:
    """Return how long an event takes to its subscriber, the call included; the median of many."""
    took = []
    for number in range(EVENTS):
        heard = guest.heard(b"e", count=number + 1)
        start = time.perf_counter()
        await _trigger(http, server, channel)
        await heard
        took.append((time.perf_counter() - start) * 1e3)
    return median(took)


async def _trigger(http: aiohttp.ClientSession, server: Server, channel: str) -> None:
    body = json.dumps({"name": "e", "channel": channel, "data": "{}"}).encode()
    path = "/apps/1/events"
    query = [
        ("auth_key", APP_KEY),
        ("auth_timestamp", str(int(time.time()))),
        ("auth_version", "1.0"),
        ("body_md5", signing.body_md5(body)),
    ]
    signature = signing.sign(APP_SECRET, signing.http_text("POST", path, query))
    url = f"http://127.0.0.1:{server.port}{path}?{urlencode(query)}&auth_signature={signature}"
    async with http.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
        if answer.status != 200:
            raise RuntimeError(await answer.text())


def _signed(text: str) -> str:
    return f"{APP_KEY}:{signing.sign(APP_SECRET, text)}"


def show(arrived: Arrival, spread_out: Spread) -> str:
    """Return what a terminal shows."""
    return (
        f"{arrived.guests:,} sign in and join presence: {arrived.seconds:.1f} s, "
        f"{arrived.lost} lost, {arrived.told:,} of {arrived.told_at_best:,} arrivals told\n"
        f"{spread_out.channels:,} channels: {spread_out.seconds:.1f} s, "
        f"{spread_out.bytes_each:.0f} bytes each; an event {spread_out.alone_ms:.2f} ms "
        f"alone, {spread_out.among_all_ms:.2f} ms among all"
    )


if __name__ == "__main__":
    sys.stdout.write(show(arrival(), spread()) + "\n")
