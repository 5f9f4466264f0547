"""ClamAV is asked as its protocol says, and nothing is let through that nobody has looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kabar.infra.scanning import InfectedFile, Scanner, ScannerAway

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def clamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as clamd does: `zINSTREAM`, pieces with their lengths, an empty one at the end."""
    try:
        if await reader.readuntil(b"\0") != b"zINSTREAM\0":
            writer.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
            if len(content) > 1_000_000:
                writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = b"Eicar-Signature FOUND" if EICAR in content else b"OK"
        writer.write(b"stream: " + found + b"\0")
    finally:
        writer.close()


@asynccontextmanager
async def listening(serve: Serve, path: Path | None = None) -> AsyncIterator[str]:
    """Yield the address of a server that serves so."""
    if path is not None:
        server = await asyncio.start_unix_server(serve, path)
        address = f"unix://{path}"
    else:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        address = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield address


def write(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("is_unix", [False, True])
async def test_what_harms_is_refused_and_the_rest_is_not(tmp_path: Path, *, is_unix: bool) -> None:
    async with listening(clamd, tmp_path / "clamd" if is_unix else None) as address:
        scanner = Scanner(address)

        await scanner.require_harmless(write(tmp_path, b"harmless" * 20_000))
        with pytest.raises(InfectedFile):
            await scanner.require_harmless(write(tmp_path, b"x" * 200_000 + EICAR))


async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\0")
    writer.write(b"stream: maybe\0")
    writer.close()


@pytest.mark.parametrize(
    ("serve", "size"), [(hang_up, 10), (talk_nonsense, 10), (clamd, 2_000_000)]
)
async def test_what_nobody_has_looked_at_is_refused_unless_told_otherwise(
    tmp_path: Path, serve: Serve, size: int
) -> None:
    file = write(tmp_path, b"x" * size)
    async with listening(serve) as address:
        with pytest.raises(ScannerAway):
            await Scanner(address).require_harmless(file)
        await Scanner(address, is_required=False).require_harmless(file)


async def test_where_nobody_listens_nothing_is_let_through(tmp_path: Path) -> None:
    file = write(tmp_path, b"x")
    for address in (f"unix://{tmp_path}/nobody", "tcp://127.0.0.1:1"):
        with pytest.raises(ScannerAway):
            await Scanner(address).require_harmless(file)
        await Scanner(address, is_required=False).require_harmless(file)
