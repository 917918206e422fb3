"""Drills are planned, changed and called off; what is wrong in a plan is refused by its field."""

import itertools
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.api.conftest import SignIn, World

PLACE = {"lon": 112.985, "lat": 28.158, "label": "脑科巷7栋"}
LANE = {"type": "LineString", "coordinates": [[112.9848, 28.158], [112.9852, 28.158]]}
OBJECTIVES: list[dict[str, Any]] = [
    {"key": "first", "text": "三分钟内到场", "measure": "first_on_scene", "within_s": 180},
    {"key": "lane", "text": "两分钟内清道", "measure": "lane_clear", "within_s": 120, "since_inject": 2},
    {"key": "counted", "text": "十分钟内点名", "measure": "counted", "within_s": 600, "count": 20},
]
INJECTS: list[dict[str, Any]] = [
    {"number": 1, "after_s": 0, "kind": "telephone", "text": "居民来电：楼道冒烟"},
    {
        "number": 2,
        "after_s": 60,
        "kind": "closure",
        "text": "货车挡住消防通道",
        "objective": "lane",
        "closure": {"geometry": LANE, "wider_than_m": 2.0},
    },
    {
        "number": 3,
        "after_s": 30,
        "kind": "casualty",
        "text": "一名老人吸入浓烟",
        "lon": 112.985,
        "lat": 28.158,
        "waits_for": {"kind": "on_scene"},
    },
    {
        "number": 4,
        "after_s": 0,
        "kind": "message",
        "text": "解除",
        "waits_for": {"kind": "inject", "inject": 3},
    },
]


def plan(**changes: object) -> dict[str, Any]:
    starts_at = (datetime.now(UTC) + timedelta(days=7)).replace(microsecond=0)
    return deepcopy(
        {
            "name": "电动车起火演练",
            "mode": "field",
            "kind": "fire",
            "place": PLACE,
            "starts_at": starts_at.isoformat(),
            "duration_s": 1800,
            "objectives": OBJECTIVES,
            "injects": INJECTS,
            **changes,
        }
    )


async def planned(staff: httpx.AsyncClient, world: World, **changes: object) -> dict[str, Any]:
    answer = await staff.post(f"{world.path}/drills", json={"plan": plan(**changes)})
    assert answer.status_code == 201, answer.text
    drill: dict[str, Any] = answer.json()
    return drill


async def test_a_drill_is_planned_changed_and_called_off(world: World, staff: httpx.AsyncClient) -> None:
    drill = await planned(staff, world)
    assert (drill["state"], drill["revision"], drill["problems"]) == ("planned", 0, [])
    path = f"{world.path}/drills/{drill['id']}"
    assert (await staff.get(path)).json() == drill

    # What was answered can be sent back as it is, and changes nothing.
    same = await staff.put(path, json={"plan": drill["plan"], "expected_version": drill["version"]})
    assert same.json() == drill
    body = {**drill["plan"], "injects": drill["plan"]["injects"][:3]}
    edited = (await staff.put(path, json={"plan": body, "expected_version": drill["version"]})).json()
    assert edited["revision"] == 0, "participants do not see injects"
    assert edited["version"] != drill["version"]
    late = await staff.put(path, json={"plan": body, "expected_version": drill["version"]})
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")
    assert late.json()["by"] == drill["created_by_name"]
    moved = (await staff.put(path, json={"plan": {**body, "duration_s": 2400}})).json()
    assert moved["revision"] == 1

    off = (await staff.post(f"{path}/call-off")).json()
    assert (off["state"], off["revision"]) == ("called_off", 2)
    again = await staff.post(f"{path}/call-off")
    assert (again.status_code, again.json()["code"]) == (409, "drill_not_planned")
    assert again.json()["state"] == "called_off"
    too_late = await staff.put(path, json={"plan": body})
    assert (too_late.status_code, too_late.json()["code"]) == (409, "drill_not_planned")
    assert (await staff.get(path)).json() == off

    audit = (await staff.get(f"{world.path}/audit")).json()["records"]
    actions = [each["action"] for each in audit if (each["subject"] or {}).get("id") == drill["id"]]
    assert sorted(actions) == ["drill_called_off", "drill_changed", "drill_changed", "drill_planned"]


async def test_those_who_take_part_learn_when_and_where_alone(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    drill = await planned(staff, world, scenario="秘密", notice="周六有演练")
    responder = await sign_in("hospital.wen")
    [card] = [
        each
        for each in (await responder.get(f"{world.path}/drills")).json()["drills"]
        if each["id"] == drill["id"]
    ]
    assert card["notice"] == "周六有演练"
    assert card["starts_at"] == drill["plan"]["starts_at"]
    assert not {"plan", "injects", "objectives", "scenario"} & set(card)
    assert (await responder.get(f"{world.path}/drills/{drill['id']}")).status_code == 403
    observer = await sign_in("observer")
    assert (await observer.get(f"{world.path}/drills/{drill['id']}")).json() == drill


async def test_drills_come_by_pages_the_last_first(world: World, staff: httpx.AsyncClient) -> None:
    ids = [(await planned(staff, world, name=f"第{number}次"))["id"] for number in range(3)]
    first = (await staff.get(f"{world.path}/drills", params={"limit": 2})).json()
    assert [each["id"] for each in first["drills"]] == ids[:0:-1]
    rest = (await staff.get(f"{world.path}/drills", params={"before": first["next"]})).json()
    assert rest["drills"][0]["id"] == ids[0]
    assert (await staff.get(f"{world.path}/drills", params={"before": str(uuid4())})).status_code == 404


async def test_a_drill_that_is_sent_again_is_planned_once(world: World, staff: httpx.AsyncClient) -> None:
    body, headers = {"plan": plan()}, {"Idempotency-Key": str(uuid4())}
    first = await staff.post(f"{world.path}/drills", json=body, headers=headers)
    again = await staff.post(f"{world.path}/drills", json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    other = await staff.post(f"{world.path}/drills", json={"plan": plan(name="x")}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")


async def test_what_is_missing_is_saved_and_told(world: World, staff: httpx.AsyncClient) -> None:
    injects = [
        {"number": 7, "after_s": 0, "kind": "unit_out", "text": "消防车故障"},
        {"number": 5, "after_s": 0, "kind": "hazard", "text": "电池堆"},
        {"number": 6, "after_s": 0, "kind": "closure", "text": "通道被占"},
    ]
    drill = await planned(staff, world, injects=injects, objectives=[])
    assert [each["number"] for each in drill["plan"]["injects"]] == [5, 6, 7]
    assert drill["problems"] == [
        {"code": "point_missing", "field": "injects.0.lon"},
        {"code": "closure_missing", "field": "injects.1.closure"},
        {"code": "unit_missing", "field": "injects.2.unit_id"},
    ]


async def test_a_place_without_words_gets_some(world: World, staff: httpx.AsyncClient) -> None:
    drill = await planned(staff, world, place={"lon": 112.985, "lat": 28.158})
    assert drill["plan"]["place"]["label"]
    assert drill["plan"]["place"]["label_en"]


def _inject(at: int, /, **changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda body: body["injects"][at].update(changes)


def _objective(at: int, /, **changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda body: body["objectives"][at].update(changes)


def _plan(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda body: body.update(changes)


def _ring(body: dict[str, Any]) -> None:
    body["injects"][2]["waits_for"] = {"kind": "inject", "inject": 4}


def _ring_by_objective(body: dict[str, Any]) -> None:
    body["injects"][1]["waits_for"] = {"kind": "objective", "objective": "lane"}


NOBODY = str(uuid4())
BAD: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "no name": (_plan(name=" "), "name"),
    "a kind that there is not": (_plan(kind="earthquake"), "kind"),
    "seconds long": (_plan(duration_s=5), "duration_s"),
    "in the past": (_plan(starts_at="2020-01-01T08:00:00+08:00"), "starts_at"),
    "a partner that there is not": (_plan(partner_ids=[NOBODY]), "partner_ids.0"),
    "an empty text": (_inject(1, text=" "), "injects.1.text"),
    "a building that there is not": (_plan(place={**PLACE, "building_id": NOBODY}), "place.building_id"),
    "an entrance of nothing": (_plan(place={**PLACE, "entrance": "南门"}), "place"),
    "too many injects": (_plan(injects=[{**INJECTS[0], "number": n + 1} for n in range(201)]), "injects"),
    "too many objectives": (
        _plan(objectives=[{**OBJECTIVES[0], "key": f"k{n}"} for n in range(31)]),
        "objectives",
    ),
    "a key twice": (_objective(2, key="first"), "objectives.2.key"),
    "a key of other letters": (_objective(0, key="First!"), "objectives.0.key"),
    "met at once": (_objective(0, within_s=0), "objectives.0.within_s"),
    "met tomorrow": (_objective(0, within_s=50_000), "objectives.0.within_s"),
    "no kind of partner": (_objective(0, measure="partner_on_scene"), "objectives.0.partner_kind"),
    "a kind too many": (_objective(0, partner_kind="police"), "objectives.0.partner_kind"),
    "not how many": (_objective(2, count=None), "objectives.2.count"),
    "counts in vain": (_objective(1, count=3), "objectives.1.count"),
    "no lane": (_objective(1, since_inject=None), "objectives.1.since_inject"),
    "closes no lane": (_objective(1, since_inject=1), "objectives.1.since_inject"),
    "since nothing": (_objective(0, since_inject=99), "objectives.0.since_inject"),
    "a number twice": (_inject(3, number=1), "injects.3.number"),
    "after the end": (_inject(0, after_s=1801), "injects.0.after_s"),
    "more than 12 hours": (_inject(3, after_s=43_201), "injects.3.after_s"),
    "expires at once": (_inject(0, expires_after_s=1), "injects.0.expires_after_s"),
    "tries nothing": (_inject(0, objective="second"), "injects.0.objective"),
    "for someone else": (_inject(0, partner_ids=[NOBODY]), "injects.0.partner_ids.0"),
    "waits for no inject": (
        _inject(3, waits_for={"kind": "inject", "inject": 99}),
        "injects.3.waits_for.inject",
    ),
    "waits for no objective": (
        _inject(3, waits_for={"kind": "objective", "objective": "x"}),
        "injects.3.waits_for.objective",
    ),
    "waits for two things": (
        _inject(3, waits_for={"kind": "on_scene", "inject": 1}),
        "injects.3.waits_for.inject",
    ),
    "waits for itself": (
        _inject(3, waits_for={"kind": "inject", "inject": 4}),
        "injects.3.waits_for",
    ),
    "a ring": (_ring, "injects.2.waits_for"),
    "a ring by way of a lane": (_ring_by_objective, "injects.1.waits_for"),
    "half a point": (_inject(2, lat=None), "injects.2.lat"),
    "a point of a message": (_inject(0, lon=112.9, lat=28.1), "injects.0.lon"),
    "a message that closes": (_inject(0, closure={"geometry": LANE}), "injects.0.closure"),
    "a lane that is no geometry": (
        _inject(1, closure={"geometry": {"type": "LineString", "coordinates": [[1, 2]]}}),
        "injects.1.closure.geometry",
    ),
    "a lane of many parts": (
        _inject(1, closure={"geometry": {"type": "MultiPoint", "coordinates": [[112.985, 28.158]]}}),
        "injects.1.closure.geometry",
    ),
    "a lane in the sea": (
        _inject(1, closure={"geometry": {"type": "Point", "coordinates": [0, 0]}}),
        "injects.1.closure.geometry",
    ),
    "a message that takes a unit": (_inject(0, unit_id=NOBODY), "injects.0.unit_id"),
    "a unit that there is not": (
        _inject(0, kind="unit_out", unit_id=NOBODY),
        "injects.0.unit_id",
    ),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_is_wrong_is_refused_by_its_field(
    world: World, staff: httpx.AsyncClient, what: str
) -> None:
    spoil, field = BAD[what]
    body = plan()
    spoil(body)
    before = (await staff.get(f"{world.path}/drills")).json()
    answer = await staff.post(f"{world.path}/drills", json={"plan": body})
    told = answer.json()
    assert (answer.status_code, told["code"], told.get("field")) == (422, "invalid_value", field), told
    assert (await staff.get(f"{world.path}/drills")).json() == before, "nothing is written"


MALFORMED: list[dict[str, Any]] = [
    {"extra": 1},
    {"place": {"lon": 200, "lat": 0}},
    {"starts_at": 1_700_000_000},
    {"starts_at": "2030-01-01T08:00:00"},
    {"duration_s": "1800"},
    {"duration_s": True},
    {"mode": "dream"},
    {"name": "x" * 65},
    {"injects": [{**INJECTS[0], "number": 1.5}]},
    {"injects": [{**INJECTS[0], "after_s": -1}]},
    {"injects": [{**INJECTS[0], "kind": "meteor"}]},
    {"injects": [{**INJECTS[1], "closure": {"geometry": LANE, "wider_than_m": 0}}]},
    {"injects": None},
    {"objectives": [{**OBJECTIVES[0], "measure": "luck"}]},
]


@pytest.mark.parametrize("changes", MALFORMED, ids=str)
async def test_a_malformed_plan_is_refused(
    world: World, staff: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    answer = await staff.post(f"{world.path}/drills", json={"plan": {**plan(), **changes}})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
    assert answer.json()["errors"][0]["field"].startswith("body.plan."), answer.text


async def test_a_drill_of_another_circle_is_not_found(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    drill = await planned(staff, world)
    for circle_id, drill_id in ((world.strange_circle_id, UUID(drill["id"])), (world.circle_id, uuid4())):
        path = f"/api/circles/{circle_id}/drills/{drill_id}"
        assert (await staff.get(path)).status_code == 404
        assert (await staff.put(path, json={"plan": plan()})).status_code == 404
        assert (await staff.post(f"{path}/call-off")).status_code == 404
    dispatcher = await sign_in("hospital")
    refused = await dispatcher.put(f"{world.path}/drills/{drill['id']}", json={"plan": plan()})
    assert refused.status_code == 403


async def test_each_template_makes_a_drill_in_both_languages(world: World, staff: httpx.AsyncClient) -> None:
    """What a template leaves open is a lane at most, which the planner draws."""
    templates = (await staff.get(f"{world.path}/drill-templates")).json()["templates"]
    keys = {each["key"] for each in templates}
    assert len(keys) == len(templates) == 7
    [lane] = [each for each in templates if each["key"] == "blocked_lane_night"]
    widths = [each["wider_than_m"] for each in lane["injects"] if each["kind"] == "closure"]
    assert widths == [1.5], "as its words say"
    for template, language in itertools.product(templates, ("zh-CN", "en")):
        choice = {"key": template["key"], "language": language, "place": PLACE}
        answer = await staff.post(f"{world.path}/drills", json={"template": choice})
        assert answer.status_code == 201, (template["key"], answer.text)
        drill = answer.json()
        plan, words = drill["plan"], {"zh-CN": "zh", "en": "en"}[language]
        assert {each["code"] for each in drill["problems"]} <= {"closure_missing"}, drill["problems"]
        assert (plan["name"], plan["template"]) == (template["name"][words], template["key"])
        assert plan["kind"] == template["kind"]
        assert [each["text"] for each in plan["injects"]] == [
            each["text"][words] for each in template["injects"]
        ]
        # Whom a lane is closed to is told before it is drawn.
        assert [each["wider_than_m"] for each in plan["injects"]] == [
            each["wider_than_m"] for each in template["injects"]
        ]
        assert 5 <= len(plan["injects"]) <= 9
        assert plan["partner_ids"]
        assert all(each["expected"] for each in plan["injects"])
        # Each objective is tried by an inject or measured by arrival; each can be reached within the drill.
        assert all(each["within_s"] <= plan["duration_s"] for each in plan["objectives"])


async def test_those_who_take_part_in_a_template_can_be_chosen(
    world: World, staff: httpx.AsyncClient
) -> None:
    partners = (await staff.get(f"{world.path}/partners")).json()
    hospital = next(each["id"] for each in partners if each["kind"] == "hospital")
    choice = {"key": "kitchen_fire", "language": "en", "place": PLACE, "partner_ids": [hospital]}
    answer = await staff.post(f"{world.path}/drills", json={"template": choice})
    plan = answer.json()["plan"]
    assert plan["partner_ids"] == [hospital]
    assert all(set(each["partner_ids"]) <= {hospital} for each in plan["injects"])
    assert answer.json()["problems"] == [{"code": "unit_missing", "field": "injects.3.unit_id"}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "plan"),
        ({"plan": plan(), "template": {"key": "gas_smell", "language": "en", "place": PLACE}}, "plan"),
        ({"template": {"key": "earthquake", "language": "en", "place": PLACE}}, "template.key"),
        ({"plan": plan(template="earthquake")}, "template"),
        (
            {
                "template": {
                    "key": "gas_smell",
                    "language": "en",
                    "place": PLACE,
                    "partner_ids": [NOBODY],
                }
            },
            "partner_ids.0",
        ),
    ],
)
async def test_a_drill_is_made_from_a_plan_or_a_known_template(
    world: World, staff: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    answer = await staff.post(f"{world.path}/drills", json=body)
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (422, "invalid_value", field), told
