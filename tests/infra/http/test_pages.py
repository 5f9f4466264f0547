"""The page and its files."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import httpx
import pytest

from kabar.core.errors import NotFound
from kabar.infra.http.static import Folder
from tests.house.tree import ROOT

UI = ROOT / "src/kabar/ui"
LONG = "/ui/" + 300 * "x" + ".js"
HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The page is the same whatever the database."""
    return f"sqlite:///{tmp_path}/kabar.db"


async def test_every_address_of_a_person_shows_the_page(
    stranger: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    for path in ("/", "/chat", "/chat/c123", "/people/@ann.b", "/notifications", "/anything"):
        with subtests.test(path):
            answer = await stranger.get(path, headers=HTML)

            assert answer.status_code == 200
            assert answer.content == (UI / "index.html").read_bytes()
            assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_wrong_address_of_a_program_is_a_404(
    stranger: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    for path in (
        "/api",
        "/api/x",
        "/ui/nothing.js",
        "/ui/index.html",
        "/ui/console.html",
        "/apps",
        "/app",
        "/up/x",
        "/openapi.json/x",
        "/console",
        "/console/x",
        f"/ui/{'x' * 300}.js",
    ):
        with subtests.test(path):
            answer = await stranger.get(path, headers=HTML)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for method, headers in (("GET", {"accept": "application/json"}), ("POST", HTML)):
        answer = await stranger.request(method, "/anything", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_nothing_leads_out_of_the_folder(
    stranger: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    for name in (
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "....//app.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "..\\app.py",
        "vendor",
        "vendor/",
        "",
        ".hidden.js",
    ):
        with subtests.test(name):
            answer = await stranger.get(f"/ui/{name}")
            assert answer.status_code == 404


def test_the_folder_itself_refuses_what_is_outside() -> None:
    """Without a server in front that tidies up addresses."""
    folder = Folder("kabar", "ui")
    for name in ("../app.py", "../ui/index.html", "a/../../index.html", "/../index.html", "x\0.js"):
        with pytest.raises(NotFound):
            folder.read(name)
    assert folder.read("/index.html").body == folder.read("index.html").body
    for name in ("types.d.ts", "vendor/pusher.d.ts"):
        with pytest.raises(NotFound):
            folder.read(name)


async def test_scripts_come_from_here_and_nowhere_else(stranger: httpx.AsyncClient) -> None:
    for path in ("/", "/chat"):
        headers = (await stranger.get(path, headers=HTML)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


async def test_a_file_that_the_browser_has_is_not_sent_again(stranger: httpx.AsyncClient) -> None:
    first = await stranger.get("/ui/vendor/lit.js")
    etag = first.headers["etag"]

    second = await stranger.get("/ui/vendor/lit.js", headers={"if-none-match": etag})

    assert first.status_code == 200
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["cache-control"] == "no-cache"
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == etag
    other = await stranger.get("/ui/vendor/lit.js", headers={"if-none-match": 'W/"other"'})
    assert other.status_code == 200


async def test_an_address_of_a_person_is_asked_again_and_packed_as_well(
    stranger: httpx.AsyncClient,
) -> None:
    page = await stranger.get("/chat", headers={**HTML, "accept-encoding": "gzip"})
    again = await stranger.get("/chat", headers={**HTML, "if-none-match": page.headers["etag"]})

    assert page.headers["content-encoding"] == "gzip"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("unpacks", ["identity", "gzip;q=0", "br, gzip; q=0.0, identity"])
async def test_a_file_is_packed_for_who_can_unpack_it(
    stranger: httpx.AsyncClient, unpacks: str
) -> None:
    plain = await stranger.get("/ui/vendor/pusher.js", headers={"accept-encoding": unpacks})
    packed = await stranger.get("/ui/vendor/pusher.js", headers={"accept-encoding": "gzip, br"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.content == plain.content == (UI / "vendor/pusher.js").read_bytes()


def test_a_changed_file_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "a_package"
    (package / "files").mkdir(parents=True)
    (package / "__init__.py").touch()
    script = package / "files" / "script.js"
    monkeypatch.syspath_prepend(tmp_path)
    script.write_text("1")
    folder = Folder("a_package", "files")
    before = folder.read("script.js")

    script.write_text("2")
    os.utime(script, ns=(0, 0))
    after = folder.read("script.js")

    assert (before.body, after.body) == (b"1", b"2")
    assert before.etag != after.etag
    assert gzip.decompress(after.gzipped or b"") == b"2"


async def test_the_page_learns_how_to_connect(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/ui/config.json")

    assert answer.status_code == 200
    assert answer.json()["key"]
