"""Can an operator see what goes on, and say something, without harm to anybody?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.engines.realtime.webhooks.receiver import Receiver, receiving
from tests.journeys.process import KabarProcess
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Tab

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "open sesame, please"
PANES = ("Overview", "Connections", "Channels", "Events", "Webhooks", "Send")
APPS = """
[[apps]]
id = "1"
key = "app-key"
secret = "app-secret"

[[apps.webhooks]]
url = "{url}"
events = ["channel_occupied", "channel_vacated"]

[[apps]]
id = "other"
key = "other-key"
secret = "other-secret"
"""
#: a stock pusher-js on a page of its own
CLIENT = """async ([key, port, channel]) => {
  const { default: Pusher } = await import("/ui/vendor/pusher.js");
  const options = { wsHost: "127.0.0.1", wsPort: port, forceTLS: false, cluster: "" };
  window.pusher = new Pusher(key, { ...options, enabledTransports: ["ws"] });
  window.heard = [];
  const subscribed = window.pusher.subscribe(channel);
  subscribed.bind_global((event, data) => window.heard.push([event, data]));
  await new Promise((resolve) => subscribed.bind("pusher:subscription_succeeded", resolve));
  return window.pusher.connection.socket_id;
}"""
#: the elements below one that stand out of the window at the right
SIDEWAYS = """(main) => {
  const out = [];
  const look = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.getBoundingClientRect().right > innerWidth + 1) out.push(each.outerHTML);
      if (each.shadowRoot) look(each.shadowRoot);
    }
  };
  look(main);
  return out;
}"""
EVIL = '<img src=x onerror="window.harmed=1"><script>window.harmed=2</script>'


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(
    tmp_path_factory: pytest.TempPathFactory, receiver: Receiver
) -> AsyncIterator[KabarProcess]:
    """A server with a console, and two apps."""
    folder = tmp_path_factory.mktemp("console")
    (folder / "apps.toml").write_text(APPS.format(url=receiver.url()))
    running = await KabarProcess(
        folder / "data",
        KABAR_APPS_FILE=str(folder / "apps.toml"),
        KABAR_CONSOLE_PASSWORD=PASSWORD,
    ).start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def console(tab: OpenTab) -> Tab:
    """The console, signed in to."""
    return await signed_in(await tab())


async def signed_in(operator: Tab) -> Tab:
    await operator.open("/console")
    await operator.page.get_by_label("Password").fill(PASSWORD)
    await operator.page.keyboard.press("Enter")
    await expect(pane_link(operator.page, "Overview")).to_be_visible()
    return operator


async def test_the_operator_sees_a_client_come_an_event_pass_and_a_webhook_arrive(
    tab: OpenTab, server: KabarProcess, receiver: Receiver
) -> None:
    operator, client = await tab(), await tab()
    page = operator.page
    await operator.open("/console")
    await page.get_by_label("Password").fill("something else")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("This is not the console's password.")).to_be_visible()
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")

    # Somebody comes, and is seen without a click.
    await pane_link(page, "Connections").click()
    await expect(page.get_by_text("Nobody is connected.")).to_be_visible()
    await client.open("/up")
    socket_id = await client.page.evaluate(CLIENT, ["app-key", server.port, "news"])
    await page.get_by_role("link", name=socket_id).click()
    await expect(page.get_by_role("heading", name=socket_id)).to_be_visible()
    await expect(page.get_by_role("definition").filter(has_text="ws")).to_be_visible()
    await page.get_by_role("link", name="news").click()
    await expect(page.get_by_role("heading", name="news")).to_be_visible()
    await expect(page.get_by_role("link", name=socket_id)).to_be_visible()

    # An event is sent to the channel that is looked at.
    await page.get_by_role("link", name="Send an event here").click()
    await expect(page.get_by_label("Channels")).to_have_value("news")
    await page.get_by_label("Event").fill("hello")
    await page.get_by_label("Data").fill("{not json")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("This is not JSON")).to_be_visible()
    await expect(page.get_by_label("Data")).to_be_focused()
    await page.get_by_label("Data").fill('{"text": "Good morning"}')
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Sent to 1 channel with 1 subscription.")).to_be_visible()
    await client.page.wait_for_function("window.heard.some(([name]) => name === 'hello')")
    await page.get_by_label("Channels").fill("no/channel")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Invalid channel name: no/channel")).to_be_visible()

    # It is among the events, and the channel's arrival among the webhooks.
    await pane_link(page, "Events").click()
    row = page.locator("kabar-console-events li", has_text="hello")
    await row.locator("summary").click()
    await expect(row.locator("pre")).to_have_text('{\n  "text": "Good morning"\n}')
    await receiver.has_had(1)
    await pane_link(page, "Webhooks").click()
    delivery = page.locator("kabar-console-webhooks li", has_text="channel_occupied")
    await expect(delivery.get_by_text("Arrived")).to_be_visible()

    # The other app has nothing of it.
    await page.get_by_label("App").select_option("other")
    await expect(page.get_by_text("This app has no webhooks.")).to_be_visible()
    await pane_link(page, "Connections").click()
    await expect(page.get_by_text("Nobody is connected.")).to_be_visible()

    # Signed out, it is closed, also for who goes back.
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Password")).to_be_visible()
    await page.go_back()
    await page.reload()
    await expect(page.get_by_label("Password")).to_be_visible()
    await client.page.evaluate("window.pusher.disconnect()")


async def test_the_start_says_where_the_console_is(server: KabarProcess) -> None:
    assert f"Console  {server.url}/console" in server.printed


async def test_what_others_say_is_shown_as_text(
    console: Tab, tab: OpenTab, server: KabarProcess
) -> None:
    client = await tab()
    await client.open("/up")
    await client.page.evaluate(CLIENT, ["app-key", server.port, "cache-evil"])
    # An error message that says what the client said.
    await client.page.evaluate(
        "(evil) => window.pusher.send_event('pusher:unsubscribe', { channel: evil })", EVIL
    )
    page = console.page
    sent = await page.evaluate(
        """async (evil) => {
          const body = JSON.stringify({ name: evil, channels: ["cache-evil"], data: evil });
          const headers = { "content-type": "application/json" };
          const path = "/console/api/apps/1/events";
          return (await fetch(path, { method: "POST", headers, body })).status;
        }""",
        EVIL,
    )
    assert sent == 200

    await expect(page.get_by_text(EVIL).first).to_be_visible()
    await pane_link(page, "Events").click()
    row = page.locator("kabar-console-events li", has_text=EVIL)
    await row.locator("summary").first.click()
    await expect(row.locator("pre").first).to_have_text(EVIL)
    await row.get_by_role("link", name="cache-evil").first.click()
    await expect(page.locator("kabar-console-channels pre")).to_have_text([EVIL, EVIL])
    assert await page.evaluate("window.harmed") is None
    await client.page.evaluate("window.pusher.disconnect()")


async def test_the_list_of_events_can_be_filtered_held_and_cleared(console: Tab) -> None:
    page = console.page
    await pane_link(page, "Events").click()
    rows = page.locator("kabar-console-events li")
    await expect(page.get_by_label("Filter by channel or event")).to_be_visible()
    await (
        page.get_by_role("button", name="Clear")
        .or_(page.get_by_text("Waiting for events."))
        .first.wait_for()
    )
    for name in ("first", "second"):
        await send(page, name, f"channel-of-{name}")
    await expect(rows.filter(has_text="first")).to_have_count(1)
    await page.get_by_label("Filter by channel or event").fill("OF-SEC")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("second")
    await page.get_by_label("Filter by channel or event").fill("")

    await page.get_by_role("button", name="Pause").click()
    async with page.expect_response("**/events?after=*"):
        await send(page, "third", "c")
    await expect(rows.filter(has_text="third")).to_have_count(0)
    await page.get_by_role("button", name="Go on").click()
    await expect(rows.filter(has_text="third")).to_have_count(1)
    await page.get_by_role("button", name="Clear").click()
    await expect(rows).to_have_count(0)


async def test_a_hidden_tab_asks_nothing_and_a_cut_off_one_says_so(tab: OpenTab) -> None:
    operator = await tab()
    page = operator.page
    await page.clock.install()
    await signed_in(operator)
    await pane_link(page, "Connections").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    async with page.expect_response("**/connections?*"):
        pass
    await show(page, is_hidden=True)
    asked.clear()
    await page.clock.run_for(60_000)
    assert asked == []
    async with page.expect_response("**/connections?*"):
        await show(page, is_hidden=False)

    await page.route("**/console/api/**", lambda route: route.abort())
    await expect(page.get_by_text("The server does not answer. Trying again…")).to_be_visible()
    await page.unroute_all()
    await expect(page.get_by_text("The server does not answer.")).to_have_count(0)


async def test_a_session_that_ended_asks_for_the_password_and_goes_on_where_one_was(
    console: Tab,
) -> None:
    page = console.page
    await pane_link(page, "Webhooks").click()
    await page.context.clear_cookies()
    await expect(page.get_by_text("Your session has ended. Sign in again.")).to_be_visible()
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Webhooks")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 900])
async def test_every_pane_fits_every_screen(tab: OpenTab, width: int) -> None:
    operator = await signed_in(await tab(viewport={"width": width, "height": 700}))
    page = operator.page
    for name in PANES:
        await pane_link(page, name).click()
        await expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_attached()
        await expect(pane_link(page, name)).to_be_in_viewport(ratio=1)
        # The bar of panes scrolls by itself.
        assert await page.get_by_role("main").evaluate(SIDEWAYS) == []


async def test_the_current_pane_stays_in_sight_when_a_phone_is_turned(tab: OpenTab) -> None:
    operator = await signed_in(await tab(viewport={"width": 844, "height": 390}))
    page = operator.page
    await pane_link(page, "Send").click()
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(pane_link(page, "Send")).to_be_in_viewport(ratio=1)
    await page.reload()
    await expect(pane_link(page, "Send")).to_be_in_viewport(ratio=1)


async def test_a_plot_is_read_with_the_keyboard_and_as_a_table(console: Tab) -> None:
    page = console.page
    plot = page.get_by_role("slider", name="Connections in the last hour")
    await expect(plot).to_be_visible()
    await plot.focus()
    await page.keyboard.press("Home")
    await expect(plot).to_have_attribute("aria-valuenow", "0")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile("Connections"))
    await expect(plot.locator(".tip")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(plot.locator(".tip")).to_have_count(0)
    await page.locator("kabar-plot").first.get_by_text("Show as a table").click()
    table = page.get_by_role("table", name="Connections in the last hour")
    await expect(table.get_by_role("row").nth(1)).to_be_visible()


async def test_the_first_tab_stop_skips_to_the_content(console: Tab) -> None:
    page = console.page
    await page.reload()
    await expect(pane_link(page, "Overview")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


def pane_link(page: Page, name: str) -> Any:
    return page.get_by_role("navigation").get_by_role("link", name=name, exact=True)


async def send(page: Page, name: str, channel: str) -> None:
    status = await page.evaluate(
        """async ([name, channel]) => {
          const body = JSON.stringify({ name, channels: [channel], data: "{}" });
          const headers = { "content-type": "application/json" };
          const path = "/console/api/apps/1/events";
          return (await fetch(path, { method: "POST", headers, body })).status;
        }""",
        [name, channel],
    )
    assert status == 200


async def show(page: Page, *, is_hidden: bool) -> None:
    """Tell the page that one looks at it, or at another tab."""
    await page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )
