"""Film in a conversation: played where it is, from a part of the file, without waiting for all."""

from __future__ import annotations

import base64

import pytest
from playwright.async_api import Response, expect

from tests.ui.conftest import MakePerson, OpenTab
from tests.ui.test_files import choose, chosen, send_button

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

#: a film of a square that changes its colour, as base64
RECORD = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const paint = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const ended = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  for (let at = 0; at < 40; at += 1) {
    paint.fillStyle = `hsl(${at * 9} 80% 50%)`;
    paint.fillRect(0, 0, 320, 180);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));
}"""


async def test_a_film_shows_its_first_picture_and_plays_by_parts(
    person: MakePerson, tab: OpenTab
) -> None:
    ann, ben = await person("Ann"), await person("Ben")
    room = await ann.room_with(ben)
    hers, his = await tab(ann), await tab(ben)
    for each in (hers, his):
        await each.open_room(room)
    film = base64.b64decode(await hers.page.evaluate(RECORD))
    parts: list[Response] = []
    his.page.on("response", lambda each: parts.append(each) if "/file" in each.url else None)

    await choose(hers, ("garden.webm", "video/webm", film))
    await expect(chosen(hers)).to_have_count(1)
    await expect(send_button(hers)).to_be_enabled()
    await send_button(hers).click()

    shown = his.log.locator("video")
    await expect(shown).to_have_attribute("preload", "metadata")
    await expect(shown).to_have_js_property("videoWidth", 320)
    assert await shown.evaluate("film => film.readyState >= HTMLMediaElement.HAVE_METADATA")
    assert {each.status for each in parts} == {206}
    assert (await parts[0].header_value("content-range") or "").endswith(f"/{len(film)}")

    await shown.evaluate("film => { film.muted = true; return film.play(); }")
    await shown.evaluate("film => film.ended || new Promise((resolve) => (film.onended = resolve))")
    assert await shown.evaluate("film => film.currentTime > 1")
