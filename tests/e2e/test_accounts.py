"""Who belongs to the circle, who let them in, and what was done: on the screens of those who manage it."""

import re
from datetime import UTC, datetime

import psycopg
from playwright.async_api import expect

from responder.domain.backoff import sign_in_counters
from tests.e2e.people import DESKTOP, PHONE, SMALL_PHONE, Circle, Person
from tests.e2e.test_page import OVERFLOWS, TOO_SMALL

NEW_PASSWORD = "vier Kastanien am Tor"  # noqa: S105 - of no account
BLOCK_7 = "脑科巷7栋"


# Whatever can be used, and has nothing that a screen reader could say of it.
NAMELESS = """() => [...document.querySelectorAll("button, input, select, a[href], summary")]
  .filter((each) => each.checkVisibility() && each.getAttribute("aria-hidden") !== "true")
  .filter((each) => !each.getAttribute("aria-label") && !each.innerText?.trim() && !each.labels?.length)
  .map((each) => each.outerHTML.slice(0, 120))"""


# Of the panel, which cuts off what does not fit.
TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.querySelector(".panel-body");
  return scrollWidth - clientWidth;
}"""


async def open_screen(person: Person, name: str) -> None:
    await person.page.get_by_role("button", name="菜单").click()
    await person.page.locator(".menu").get_by_role("button", name=name, exact=True).click()
    await expect(person.page.locator("#screen-title")).to_have_text(name)
    # A person who cannot see it hears that something else is shown now.
    await expect(person.page.locator("#screen-title")).to_be_focused()


async def test_a_person_who_is_invited_joins_by_the_link_and_an_alert_in_between_does_not_cost_it(
    circle: Circle,
) -> None:
    staff = await circle.sign_in("community", DESKTOP)
    await open_screen(staff, "邀请")
    await staff.page.locator("select[name=partner_id]").select_option(label="省示例医院")
    await staff.page.locator("select[name=unit_id]").select_option(label="急救车组")
    await staff.page.get_by_label("给谁").fill("王芳，夜班护士")
    await staff.page.get_by_role("button", name="生成邀请链接").click()
    link = staff.page.locator(".made .link")
    address = await link.input_value()
    building = await circle.building(BLOCK_7)
    await circle.raise_alert(kind="smoke", severity="orange", exercise=False, building_id=building["id"])
    await expect(staff.page.locator(".incident-header")).to_be_visible()
    await open_screen(staff, "邀请")
    await expect(link).to_have_value(address)
    await staff.picture("1440x900-16-invitation")

    nurse = await circle.visit("wang.fang", address, PHONE)
    await expect(nurse.page.locator(".accept-role")).to_have_text("处置人员省示例医院")
    await nurse.picture("390x844-16-accept")
    await nurse.page.get_by_label("姓名").fill("王芳")
    await nurse.page.get_by_label("用户名").fill("wang.fang")
    await nurse.page.get_by_label("新密码").fill(NEW_PASSWORD)
    await nurse.page.locator(".accept button.primary").click()

    await expect(nurse.page.locator(".bar small")).to_have_text("王芳")
    assert "invitation" not in nurse.page.url
    await open_screen(staff, "人员与角色")
    await expect(staff.page.locator(".person", has_text="王芳")).to_contain_text("警报送达：急救车组")
    stranger = await circle.visit("stranger", address, PHONE)
    stranger.expected += ("404 (Not Found)",)
    await expect(stranger.page.locator("[role=alert]")).to_contain_text("邀请无效")


async def test_a_person_is_given_another_role_and_taken_out_and_the_log_says_so(circle: Circle) -> None:
    name = await circle.newcomer(NEW_PASSWORD)
    newcomer = await circle.visit(name, circle.stage.url, PHONE)
    await newcomer.enter(NEW_PASSWORD)
    staff = await circle.sign_in("community", DESKTOP)
    await open_screen(staff, "人员与角色")
    row = staff.page.locator(".person", has_text=name)
    await row.locator(".row-button").click()
    await row.locator("select[name=role]").select_option(label="演练策划")
    await row.get_by_role("button", name="保存").click()
    await expect(row.locator(".state")).to_have_text("演练策划")
    await expect(newcomer.page.locator(".connection[data-phase=live]")).to_be_visible()

    await row.locator(".row-button").click()
    await staff.picture("1440x900-17-people")
    remove = row.locator("er-confirm-button button")
    await remove.click()
    await expect(remove).to_contain_text("再点一次确认")
    # What the open page had asked for a moment before is not there for it any more.
    newcomer.expected += ("404 (Not Found)",)
    await remove.click()

    await expect(row).to_have_count(0)
    # The open page leaves by itself, and keeps nothing of what it knew.
    await expect(newcomer.page.locator("body")).to_contain_text("还没有加入任何响应圈")
    assert BLOCK_7 not in await newcomer.page.evaluate("JSON.stringify(localStorage)")
    await open_screen(staff, "审计记录")
    await expect(staff.page.locator(".verification[data-good=true]")).to_contain_text("记录完整")
    deeds = staff.page.locator(".audit summary")
    await expect(deeds.filter(has_text=f"移出人员 · {name}")).to_have_count(1)
    await staff.page.locator("select[name=action]").select_option(label="更改角色或单位")
    await staff.page.get_by_role("button", name="查找").click()
    await expect(deeds.filter(has_text="移出人员")).to_have_count(0)
    await expect(deeds.filter(has_text=f"更改角色或单位 · {name}")).to_have_count(1)
    await staff.picture("1440x900-18-audit")


async def test_a_person_who_may_not_answer_any_more_leaves_the_unit_and_is_not_counted_on(
    circle: Circle,
) -> None:
    unit = await circle.unit("急救车组")
    hospital = unit["properties"]["partner_id"]
    name = await circle.newcomer(NEW_PASSWORD, role="responder", partner_id=hospital, unit_id=unit["id"])
    newcomer = await circle.visit(name, circle.stage.url, PHONE)
    await newcomer.enter(NEW_PASSWORD)
    building = await circle.building(BLOCK_7)
    await circle.raise_alert(kind="smoke", severity="orange", exercise=True, building_id=building["id"])
    await newcomer.page.get_by_role("button", name="接警，我去").click()
    staff = await circle.sign_in("community", DESKTOP)
    accepted = staff.page.locator("[data-count=accepted] dd")
    await expect(accepted).to_have_text("1")

    await open_screen(staff, "人员与角色")
    row = staff.page.locator(".person", has_text=name)
    await expect(row).to_contain_text("警报送达：急救车组")
    await row.locator(".row-button").click()
    await row.locator("select[name=role]").select_option(label="观察员")
    await expect(row.locator("input[name=unit]")).to_have_count(0)
    await expect(row.locator("form .problem")).to_contain_text(f"{name}退出所在的力量")
    await staff.picture("1440x900-30-leaves-units")
    await row.get_by_role("button", name="保存").click()

    await expect(row).to_contain_text("不在任何力量中")
    await row.locator(".row-button").click()
    await expect(row.locator("form .muted", has_text="警报不会呼叫此人")).to_have_count(1)
    await open_screen(staff, "邀请")
    await staff.page.locator("select[name=partner_id]").select_option(label="省示例医院")
    await expect(staff.page.locator("select[name=unit_id]")).to_have_count(1)
    await staff.page.locator("select[name=role]").select_option(label="演练策划")
    await expect(staff.page.locator("select[name=unit_id]")).to_have_count(0)
    await expect(staff.page.locator(".screen")).to_contain_text("此角色不接警")
    await staff.picture("1440x900-31-invited-without-unit")

    # The same for a person who is taken out whole, while the office looks on.
    office = await circle.sign_in("community", PHONE, language="en", scheme="light")
    told = office.page.locator(".problem.withdrawn")
    await expect(told).to_contain_text(f"Cannot come after all: {name}")
    await expect(office.page.locator("[data-count=accepted] dd")).to_have_text("0")
    await office.picture("390x844-30-not-counted-on-en")
    assert await office.page.evaluate(TOO_WIDE) <= 0, "long names break, or the counts are cut off"
    people = await circle.office.get("people")
    second = next(each for each in people if each["username"] == "police.tang")
    await circle.office.patch(f"people/{second['account_id']}", {"unit_ids": []})
    await expect(told).to_contain_text(second["name"])
    await circle.office.patch(f"people/{second['account_id']}", {"unit_ids": second["unit_ids"]})


async def test_an_ended_session_leaves_its_page_and_a_new_password_ends_all_others(circle: Circle) -> None:
    name = await circle.newcomer(NEW_PASSWORD)
    here, there, again = [await circle.visit(name, circle.stage.url, PHONE) for _ in range(3)]
    await here.enter(NEW_PASSWORD)
    await there.enter(NEW_PASSWORD)
    await here.page.get_by_role("button", name="菜单").click()
    # Those who manage nothing are not offered to.
    assert await here.page.locator(".menu").get_by_text("审计记录").count() == 0
    await here.page.keyboard.press("Escape")
    await open_screen(here, "我的登录")
    rows = here.page.locator(".rows .row")
    await expect(rows.first).to_contain_text("本设备")
    await here.picture("390x844-17-sessions")

    # What the other page had asked for a moment before is refused.
    there.expected += ("401 (Unauthorized)",)
    await here.page.get_by_role("button", name="结束其他").click()
    await here.page.get_by_role("button", name="再点一次确认").click()

    await expect(rows).to_have_count(1)
    await expect(there.page.locator(".sign-in [role=alert]")).to_contain_text("登录已失效")

    await again.enter(NEW_PASSWORD)
    await here.page.locator(".screen nav button", has_text="修改密码").click()
    await here.page.get_by_label("现在的密码").fill("something else")
    await here.page.get_by_label("新密码").fill(NEW_PASSWORD + "!")
    change = here.page.locator("form").get_by_role("button", name="修改密码")
    here.expected += ("403 (Forbidden)",)
    await change.click()
    await expect(here.page.locator("[role=alert]", has_text="密码不对")).to_be_visible()
    await here.page.get_by_label("现在的密码").fill(NEW_PASSWORD)
    await change.click()

    await expect(here.page.locator("#screen-title")).to_have_text("我的登录")
    await expect(rows).to_have_count(1)
    await expect(again.page.locator(".sign-in [role=alert]")).to_contain_text("登录已失效")


def rewrite_first(owner: psycopg.Connection, circle_id: str, action: str) -> str:
    """Put the guards aside, as only the owner can, and write down another deed; return what it was."""
    with owner.transaction():
        [before] = owner.execute(
            "SELECT action FROM audit WHERE circle_id = %s AND seq = 1", [circle_id]
        ).fetchone() or ("",)
        owner.execute("ALTER TABLE audit DISABLE TRIGGER USER")
        owner.execute("UPDATE audit SET action = %s WHERE circle_id = %s AND seq = 1", [action, circle_id])
        owner.execute("ALTER TABLE audit ENABLE TRIGGER USER")
    return str(before)


async def test_a_record_that_a_person_changed_is_named_at_the_top_of_the_log(
    circle: Circle, stage_url: str
) -> None:
    staff = await circle.sign_in("community", PHONE)
    await open_screen(staff, "审计记录")
    await expect(staff.page.locator(".verification")).to_have_attribute("data-good", "true")
    circle_id = circle.office.circle_id
    with psycopg.connect(stage_url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as owner:
        action = rewrite_first(owner, circle_id, "duty_changed")
        try:
            await staff.page.get_by_role("button", name="重新核对").click()
            state = staff.page.locator(".verification[data-good=false]")
            await expect(state).to_contain_text("从第 1 条起对不上")
            await expect(state).to_contain_text("这一条被改动过")
            await staff.picture("390x844-19-log-changed")
        finally:
            rewrite_first(owner, circle_id, action)
    await staff.page.get_by_role("button", name="重新核对").click()
    await expect(staff.page.locator(".verification")).to_have_attribute("data-good", "true")


async def test_looks_that_come_with_opened_pages_do_not_hide_the_rest_of_the_log(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE)
    for _ in range(2):
        await circle.office.get("buildings")
    await open_screen(staff, "审计记录")
    looks = staff.page.locator(".audit > .row").filter(has_text="查看各楼户数")
    first = looks.first
    await expect(first.locator("summary").first).to_contain_text(re.compile(r"查看各楼户数，\d+ 次"))
    await first.locator("summary").first.click()
    await expect(first.locator(".row .fold").first).to_be_visible()
    await staff.picture("390x844-32-looks-together")
    assert not await staff.page.evaluate(OVERFLOWS)
    await staff.page.locator("select[name=action]").select_option(label="查看各楼户数")
    await staff.page.get_by_role("button", name="查找").click()
    await expect(looks.nth(2)).to_be_visible()
    await expect(staff.page.locator(".audit .row .row")).to_have_count(0)


async def test_signing_in_says_how_long_to_wait_after_too_many_attempts(
    circle: Circle, stage_url: str
) -> None:
    with psycopg.connect(stage_url.replace("postgresql+psycopg", "postgresql")) as connection:
        for address in ("127.0.0.1", "::1"):
            for counter in sign_in_counters("nobody.here", address)[:1]:
                connection.execute(
                    "INSERT INTO attempt (key, failures, last_at) VALUES (%s, 14, %s)",
                    (counter.key, datetime.now(UTC)),
                )
    guest = await circle.visit("nobody.here", circle.stage.url, PHONE)
    guest.expected += ("429 (Too Many Requests)",)
    await guest.page.get_by_label("用户名").fill("nobody.here")
    await guest.page.get_by_label("密码").fill("guessed")
    await guest.page.get_by_role("button", name="进入").click()

    await expect(guest.page.locator("[role=alert]")).to_contain_text("尝试次数太多")
    enter = guest.page.locator(".sign-in button.primary")
    await expect(enter).to_be_disabled()
    await expect(enter).to_contain_text("请等 ")
    await guest.picture("390x844-18-locked-out")


async def test_on_a_small_phone_every_screen_fits_and_every_target_is_big_enough(circle: Circle) -> None:
    staff = await circle.sign_in("community", SMALL_PHONE, scheme="light")
    for name in ("我的登录", "人员与角色", "邀请", "审计记录"):
        await open_screen(staff, name)
        await expect(staff.page.locator(".screen .progress")).to_have_count(0)
        if name == "人员与角色":
            await staff.page.locator(".person .row-button").first.click()
            await expect(staff.page.locator(".person form, .person p")).not_to_have_count(0)
        small = await staff.page.evaluate(TOO_SMALL, 48)
        assert [each for each in small if not each.startswith("unseen")] == [], name
        assert not await staff.page.evaluate(OVERFLOWS), name
        assert await staff.page.evaluate(NAMELESS) == [], name
    await staff.picture("360x640-light-audit")
