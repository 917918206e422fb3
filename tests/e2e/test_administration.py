"""A platform administrator sees all circles, who coordinates each, and the next step; and no map."""

from uuid import uuid4

from playwright.async_api import expect

from responder.ports.clock import SystemClock
from responder.services.circles.create import find_circle
from responder.services.people.make_account import make_administrator
from responder.store.database import connect
from tests.circles import make_bare_circle
from tests.e2e.people import SMALL_PHONE, Circle, Person
from tests.e2e.test_accounts import NAMELESS
from tests.e2e.test_page import OVERFLOWS, TOO_SMALL

PASSWORD = "vier Kastanien am Tor"  # noqa: S105 - of no account
DEMO = "脑科巷片区（示例）"
UNLED = "还没有人管的片区"


async def administrator(circle: Circle, stage_url: str, *, language: str = "zh-CN") -> Person:
    """Sign in a platform administrator, and have a circle without a coordinator."""
    database = connect(stage_url)
    try:
        name = f"root.{uuid4().hex[:8]}"
        await make_administrator(database, username=name, name="平台", password=PASSWORD, clock=SystemClock())
        if await find_circle(database, name=UNLED) is None:
            await make_bare_circle(database, name=UNLED, name_en="Nobody's circle", centre=(113.0, 28.1))
    finally:
        await database.dispose()
    root = await circle.visit(name, circle.stage.url, SMALL_PHONE, language=language)
    await root.page.fill("input[name=username]", name)
    await root.page.fill("input[name=password]", PASSWORD)
    await root.page.click(".sign-in button.primary")
    await expect(root.page.locator(".administration .rows")).to_be_visible()
    return root


async def fits(person: Person) -> None:
    assert await person.page.evaluate(TOO_SMALL, 48) == []
    assert not await person.page.evaluate(OVERFLOWS)
    assert await person.page.evaluate(NAMELESS) == []


async def test_an_administrator_without_a_circle_sees_all_and_manages_their_people(
    circle: Circle, stage_url: str
) -> None:
    root = await administrator(circle, stage_url)
    rows = root.page.locator(".administration .row")
    await expect(rows.filter(has_text=UNLED)).to_contain_text("还没有社区协调员：请先邀请")
    await expect(rows.filter(has_text=DEMO)).to_contain_text("其中社区协调员 1 人")
    await fits(root)
    await root.picture("360x640-administration")

    await rows.filter(has_text=DEMO).get_by_role("button").click()
    await expect(root.page.locator("#screen-title")).to_have_text("人员与角色")
    await expect(root.page.locator(".person", has_text="示例·社区指挥席")).to_be_visible()
    await root.page.get_by_role("button", name="审计记录").click()
    await expect(root.page.locator(".verification")).to_have_attribute("data-good", "true")
    await fits(root)
    await root.page.get_by_role("button", name="返回").click()
    await expect(rows.filter(has_text=UNLED)).to_be_visible()


async def test_a_circle_that_no_one_coordinates_leads_to_inviting_a_person(
    circle: Circle, stage_url: str
) -> None:
    root = await administrator(circle, stage_url)
    await root.page.locator(".administration .row", has_text=UNLED).get_by_role("button").click()
    await expect(root.page.locator("#screen-title")).to_have_text("邀请")
    await root.page.locator("select[name=role]").select_option(label="社区协调员")
    await root.page.get_by_label("给谁").fill("新来的主任")
    await root.page.get_by_role("button", name="生成邀请链接").click()
    await expect(root.page.locator(".made .link")).to_be_visible()


async def test_it_is_said_in_english_too(circle: Circle, stage_url: str) -> None:
    root = await administrator(circle, stage_url, language="en")
    page = root.page.locator(".administration")
    await expect(page).to_contain_text("All circles")
    await expect(page.locator(".row", has_text="Nobody's circle")).to_contain_text(
        "Nobody coordinates it yet"
    )
    await fits(root)
