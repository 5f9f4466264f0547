"""Takes the picture of the README: the demo, as Sari sees it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "chat.png"
KABAR = (sys.executable, "-m", "kabar")


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
        page = browser.new_page(viewport={"width": 1200, "height": 720}, device_scale_factor=1)
        page.goto(address)
        page.get_by_label("Username").fill("sari")
        page.get_by_label("Password").fill("kabar-demo")
        page.get_by_role("button", name="Sign in").last.click()
        _open_room(page)
        page.screenshot(path=PICTURE)
        browser.close()


def _open_room(page: Page) -> None:
    page.get_by_text("Who has a hose?").first.click()
    page.get_by_text("beans, chilli").wait_for()
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
