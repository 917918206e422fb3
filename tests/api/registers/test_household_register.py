"""The register of households by HTTP: written, found, imported, confirmed, exported and erased."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from tests.api.conftest import SignIn, World, new_key

TODAY = date.today().isoformat()  # noqa: DTZ011 - any day up to now will do
BODY = {"door": "101", "floor": 1, "people": 2}
DETAILS = {**BODY, "consent_given_on": TODAY, "contact_name": "夏侯测试", "contact_phone": "+8614000078001"}


@pytest.fixture(scope="module")
async def building(world: World, staff: httpx.AsyncClient) -> str:
    """Give the path of a building without a register."""
    features = (await staff.get(f"{world.path}/buildings")).json()["features"]
    found = next(one["id"] for one in features if one["properties"]["name"] == "脑科巷17栋")
    return f"{world.path}/buildings/{found}/households"


async def test_a_household_is_written_changed_confirmed_exported_and_erased(
    world: World, staff: httpx.AsyncClient, building: str
) -> None:
    key = new_key()
    made = await staff.post(building, json=DETAILS, headers=key)
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    again = await staff.post(building, json=DETAILS, headers=key)
    assert again.json()["id"] == made.json()["id"]
    taken = await staff.post(building, json=BODY, headers=new_key())
    assert (taken.status_code, taken.json()["code"]) == (409, "door_taken")
    other = await staff.post(building, json={**BODY, "door": "102", "contact_name": "x"}, headers=new_key())
    assert (other.status_code, other.json()["code"]) == (422, "consent_needed")

    path = f"{world.path}/households/{made.json()['id']}"
    changed = await staff.put(path, json={**DETAILS, "people": 3, "expected_version": 1})
    assert (changed.json()["people"], changed.json()["version"]) == (3, 2)
    late = await staff.put(path, json={**DETAILS, "expected_version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")
    assert (await staff.post(f"{path}/confirmation")).json()["confirmed_on"]

    told = await staff.get(f"{path}/export")
    assert told.headers["content-disposition"].startswith("attachment")
    assert told.json()["contact_name"] == "夏侯测试"
    assert told.json()["purpose"]
    bare = (await staff.delete(f"{path}/consent")).json()
    assert (bare["contact_name"], bare["consent"]["withdrawn_on"] is None) == ("", False)
    assert (await staff.delete(path)).status_code == 204
    assert (await staff.get(building)).json()["households"] == []
    assert (await staff.get(f"{path}/export")).status_code == 404


async def test_a_search_gives_doors_and_no_names(
    world: World, staff: httpx.AsyncClient, building: str
) -> None:
    body = {**DETAILS, "door": "205", "contact_name": "诸葛测试"}
    made = await staff.post(building, json=body, headers=new_key())
    found = await staff.post(f"{world.path}/households/search", json={"words": "诸葛"})
    [door] = found.json()["found"]
    assert door == {**door, "id": made.json()["id"], "door": "205"}
    assert "诸葛" not in found.text
    assert door.keys() == {"id", "building_id", "door", "floor"}
    short = await staff.post(f"{world.path}/households/search", json={"words": "x"})
    assert (short.status_code, short.json()["field"]) == (422, "words")
    numbers = (await staff.get(f"{world.path}/households")).json()
    assert "诸葛" not in str(numbers)
    of_building = next(each for each in numbers["buildings"] if each["building_id"] == door["building_id"])
    assert (of_building["households"], of_building["with_consent"]) == (1, 1)


async def test_how_long_they_are_kept_is_set(world: World, staff: httpx.AsyncClient) -> None:
    path = f"{world.path}/households/retention"
    assert (await staff.put(path, json={"due_after_months": 6, "delete_after_months": 18})).status_code == 204
    numbers = (await staff.get(f"{world.path}/households")).json()
    assert (numbers["due_after_months"], numbers["delete_after_months"]) == (6, 18)
    wrong = await staff.put(path, json={"due_after_months": 18, "delete_after_months": 6})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_value")


async def test_a_sheet_is_told_and_then_brought_in(world: World, staff: httpx.AsyncClient) -> None:
    path = f"{world.path}/households/sheet"
    template = await staff.get(f"{path}.xlsx", params={"language": "en"})
    book = load_workbook(BytesIO(template.content))
    book.worksheets[0].append(("脑科巷18栋", "301", 3, 2))
    book.worksheets[0].append(("脑科巷18栋", "302", 3, 1))
    file = BytesIO()
    book.save(file)

    async def sent(data: bytes, **query: str) -> httpx.Response:
        return await staff.post(f"{path}/import", files={"file": ("住户.xlsx", data)}, params=query)

    told = (await sent(file.getvalue())).json()
    assert (told["importable"], told["applied"], len(told["created"])) == (True, False, 2)
    done = await sent(file.getvalue(), apply="true", expected_digest=told["digest"])
    assert done.status_code == 200, done.text
    assert (done.json()["applied"], len(done.json()["created"])) == (True, 2)
    again = (await sent(file.getvalue())).json()
    assert (again["created"], again["changed"], again["unchanged"]) == ([], [], 2)

    wrong = Workbook()
    for row in (("楼栋", "门牌", "人数"), ("没有这栋", "1", 2), ("脑科巷18栋", "301", "x")):
        wrong.active.append(row)
    file = BytesIO()
    wrong.save(file)
    told = (await sent(file.getvalue())).json()
    assert told["importable"] is False
    assert {(each["code"], each["row"], each["column"]) for each in told["messages"]} == {
        ("building_unknown", 2, "building"),
        ("people_unreadable", 3, "people"),
    }
    refused = await sent(file.getvalue(), apply="true")
    assert (refused.status_code, refused.json()["code"]) == (422, "sheet_refused")
    junk = await sent(b"no workbook")
    assert [each["code"] for each in junk.json()["messages"]] == ["file_not_xlsx"]


async def test_another_circles_household_and_building_are_not_there(
    world: World, staff: httpx.AsyncClient
) -> None:
    for path in (
        f"{world.path}/buildings/{uuid4()}/households",
        f"{world.path}/households/{uuid4()}/export",
        f"{world.path}/incidents/{uuid4()}/households",
    ):
        assert (await staff.get(path)).status_code == 404
    strange = f"/api/circles/{world.strange_circle_id}/households"
    assert (await staff.get(strange)).status_code == 404


async def test_others_are_refused(world: World, sign_in: SignIn) -> None:
    for username in ("planner", "observer", "hospital", "hospital.wen"):
        http = await sign_in(username)
        answer = await http.get(f"{world.path}/households")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
