"""Takes the picture of the README: the demo, and what its people go on to say, as Sari sees it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, Browser, Page, sync_playwright

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "chat.png"
KABAR = (sys.executable, "-m", "kabar")
SIZE: Any = {"width": 1280, "height": 800}
#: what one of them has drawn
PLAN = Path(__file__).with_name("garden.svg")


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        subprocess.run([*KABAR, "demo", "--data", data], check=True)
        command = [*KABAR, "serve", "--port", "0", "--data", data]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = server.stdout.readline().split()[-1]
            server.stdout.readline()
            server.stdout.readline()
            try:
                _take(address)
            finally:
                server.terminate()


def _take(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        _go_on_talking(browser, address)
        page = browser.new_page(viewport=SIZE, device_scale_factor=1.5)
        page.goto(address)
        page.get_by_label("Username").fill("sari")
        page.get_by_label("Password").fill("kabar-demo")
        page.get_by_role("button", name="Sign in").last.click()
        _open_room(page)
        page.screenshot(path=PICTURE)
        browser.close()


class Speaker:
    """One of the people of the demo, in the group."""

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        self._http: APIRequestContext = browser.new_context(base_url=address).request
        self.did("post", "/api/auth/login", data={"login": name, "password": "kabar-demo"})
        rooms = self.did("get", "/api/messages")["conversations"]
        self.room_id: str = next(room["id"] for room in rooms if room["type"] == "GROUP")

    def did(self, method: str, path: str, **body: Any) -> Any:
        answer = getattr(self._http, method)(path, **body)
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()}"
        return answer.json() if answer.body() else None

    def say(self, content: str, **more: Any) -> str:
        draft = {"roomId": self.room_id, "content": content, **more}
        message_id: str = self.did("post", "/api/chat/send", data=draft)["id"]
        return message_id

    def found(self, content: str) -> str:
        page = self.did("get", f"/api/chat/messages?roomId={self.room_id}")
        ids: list[str] = [one["id"] for one in page["messages"] if one["content"] == content]
        return ids[0]

    def react(self, message_id: str, emoji: str) -> None:
        self.did("put", f"/api/chat/messages/{message_id}/reactions/{emoji}")

    def upload(self, name: str, png: bytes) -> str:
        file = {"name": name, "mimeType": "image/png", "buffer": png}
        upload_id: str = self.did("post", "/api/uploads", multipart={"file": file})["id"]
        return upload_id


def _go_on_talking(browser: Browser, address: str) -> None:
    names = ("sari", "budi", "mei", "tomas", "ann", "rina")
    sari, budi, mei, tomas, ann, rina = (Speaker(browser, address, name) for name in names)
    drawing = browser.new_page(viewport={"width": 960, "height": 600})
    drawing.goto(PLAN.as_uri())
    plan = tomas.upload("plan.png", drawing.screenshot())

    _other_rooms(mei, sari, rina)
    asked = ann.found("I am in. Who has a hose?")
    hose = ann.say("My neighbour does, twenty metres of it.", replyToId=asked)
    for each in (tomas, rina):
        each.react(hose, "🙏")
    drawn = tomas.say("This is how the beds could lie. Sunday we dig?", attachmentIds=[plan])
    for each in (ann, budi, mei, rina):
        each.react(drawn, "❤️")
    rina.react(drawn, "🌶️")
    sari.say("Lovely. I bring coffee, and the sign for the “basil”.", replyToId=drawn)
    ann.did("post", "/api/chat/read", data={"roomId": ann.room_id})


def _other_rooms(mei: Speaker, sari: Speaker, rina: Speaker) -> None:
    """So that the list is that of somebody who lives with it."""
    people = [one.did("get", "/api/me")["id"] for one in (sari, rina)]
    draft = {"name": "Reading circle", "participantIds": people}
    circle = mei.did("post", "/api/chat/rooms", data=draft)["id"]
    for who, content in (
        (mei, "Chapter seven for Thursday?"),
        (rina, "Only if nobody tells me who did it."),
    ):
        who.did("post", "/api/chat/send", data={"roomId": circle, "content": content})
    room = rina.did("post", "/api/chat/rooms/direct", data={"userId": people[0]})["id"]
    for content in ("Do you still have the big ladder?", "The lamp in the hall has died again."):
        rina.did("post", "/api/chat/send", data={"roomId": room, "content": content})
    sari.did("post", "/api/chat/read", data={"roomId": room})


def _open_room(page: Page) -> None:
    page.get_by_role("link", name="Library garden").click()
    page.get_by_text("the sign for the").last.wait_for()
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
