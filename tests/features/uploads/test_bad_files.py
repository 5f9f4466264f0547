"""What strangers send as files: a clear error, nothing half written, and nothing that runs."""

from __future__ import annotations

import asyncio
import io
import zipfile
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from kabar.core.settings import Settings
from kabar.features.uploads.models import Upload
from kabar.server.app import Kabar
from tests.features.chat.talk import did, refused
from tests.features.uploads.files import (
    HTML,
    PDF,
    SVG,
    archive,
    as_image,
    fetch,
    kept_in,
    moving,
    picture,
    send_file,
    upload,
)
from tests.people import Person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def assert_nothing_stays(kabar: Kabar) -> None:
    assert kept_in(kabar) == []
    assert await kabar.db.read(lambda tx: tx.execute(select(Upload.id)).all()) == []


class TestPictures:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"image_max_frames": 50})

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (archive(), "not_a_picture"),
            (SVG, "not_a_picture"),
            (HTML, "not_a_picture"),
            (b"\x89PNG\r\n\x1a\n", "not_a_picture"),
            (picture(size=(10_000, 10_001)), "picture_too_large"),
            (moving(10_000), "picture_too_long"),
        ],
        ids=["archive", "svg", "html", "beginning", "100 megapixels", "10,000 frames"],
    )
    async def test_what_is_called_a_picture_and_is_none_to_show_is_refused(
        self, kabar: Kabar, ann: Person, content: bytes, code: str
    ) -> None:
        assert refused(await send_file(ann, content, "cat.png", "image/png")) == (422, code)
        await assert_nothing_stays(kabar)


def zip_bomb() -> bytes:
    """Two hundred megabytes of nothing, in two hundred kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for number in range(2):
            opened.writestr(f"{number}.txt", bytes(100 << 20))
    return out.getvalue()


async def test_a_zip_bomb_is_a_file_that_nobody_unpacks(kabar: Kabar, ann: Person) -> None:
    bomb = zip_bomb()

    file = await upload(ann, bomb, "backup.zip")

    assert (file["mediaType"], file["size"]) == ("application/zip", len(bomb))
    assert len(kept_in(kabar)) == 1
    assert (await fetch(ann, file["url"])).headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("chunk", [b"zTXt", b"iCCP"])
async def test_a_picture_with_a_bomb_beside_its_pixels_harms_nobody(
    ann: Person, chunk: bytes
) -> None:
    plain = picture()
    packed = chunk + b"name\0\0" + zlib.compress(bytes(300 << 20), 9)
    body = len(packed[4:]).to_bytes(4, "big") + packed + zlib.crc32(packed).to_bytes(4, "big")
    # Behind the first chunk, which says how large the picture is.
    bomb = plain[:33] + body + plain[33:]

    answer = await send_file(ann, bomb, "cat.png", "image/png")

    if answer.status_code != 422:
        kept = await fetch(ann, did(answer, 201)["url"])
        assert len(kept.content) < 10_000, "of what was beside them nothing is left"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "a.svg"),
        (HTML, "a.html"),
        (HTML, "a"),
        (b"\xef\xbb\xbf" + SVG, "a.txt"),
        (PDF, "a.pdf"),
        (b"MZ\x90\0", "a.exe"),
        (archive(), "a.zip"),
    ],
)
async def test_what_could_run_in_a_page_is_only_ever_saved(
    ann: Person, content: bytes, name: str
) -> None:
    file = await upload(ann, content, name, media_type="text/html")

    answer = await fetch(ann, file["url"])

    assert answer.content == content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_of_a_polyglot_only_the_picture_is_left(ann: Person) -> None:
    both = picture("JPEG") + archive() + HTML

    file = await upload(ann, both, "page.html", media_type="text/html")

    assert (file["name"], file["mediaType"]) == ("page.html.jpg", "image/jpeg")
    answer = await fetch(ann, file["url"])
    assert as_image(answer.content).size == (64, 48)
    assert b"<script" not in answer.content
    assert b"PK\x03\x04" not in answer.content


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\plan.txt", "plan.txt"),
        ("a%0D%0Ab: c.txt", "a b: c.txt"),
        ("n" * 1000 + ".txt", "n" * 150 + ".txt"),
        ("..", "file"),
        ("   ", "file"),
        ("\u202etxt.exe", "txt.exe"),
        ("日本語 😀.txt", "日本語 😀.txt"),
        ('quo"te.txt', 'quo"te.txt'),
    ],
)
async def test_a_name_is_a_line_and_no_path(ann: Person, given: str, kept: str) -> None:
    form = (
        '--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + given.replace("\\", "\\\\").replace('"', '\\"')
        + '"\r\n\r\nhello\r\n--b--\r\n'
    )
    answer = await ann.browser.post(
        "/api/uploads",
        content=form.encode(),
        headers={"content-type": "multipart/form-data; boundary=b"},
    )

    assert answer.json()["name"] == kept
    header = (await fetch(ann, answer.json()["url"])).headers["content-disposition"]
    assert header.isascii()
    assert "\n" not in header
    assert header.startswith("attachment; filename=")


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        (b"", 400, "malformed_form"),
        (b"nonsense", 400, "malformed_form"),
        (b"--b--\r\n", 422, "invalid"),
        (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nhal', 400, "malformed_form"),
        (
            b'--b\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nx\r\n--b--',
            422,
            "invalid",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\r\n--b--',
            422,
            "invalid",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n' * 2
            + b"--b--",
            422,
            "invalid",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n' * 20 + b"--b--",
            413,
            "file_too_large",
        ),
        (b"--b\r\n" + b"X: " + b"y" * 9000 + b"\r\n\r\n\r\n--b--", 413, "file_too_large"),
    ],
)
async def test_what_is_no_form_with_a_file_is_refused(
    kabar: Kabar, ann: Person, form: bytes, status: int, code: str
) -> None:
    answer = await ann.browser.post(
        "/api/uploads",
        content=form,
        headers={"content-type": "multipart/form-data; boundary=b"},
    )

    assert refused(answer) == (status, code)
    await assert_nothing_stays(kabar)


async def test_json_is_no_form(ann: Person) -> None:
    assert refused(await ann.post("/api/uploads", {})) == (415, "not_multipart")


async def test_cut_off_half_way_nothing_stays(kabar: Kabar, ann: Person) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    came = iter(
        [
            {"type": "http.request", "body": head + b"x" * 1_000_000, "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    there: list[int] = []
    sent: list[Any] = []

    async def receive() -> Any:
        there.append(sum((kabar.folder.path / name).stat().st_size for name in kept_in(kabar)))
        return next(came)

    async def send(message: Any) -> None:
        sent.append(message)

    cookie = "; ".join(f"{each.name}={each.value}" for each in ann.browser.cookies.jar)
    headers = {"content-type": "multipart/form-data; boundary=b", "cookie": cookie}
    scope: Any = {
        "type": "http",
        "method": "POST",
        "path": "/api/uploads",
        "raw_path": b"/api/uploads",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("kabar.test", 80),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
    }
    with capture_logs() as logs:
        await kabar.asgi(scope, receive, send)

    # Half of it was there, and is no more.
    assert there == [0, 1_000_000]
    assert sent[0]["status"] == 400
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
    await assert_nothing_stays(kabar)


class TestLimits:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(
            update={
                "upload_max_bytes": 100_000,
                "upload_types": ("image/*", "application/pdf"),
                "uploads_at_once_per_user": 2,
                "uploads_at_once": 3,
            }
        )

    async def test_a_file_has_a_largest_size(self, kabar: Kabar, ann: Person) -> None:
        at_most = await send_file(ann, PDF + b"x" * (100_000 - len(PDF)), "a.pdf")
        assert at_most.status_code == 201
        await ann.delete(f"/api/uploads/{at_most.json()['id']}")
        # One is said to be too large, the other is found to be.
        for size in (100_001, 1_000_000):
            answer = await send_file(ann, PDF + b"x" * (size - len(PDF)), "a.pdf")
            assert refused(answer) == (413, "file_too_large")

    async def test_what_is_allowed_is_judged_by_what_is_in_it(
        self, kabar: Kabar, ann: Person
    ) -> None:
        assert (await send_file(ann, PDF, "a.txt", "text/plain")).status_code == 201
        assert (await send_file(ann, picture(), "a.txt", "text/plain")).status_code == 201
        answer = await send_file(ann, archive(), "a.pdf", "application/pdf")
        assert refused(answer) == (415, "file_type_not_allowed")

    async def test_who_sends_slowly_holds_up_only_themselves(
        self, kabar: Kabar, ann: Person, ben: Person, cleo: Person
    ) -> None:
        going_on = asyncio.Event()

        def begin(person: Person) -> asyncio.Task[object]:
            async def slowly() -> AsyncIterator[bytes]:
                yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
                yield PDF
                await going_on.wait()
                yield b"\r\n--b--\r\n"

            sending = person.browser.post(
                "/api/uploads",
                content=slowly(),
                headers={"content-type": "multipart/form-data; boundary=b"},
            )
            return asyncio.ensure_future(sending)

        tasks = [begin(ann), begin(ann)]
        while len(kept_in(kabar)) < 2:
            await asyncio.sleep(0)
        assert refused(await send_file(ann, PDF)) == (429, "too_many_requests")
        assert (await send_file(ben, PDF)).status_code == 201
        tasks.append(begin(ben))
        while len(kept_in(kabar)) < 4:
            await asyncio.sleep(0)
        assert refused(await send_file(cleo, PDF)) == (503, "unavailable")

        going_on.set()
        assert [answer.status_code for answer in await asyncio.gather(*tasks)] == [201] * 3  # type: ignore[attr-defined]
        assert (await send_file(cleo, PDF)).status_code == 201
