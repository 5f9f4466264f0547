"""Downloads: parts of files, what a browser may keep, and pictures made anew."""

from __future__ import annotations

import pytest
from PIL import Image

from kabar.server.app import Kabar
from tests.features.chat.talk import Json, did, page_of, refused, say
from tests.features.uploads.files import (
    WEBM,
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

CONTENT = bytes(range(256)) * 4000


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=1023990-", 1_023_990, 1_023_999),
        ("bytes=-10", 1_023_990, 1_023_999),
        ("bytes=500000-99999999", 500_000, 1_023_999),
        ("bytes=-99999999", 0, 1_023_999),
    ],
)
async def test_a_part_of_a_file_is_sent_where_it_is_asked_for(
    ann: Person, asked: str, start: int, end: int
) -> None:
    file = await upload(ann, CONTENT, "a.bin")

    answer = await fetch(ann, file["url"], range=asked)

    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {start}-{end}/{len(CONTENT)}"
    assert answer.headers["content-length"] == str(end - start + 1)
    assert answer.content == CONTENT[start : end + 1]


async def test_other_ranges_get_all_of_it_or_a_clear_answer(ann: Person) -> None:
    file = await upload(ann, CONTENT, "a.bin")

    for asked in ("bytes=0-1,3-4", "lines=1-2", "bytes=9-3", "bytes=-", "x"):
        answer = await fetch(ann, file["url"], range=asked)
        assert (answer.status_code, answer.content) == (200, CONTENT), asked
    for asked in (f"bytes={len(CONTENT)}-", "bytes=-0"):
        beyond = await fetch(ann, file["url"], range=asked)
        assert refused(beyond) == (416, "range_not_satisfiable")
        assert beyond.headers["content-range"] == f"bytes */{len(CONTENT)}"
    etag = (await fetch(ann, file["url"])).headers["etag"]
    same = await fetch(ann, file["url"], **{"range": "bytes=0-0", "if-range": etag})
    other = await fetch(ann, file["url"], **{"range": "bytes=0-0", "if-range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)


async def test_a_browser_that_has_it_is_told_so_as_long_as_it_may(ann: Person) -> None:
    file = await upload(ann, b"x")
    etag = (await fetch(ann, file["url"])).headers["etag"]

    again = await fetch(ann, file["url"], **{"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    await ann.delete(f"/api/uploads/{file['id']}")
    gone = await fetch(ann, file["url"], **{"if-none-match": etag})
    assert refused(gone) == (404, "upload_not_found")


async def test_a_picture_is_made_anew_upright_and_without_what_it_says(ann: Person) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a camera held on its side
    exif[0x010F] = "Camera of Ann"
    exif.get_ifd(0x8825)[1] = "N"

    file = await upload(ann, picture("JPEG", (64, 48), exif=exif), "IMG.jpeg")

    assert (file["width"], file["height"], file["name"]) == (48, 64, "IMG.jpeg")
    answer = await fetch(ann, file["url"])
    made = as_image(answer.content).convert("RGB")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == 'inline; filename="IMG.jpeg"'
    assert b"Camera" not in answer.content
    assert not made.getexif()
    assert made.size == (48, 64)
    # What was on the left is above now.
    above, below = made.getpixel((24, 5)), made.getpixel((24, 60))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] - above[2] > 150 < below[2] - below[0]


async def test_a_picture_has_a_small_one_beside_it(kabar: Kabar, ann: Person) -> None:
    file = await upload(ann, picture("PNG", (2000, 1000)), "a.png")

    answer = await fetch(ann, file["thumbnailUrl"])

    assert answer.headers["content-type"] == "image/webp"
    assert as_image(answer.content).size == (640, 320)
    assert as_image((await fetch(ann, file["url"])).content).size == (2000, 1000)
    assert sorted(name.rpartition("/")[2] for name in kept_in(kabar)) == [
        file["id"],
        f"{file['id']}-t",
    ]


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        *(("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/png")),
        *(("WEBP", "image/webp"), ("AVIF", "image/webp")),
    ],
)
async def test_what_browsers_show_is_a_picture(ann: Person, kind: str, media_type: str) -> None:
    file = await upload(ann, picture(kind), "picture")

    assert file["mediaType"] == media_type
    answer = await fetch(ann, file["url"])
    assert answer.headers["content-type"] == media_type
    assert as_image(answer.content).size == (64, 48)


async def test_a_picture_that_moves_goes_on_moving(ann: Person) -> None:
    file = await upload(ann, moving(12), "cat.gif")

    made = as_image((await fetch(ann, file["url"])).content)

    assert (file["name"], made.format) == ("cat.webp", "WEBP")
    assert made.n_frames == 12  # type: ignore[attr-defined]


async def test_a_picture_that_breaks_off_is_told_to_be_unreadable(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    whole = picture("JPEG", (640, 480))
    file = await upload(ann, whole[: len(whole) // 2], "half.jpg")

    answer = await fetch(ann, file["url"])

    assert refused(answer) == (404, "picture_unreadable")
    assert kept_in(kabar) == []
    # It can still be in a message, as what it is.
    message = await say(ann, room, "", attachmentIds=[file["id"]])
    assert message["type"] == "image"


async def test_other_pictures_are_files(ann: Person) -> None:
    for kind, media_type in (("BMP", "image/bmp"), ("TIFF", "image/tiff")):
        file = await upload(ann, picture(kind), "scan")
        assert file["mediaType"] == media_type
        assert "width" not in file
        answer = await fetch(ann, file["url"])
        assert answer.headers["content-disposition"].startswith("attachment")


async def test_a_voice_message_can_be_played_in_the_page(ann: Person, room: Json) -> None:
    file = await upload(ann, WEBM, "voice.webm", media_type="audio/webm;codecs=opus")
    await say(ann, room, "", attachmentIds=[file["id"]])

    answer = await fetch(ann, file["url"], range="bytes=0-9")

    assert file["mediaType"] == answer.headers["content-type"] == "audio/webm"
    assert answer.headers["content-disposition"].startswith("inline")
    saved = await fetch(ann, file["url"] + "&download=true")
    assert saved.headers["content-disposition"].startswith("attachment")


async def test_the_same_key_takes_the_same_file_once(kabar: Kabar, ann: Person, room: Json) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await send_file(ann, b"one", **key)

    again = await send_file(ann, b"one", **key)
    other = await send_file(ann, b"two", **key)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert refused(other) == (422, "idempotency_key_reused")
    await kabar.files.making.forget_released()
    assert len(kept_in(kabar)) == 1
    await say(ann, room, "", attachmentIds=[first.json()["id"]])
    assert did(await send_file(ann, b"one", **key))["id"] == first.json()["id"]
    assert len((await page_of(ann, room))["messages"]) == 1


async def test_a_file_that_was_discarded_is_not_given_again(ann: Person) -> None:
    key = {"Idempotency-Key": "k1"}
    file = did(await send_file(ann, b"one", **key), 201)
    assert (await ann.delete(f"/api/uploads/{file['id']}")).status_code == 204

    assert refused(await send_file(ann, b"one", **key)) == (404, "upload_not_found")
