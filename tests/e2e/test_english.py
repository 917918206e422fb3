"""
In English nothing of the page is Chinese.

What may be: a text of the data for which the data hold no English, such as people's and lanes' names, notes
and what a person typed. A text that stands next to an English one (`name`, `name_en`) is the page's fault.
"""

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Person

BLOCK_7 = "脑科巷7栋"
CREW = "hospital.wen"

# All that can be read or heard, folded away or not. What is to be read out to a Chinese operator stays
# Chinese, and so does the button that leads to Chinese.
WORDS = """() => {
  const attributes = ["aria-label", "title", "placeholder", "alt"];
  const said = [...document.querySelectorAll("*")].flatMap((each) =>
    attributes.map((name) => each.getAttribute(name)).filter(Boolean));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!parentElement.closest(".script .address, script, noscript, style")) said.push(data);
  }
  return [document.title, ...said].map((text) => text.trim())
    .filter((text) => text && text !== "中文");
}"""
# As one text: thousands of values one by one take the browser's driver a second.
DATA = """async () => {
  const { model } = window.responder;
  const { live, loaded, circles, circleId, account } = model.value;
  const more = live.viewer?.role === "coordinator" ? ["people", "invitations", "audit", "partners"] : [];
  const ask = async (noun) => (await fetch(`/api/circles/${circleId}/${noun}`)).json();
  const asked = await Promise.all(more.map(ask));
  return JSON.stringify({ live, loaded, circles, account, asked });
}"""
# Made by the page's own server out of other data, in Chinese on purpose: the page has English for them.
MADE = {"headline", "why_zh"}


def is_chinese(text: str) -> bool:
    """Tell whether there is a Chinese letter or mark in it."""
    return any("\u4e00" <= letter <= "\u9fff" or letter in "【】，。；：" for letter in text)


def names(data: Any) -> set[str]:  # noqa: ANN401 - whatever JSON is there
    """Return the Chinese texts of the data that have no English beside them."""
    plain: set[str] = set()
    translated: set[str] = set()

    def walk(value: Any, key: str, beside: dict[str, Any]) -> None:  # noqa: ANN401
        if isinstance(value, dict):
            for name, each in value.items():
                walk(each, name, value)
        elif isinstance(value, list):
            for each in value:
                walk(each, key, beside)
        elif isinstance(value, str) and key not in MADE and is_chinese(value):
            named = key == "label" and beside.get("building_id")
            (translated if beside.get(f"{key}_en") or named else plain).add(value)

    walk(data, "", {})
    return plain - translated


async def left_in_chinese(page: Page) -> list[str]:
    """List what is Chinese on screen and no name that the data hold in Chinese alone."""
    # The data after the words: what is on screen is loaded by then.
    words = await page.evaluate(WORDS)
    plain = names(json.loads(await page.evaluate(DATA)))
    found = []
    for text in words:
        rest = text
        for name in sorted(plain, key=len, reverse=True):
            rest = rest.replace(name, "")
        if is_chinese(rest):
            found.append(text)
    return found


class Walk:
    """A walk from screen to screen that gathers what was left in Chinese."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page
        self.found: dict[str, list[str]] = {}

    async def look(self, screen: str) -> None:
        """Note what is wrong with what is on screen."""
        if found := await left_in_chinese(self.page):
            self.found[screen] = found

    async def go(self, screen: str, script: str, ready: str) -> None:
        """Have the page show something, as a tap does."""
        await self.page.evaluate(
            f"""async () => {{
              const look = window.responder;
              const {{ model, showScreen }} = look;
              const {{ live, loaded: {{ buildings, facilities }} }} = model.value;
              const {{ snapshot }} = live;
              {script};
            }}"""
        )
        await expect(self.page.locator(ready).first).to_be_visible()
        await self.look(screen)


async def test_staff_meet_no_chinese_on_any_screen(circle: Circle) -> None:
    building = await circle.building(BLOCK_7)
    what = {"kind": "fire", "severity": "red", "building_id": building["id"]}
    ended = await circle.raise_alert(**what, exercise=True)
    await circle.office.post(f"incidents/{ended['incident']['id']}/end", {"reason": "false_alarm"})
    await circle.raise_alert(**what, exercise=False)
    staff = await circle.sign_in("community", DESKTOP, language="en", scheme="light")
    walk = Walk(staff)
    page = staff.page
    await expect(page.locator(".members .member").first).to_be_visible()
    await walk.look("incident")
    await page.locator(".members .member").first.click()
    await expect(page.locator(".members .member[aria-pressed=true]")).to_be_visible()
    await walk.look("a unit's way")
    await walk.go("ended", f'look.showIncident("{ended["incident"]["id"]}")', ".ended-line")
    await walk.go("overview", "look.showOverview()", ".incident-card")
    await walk.go("choose a place", "look.choosePlace()", "er-building-search .row-button")
    await walk.go("building", "look.showBuilding(buildings.value[0])", ".member")
    await walk.go("unit", 'look.showThing("unit", snapshot.units[0].id)', ".view-header")
    await walk.go("hazard", 'look.showThing("hazard", snapshot.hazards[0].id)', ".steps")
    await walk.go("facility", 'look.showThing("facility", facilities.value[0].id)', ".view-header")
    await walk.go("closure", 'look.showThing("closure", snapshot.closures[0].id)', ".view-header")
    await walk.go("closing a lane", "look.startClosure()", ".view-header")
    await walk.go("roads that matter", "look.showCriticality()", ".view-header")
    await walk.go("figures", "look.showProfiles()", "details")
    for screen in ("sessions", "password", "people", "invitations", "imports", "audit"):
        await walk.go(screen, f'showScreen("{screen}")', ".screen .rows, .screen form, .screen .empty")
    await walk.go("drill console", "look.setDrill(true)", ".drill-bar")
    await page.get_by_role("button", name="Menu").click()
    await walk.look("menu")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Layers and legend").click()
    await walk.look("legend")

    assert not walk.found, json.dumps(walk.found, ensure_ascii=False, indent=1)


async def test_a_person_who_is_called_meets_no_chinese(circle: Circle) -> None:
    building = await circle.building(BLOCK_7)
    crew = await circle.sign_in(CREW, PHONE, language="en")
    walk = Walk(crew)
    await walk.look("overview")
    for kind in ("fire", "medical"):
        await circle.raise_alert(kind=kind, severity="red", exercise=False, building_id=building["id"])
    await expect(crew.page.locator(".incident-banner[data-asks]")).to_be_visible()
    await expect(crew.page.locator(".my-assignment")).to_be_visible()
    await walk.look("called")
    await crew.lose_signal()
    await expect(crew.page.locator(".banner.stale")).to_be_visible()
    await crew.page.get_by_role("button", name="Accept").click()
    await expect(crew.page.locator(".waiting")).to_be_visible()
    await walk.look("answered offline")
    await crew.regain_signal()

    assert not walk.found, json.dumps(walk.found, ensure_ascii=False, indent=1)


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        ({"name": "急救车组", "name_en": "Ambulance crew"}, set()),
        ({"recipient_name": "文静"}, {"文静"}),
        ({"name": "临时封闭", "name_en": ""}, {"临时封闭"}),
        ([{"name": "省医院", "name_en": "Hospital"}, {"partner_name": "省医院"}], set()),
        ({"place": {"label": "脑科巷7栋", "building_id": "b-7"}}, set()),
        ({"legs": [{"street_names": ["脑科巷北支"]}]}, {"脑科巷北支"}),
    ],
)
def test_a_name_may_be_chinese_only_where_the_data_have_no_english(data: object, plain: set[str]) -> None:
    assert names(data) == plain
