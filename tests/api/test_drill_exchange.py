"""Injects of a drill go out and come in as a sheet, all or none; a drill goes out as a calendar file."""

from io import BytesIO
from typing import Any

import httpx
from icalendar import Calendar
from openpyxl import load_workbook

from tests.api.conftest import SignIn, World
from tests.api.test_drills import planned
from tests.exchange.drill_books import HEADINGS, book, zipped

ROWS = [
    (1, "0:00", "电话", "居民来电：楼道冒烟"),
    (2, "1:00", "封路", "货车"),
    (9, "12:30", "险情", "电池爆燃"),
]


async def sent(
    http: httpx.AsyncClient, path: str, data: bytes, *, name: str = "注入.xlsx", **query: str
) -> httpx.Response:
    return await http.post(path, files={"file": (name, data)}, params=query)


def codes(answer: httpx.Response) -> set[tuple[str, int | None, str | None]]:
    told = answer.json()["messages"]
    assert all(each["zh"] and each["en"] for each in told)
    return {(each["code"], each["row"], each["column"]) for each in told if each["level"] == "error"}


async def test_injects_are_exported_edited_previewed_and_imported(
    world: World, staff: httpx.AsyncClient
) -> None:
    drill = await planned(staff, world)
    path = f"{world.path}/drills/{drill['id']}"
    given = await staff.get(f"{path}/injects.xlsx", params={"language": "en"})
    assert (
        given.headers["content-disposition"] == f'attachment; filename="exercise-{drill["id"]}-injects.xlsx"'
    )
    assert given.headers["cache-control"] == "no-store"
    same = (await sent(staff, f"{path}/injects/import/preview", given.content)).json()
    assert (same["importable"], same["messages"]) == (True, [])
    assert (same["added"], same["changed"], same["removed"], same["unchanged"]) == ([], [], [], 4)
    assert same["version"] == drill["version"]

    workbook = load_workbook(BytesIO(given.content))
    sheet: Any = workbook.worksheets[0]
    sheet["D2"] = "来电：三楼冒烟"
    sheet.delete_rows(5)
    sheet["A9"], sheet["B9"], sheet["C9"], sheet["D9"] = 12, "12:30", "hazard", "=1+1"
    sheet["D9"].data_type = "s"
    file = BytesIO()
    workbook.save(file)
    preview = (await sent(staff, f"{path}/injects/import/preview", file.getvalue())).json()
    assert (preview["added"], preview["removed"], preview["unchanged"]) == ([12], [4], 2)
    assert preview["changed"] == [{"number": 1, "fields": ["text"]}]
    assert [(each["code"], each["row"], each["level"]) for each in preview["messages"]] == [
        ("point_missing", 9, "warning")
    ]
    assert (await staff.get(path)).json() == drill, "a preview changes nothing"

    answer = await sent(staff, f"{path}/injects/import", file.getvalue(), expected_version=preview["version"])
    assert answer.status_code == 200, answer.text
    imported = answer.json()["drill"]
    assert [each["number"] for each in imported["plan"]["injects"]] == [1, 2, 3, 12]
    assert imported["plan"]["injects"][3]["text"] == "=1+1"
    assert imported["plan"]["injects"][1] == drill["plan"]["injects"][1], "the lane is kept"
    assert [each["code"] for each in imported["problems"]] == ["point_missing"]
    assert imported["revision"] == 0, "participants do not see injects"
    assert (await staff.get(path)).json() == imported
    audit = (await staff.get(f"{world.path}/audit")).json()["records"]
    actions = [each["action"] for each in audit if (each["subject"] or {}).get("id") == drill["id"]]
    assert sorted(actions) == ["drill_injects_imported", "drill_planned"]

    late = await sent(staff, f"{path}/injects/import", given.content, expected_version=drill["version"])
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")


async def test_one_wrong_row_and_nothing_is_imported(world: World, staff: httpx.AsyncClient) -> None:
    drill = await planned(staff, world, objectives=[], injects=[])
    path = f"{world.path}/drills/{drill['id']}"
    headings = (*HEADINGS, "等待", "过期", "经度", "纬度", "发给", "力量")
    rows = [
        *ROWS,
        (0, "0:00", "消息", "x"),
        (3, "-0:30", "消息", "x"),
        (4, "999:00:00", "消息", ""),
        (5, "0:00", "消息", "x" * 501, "注入 77"),
        (6, "2026-03-05 08:00", "消息", "x", "注入 7", "3:00:00"),
        (7, "0:00", "险情", "x", "注入 6", "1:00", 500, 28),
        (8, "0:00", "消息", "x", None, None, None, None, "没有的单位"),
    ]
    data = book(rows, headings=headings)
    preview = await sent(staff, f"{path}/injects/import/preview", data)
    assert preview.status_code == 200
    found = {
        ("number_refused", 5, "number"),
        ("after_s_refused", 6, "after_s"),
        ("after_s_refused", 7, "after_s"),
        ("waits_for_refused", 8, "waits_for"),
        ("time_is_date", 9, "after_s"),
        ("expires_after_s_refused", 9, "expires_after_s"),
        ("lon_refused", 10, "lon"),
        ("partner_unknown", 11, "partner_ids"),
    }
    assert codes(preview) == found
    assert (preview.json()["importable"], preview.json()["added"]) == (False, [])
    answer = await sent(staff, f"{path}/injects/import", data)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet_refused")
    assert codes(answer) == found
    assert (await staff.get(path)).json() == drill


async def test_rules_between_rows_and_with_objectives_are_told(
    world: World, staff: httpx.AsyncClient
) -> None:
    drill = await planned(staff, world)
    path = f"{world.path}/drills/{drill['id']}/injects/import/preview"
    ring = book([(2, 0, "封路", "x", "注入 3"), (3, 0, "消息", "y", "注入 2")], headings=(*HEADINGS, "等待"))
    assert codes(await sent(staff, path, ring)) == {("waits_for_refused", 2, "waits_for")}
    assert codes(await sent(staff, path, book([(1, 0, "消息", "x")], headings=(*HEADINGS, "等待")))) == {
        ("objectives_refused", None, None)
    }


async def test_files_that_are_no_sheet_are_told_and_never_a_fault_of_ours(
    world: World, staff: httpx.AsyncClient
) -> None:
    drill = await planned(staff, world)
    path = f"{world.path}/drills/{drill['id']}/injects"
    assert codes(await sent(staff, f"{path}/import/preview", b"")) == {("empty_file", None, None)}
    assert codes(await sent(staff, f"{path}/import/preview", b"a,b\n1,2\n")) == {
        ("file_not_xlsx", None, None)
    }
    raw = await staff.post(f"{path}/import/preview", content=book(ROWS))
    assert codes(raw) == set()
    nothing = await staff.post(f"{path}/import/preview", files={"other": ("x", b"x")})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "invalid_request")
    refused = await sent(staff, f"{path}/import", zipped(mimetype=b"x"))
    assert (refused.status_code, refused.json()["code"]) == (422, "sheet_refused")
    language = await staff.get(f"{path}.xlsx", params={"language": "fr"})
    assert (language.status_code, language.json()["code"]) == (422, "invalid_request")


async def test_who_may_see_the_plan_exports_and_who_plans_imports(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    drill = await planned(staff, world)
    path = f"{world.path}/drills/{drill['id']}"
    observer, responder = await sign_in("observer"), await sign_in("hospital.wen")
    assert (await observer.get(f"{path}/injects.xlsx")).status_code == 200
    assert (await responder.get(f"{path}/injects.xlsx")).status_code == 403
    for http in (observer, responder):
        assert (await sent(http, f"{path}/injects/import", book(ROWS))).status_code == 403
        assert (await sent(http, f"{path}/injects/import/preview", book(ROWS))).status_code == 403


async def test_a_drill_that_was_called_off_takes_no_injects_and_leaves_calendars(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    drill = await planned(staff, world, objectives=[], injects=[], notice="周六有演练", scenario="秘密")
    path = f"{world.path}/drills/{drill['id']}"
    responder = await sign_in("hospital.wen")
    given = await responder.get(f"{path}/calendar.ics")
    assert given.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "秘密" not in given.text.replace("\r\n ", "")
    [first] = Calendar.from_ical(given.content).walk("VEVENT")
    assert (str(first["UID"]), first["SEQUENCE"]) == (drill["id"], 0)

    await staff.post(f"{path}/call-off")
    answer = await sent(staff, f"{path}/injects/import", book(ROWS))
    assert (answer.status_code, answer.json()["code"]) == (409, "drill_not_planned")
    off = Calendar.from_ical((await responder.get(f"{path}/calendar.ics")).content)
    [event] = off.walk("VEVENT")
    assert (off["METHOD"], event["UID"], event["SEQUENCE"]) == ("CANCEL", first["UID"], 1)


async def test_a_drill_without_a_date_is_in_no_calendar(world: World, staff: httpx.AsyncClient) -> None:
    drill = await planned(staff, world, starts_at=None)
    answer = await staff.get(f"{world.path}/drills/{drill['id']}/calendar.ics")
    assert (answer.status_code, answer.json()["code"]) == (409, "drill_without_date")
