"""A message of another system comes on the screens of staff; a person raises an alert from it or does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Person
from tests.exchange.messages import area_text, cap_text, info_text

HEADLINE = "湘雅路消防站：脑科巷火灾"
IN_TWO_HOURS = (datetime.now(UTC) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def warning(
    path: Path,
    *,
    headline: str = HEADLINE,
    english: str = "Fire in the alley",
    area: str | None = None,
    **parts: str,
) -> Path:
    """Write a CAP file, each of another identifier."""
    infos = info_text(headline=headline, expires=IN_TWO_HOURS, area=area) + info_text(
        language="en", event="Fire", headline=english, expires=IN_TWO_HOURS, area=area
    )
    path.write_text(cap_text(identifier=str(uuid4()), infos=infos, **parts), encoding="utf-8")
    return path


async def send_in(person: Person, file: Path) -> None:
    summary = person.page.locator("summary", has_text="CAP")
    await summary.click()
    await person.page.locator("er-send-in input").set_input_files(file)


async def decide(person: Person, what: str) -> None:
    button = person.page.locator(f"[data-decide={what}] button")
    await button.click()
    await expect(button).to_have_attribute("data-asking", "true")
    await button.click()


async def test_a_message_is_sent_in_by_one_and_confirmed_by_another(circle: Circle, tmp_path: Path) -> None:
    staff = await circle.sign_in("community", DESKTOP)
    hospital = await circle.sign_in("hospital", PHONE, scheme="light")
    waiting = hospital.page.locator(".row-button", has_text=HEADLINE)
    await expect(waiting).to_have_count(0)

    await send_in(staff, warning(tmp_path / "warning.cap"))

    await expect(staff.page.locator("er-send-in .row")).to_contain_text("已列为待确认")
    await waiting.click()
    await expect(hospital.page.locator(".view-header h2")).to_have_text(HEADLINE)
    await hospital.picture("390x844-proposal")
    assert (await circle.office.get("incidents?open=true"))["incidents"] == [], "nothing is raised by itself"

    await decide(hospital, "confirm")

    await expect(hospital.page.locator(".incident-header h2")).to_contain_text("脑科巷")
    await expect(staff.page.locator(".incident-card, .incident-header").first).to_be_visible()
    [raised] = (await circle.office.get("incidents?open=true"))["incidents"]
    assert raised["incident"]["severity"] == "orange"
    link = hospital.page.locator(".cap-links a")
    await expect(link).to_contain_text("CAP 警报")
    assert raised["alerts"][0]["id"] in str(await link.get_attribute("href"))


async def test_without_a_shape_a_place_is_tapped_and_then_it_is_an_exercise(
    circle: Circle, tmp_path: Path
) -> None:
    staff = await circle.sign_in("community", DESKTOP, language="en")
    file = warning(
        tmp_path / "drill.cap",
        area=area_text(polygon=None),
        headline="演练：巷口起火",
        english="Drill: fire at the mouth of the lane",
        status="Exercise",
        note="演练一",
    )
    await send_in(staff, file)
    await staff.page.locator(".row-button", has_text="Drill: fire at the mouth").click()
    confirm = staff.page.locator("[data-decide=confirm] button")
    await expect(confirm).to_be_disabled()
    await expect(staff.page.locator(".rows .row").first).to_contain_text("no polygon")
    await staff.picture("1440x900-proposal-without-place")
    await staff.look_at(112.985, 28.158)
    await staff.tap_map(112.985, 28.158)
    await expect(confirm).to_be_enabled()
    await staff.picture("1440x900-proposal-place-chosen")

    await decide(staff, "confirm")

    await expect(staff.page.locator(".incident-header[data-exercise]")).to_be_visible()
    [raised] = (await circle.office.get("incidents?open=true"))["incidents"]
    assert raised["incident"]["exercise"]


async def test_it_is_dismissed_and_what_is_wrong_is_said(circle: Circle, tmp_path: Path) -> None:
    staff = await circle.sign_in("community", PHONE)
    staff.expected += ("422 (Unprocessable Entity)",)
    wrong = warning(tmp_path / "wrong.cap", area=area_text(polygon="28.1,112.9 28.1,113 28.2,113"))
    await send_in(staff, wrong)
    await expect(staff.page.locator("er-send-in .row")).to_contain_text("多边形")
    await staff.picture("390x844-proposal-refused")
    await staff.page.locator("er-send-in input").set_input_files(
        warning(tmp_path / "sound.cap", headline="误发的消息")
    )
    await staff.page.locator(".row-button", has_text="误发的消息").click()

    await decide(staff, "dismiss")

    await expect(staff.page.locator(".toast")).to_contain_text("不作为警情")
    [latest, *_] = (await circle.office.get("proposals"))["proposals"]
    assert latest["state"] == "dismissed"
    assert (await circle.office.get("incidents?open=true"))["incidents"] == []


async def test_who_may_not_raise_sees_no_messages(circle: Circle) -> None:
    observer = await circle.sign_in("observer")
    assert await observer.page.locator("er-send-in").count() == 0
