"""What only a browser can tell: nothing overflows, breaks, complains or is fetched from elsewhere, and clicks lead somewhere."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.rungwise.pages import fleet

pytestmark = pytest.mark.browser

ADDRESSES = {
    "overview": "",
    "team": f"team?{urlencode({'team': fleet.SALES})}",
    "team at a stage": f"team?{urlencode({'team': fleet.PLATFORM, 'stage': 2})}",
    "which team": "team",
    "repository": f"repository?{urlencode({'repository': fleet.SHOP})}",
    "repository at a stage": f"repository?{urlencode({'repository': fleet.SHOP, 'stage': 3})}",
    "which repository": "repository",
    "practices": "practices",
    "practice": f"practices?{urlencode({'practice': 'error-tracking'})}",
    "what moved": "moved",
    "what moved, narrowed": f"moved?{urlencode({'team': fleet.PLATFORM, 'way': 'down'})}",
    "wrong address": f"repository?{urlencode({'repository': fleet.HOSTILE})}",
}
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const idle = app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
        && !document.querySelector('[data-stale="true"], [data-testid*="Skeleton"]') && document.querySelector('h1');
    const drawn = document.querySelectorAll('[data-testid="stMain"] *').length;
    if (!idle || !window.seen || window.seen.drawn !== drawn || window.seen.at !== location.href)
        window.seen = {drawn, at: location.href, since: performance.now()};
    return idle && performance.now() - window.seen.since > 300;
}"""
"""The run is over, and what it sent is drawn: nothing came for a while."""
OVERFLOW = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .map(box => box.scrollWidth - box.clientWidth)"""
CUT = """() => ['a', 'summary', '[data-testid="stMetric"] *']
    .flatMap(what => [...document.querySelectorAll(`[data-testid="stMain"] ${what}`)])
    .filter(box => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible')
    .map(box => box.textContent)"""


@dataclass
class Visit:
    """A tab, and what happened in it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str | None] = field(default_factory=set)

    def go(self, address: str) -> None:
        """Open an address, and wait until all is there."""
        self.page.goto(address)
        self.settle()

    def settle(self) -> None:
        """Wait until the app has nothing left to do."""
        self.page.wait_for_function(SETTLED)
        for chart in self.page.get_by_test_id("stPlotlyChart").all():
            expect(chart.locator(".nsewdrag").first).to_be_attached()


@pytest.fixture(scope="module", params=[(1440, "light"), (900, "dark")], ids=["1440-light", "900-dark"])
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A window of a given width and theme."""
    width, theme = request.param
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=theme)
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def visit(window: BrowserContext) -> Iterator[Visit]:
    """A new tab."""
    visit = Visit(window.new_page())

    def note(message: ConsoleMessage) -> None:
        # Below a page's address Streamlit first asks for its own two addresses, is told 404, and then asks for them at the root.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            visit.complaints.append(message.text)

    visit.page.on("console", note)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("request", lambda sent: visit.hosts.add(urlsplit(sent.url).hostname) if sent.url.startswith("http") else None)
    yield visit
    visit.page.close()


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_fits_and_is_content(visit: Visit, site: str, name: str) -> None:
    visit.go(f"{site}/{ADDRESSES[name]}")
    expect(visit.page.get_by_test_id("stException")).to_have_count(0)
    assert visit.page.evaluate(OVERFLOW) == [0, 0]
    assert visit.page.evaluate(CUT) == []
    assert visit.complaints == []
    assert visit.hosts == {"localhost"}


def test_names_and_paths_from_elsewhere_load_nothing_and_lead_nowhere(visit: Visit, site: str) -> None:
    for name in ("team", "repository", "overview", "what moved", "wrong address"):
        visit.go(f"{site}/{ADDRESSES[name]}")
        expect(visit.page.locator("[data-testid=stMain] img")).to_have_count(0)
        links = visit.page.locator("[data-testid=stMain] a").evaluate_all("all => all.map(a => a.hostname)")
        assert links
        assert "elsewhere.example" not in links
    assert visit.hosts == {"localhost"}


def test_a_click_on_the_heat_map_opens_the_team_at_that_stage(visit: Visit, site: str) -> None:
    visit.go(site)
    chart = visit.page.get_by_test_id("stPlotlyChart").first
    chart.scroll_into_view_if_needed()
    area = chart.locator(".nsewdrag").first.bounding_box()
    assert area
    # The first row is the first team in the alphabet; the third of six columns is testing. Off the middle is in the cell, too.
    visit.page.mouse.click(area["x"] + area["width"] * 2.7 / 6, area["y"] + 23)
    visit.page.wait_for_url("**/team?**")
    visit.settle()
    assert parse_qs(urlsplit(visit.page.url).query) == {"team": [fleet.PLATFORM], "stage": ["3"]}
    expect(visit.page.locator("h1")).to_have_text(fleet.PLATFORM)
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text("How are we, and where should we look?")
    visit.settle()
    expect(visit.page.locator("h1")).to_have_text("How are we, and where should we look?")


def test_the_keyboard_reaches_a_team_and_a_repository(visit: Visit, site: str) -> None:
    visit.go(site)
    visit.page.get_by_text("The teams as links").locator("xpath=ancestor::summary").press("Enter")
    visit.page.get_by_role("link", name=fleet.PLATFORM, exact=True).press("Enter")
    expect(visit.page.locator("h1")).to_have_text(fleet.PLATFORM)
    visit.settle()
    visit.page.get_by_role("link", name="tools", exact=True).last.press("Enter")
    expect(visit.page.locator("h1")).to_have_text(fleet.TOOLS)
    assert parse_qs(urlsplit(visit.page.url).query)["repository"] == [fleet.TOOLS]


def test_a_practice_opens_to_a_link_to_the_line(visit: Visit, site: str) -> None:
    visit.go(f"{site}/{ADDRESSES['repository at a stage']}")
    visit.page.locator("summary", has_text="src/app.py:12").first.click()
    link = visit.page.get_by_role("link", name="src/app.py:12").first
    expect(link).to_be_visible()
    address = link.get_attribute("href") or ""
    assert address.startswith(f"https://github.com/{fleet.SHOP}/blob/")
    assert address.endswith("/src/app.py#L12")


def test_a_filter_is_in_the_address_and_a_reload_keeps_it(visit: Visit, site: str) -> None:
    visit.go(f"{site}/moved")
    expect(visit.page.get_by_role("heading", name="Came")).to_be_visible()
    visit.page.get_by_role("radio", name="Went (1)").click()
    expect(visit.page.get_by_role("heading", name="Came")).to_have_count(0)
    visit.settle()
    assert parse_qs(urlsplit(visit.page.url).query) == {"way": ["down"]}
    visit.page.reload()
    visit.settle()
    expect(visit.page.get_by_role("heading", name="Went")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="Came")).to_have_count(0)


def test_the_explanation_opens(visit: Visit, site: str) -> None:
    visit.go(site)
    visit.page.get_by_role("button", name="How to read this").click()
    expect(visit.page.get_by_text("Not seen is never counted as missing.")).to_be_visible()


@pytest.mark.parametrize(("name", "head"), [("overview", "# How we stand"), ("team", "# How Sales")])
def test_a_week_can_be_downloaded_for_all_and_for_one_team(visit: Visit, site: str, name: str, head: str) -> None:
    visit.go(f"{site}/{ADDRESSES[name]}")
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name="Download").click()
    archive = zipfile.ZipFile(waiting.value.path())
    names = {path.rsplit("/", 1)[-1]: path for path in archive.namelist()}
    assert {"findings.parquet", "findings.csv", "manifest.json"} <= set(names)
    assert archive.read(names["digest.md"]).decode().startswith(head)
