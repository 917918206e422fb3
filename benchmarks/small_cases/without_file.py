"""Cases that need no file: calls, searches, closures, notes, rules of turning."""

import asyncio
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from benchmarks.small_cases import Case, WrongError, must_be, must_be_close
from benchmarks.small_cases.osm_files import WEST
from benchmarks.small_cases.town import Town, reached_by
from geo.osm.roads import read_roads
from responder.domain.ids import CircleId, ResponderId
from tests.another_incident import post_another

ROOT = Path(__file__).resolve().parents[2]
SEARCH = """
const { matcher } = await import(process.argv[1]);
const typed = JSON.parse(process.argv[2]), names = JSON.parse(process.argv[3]);
console.log(JSON.stringify(typed.map((text) => names.filter(matcher(text)).map((each) => each.name))));
"""
TYPED = ("５栋", "5 栋", "脑科巷 5栋", "五栋", "5号楼", "Naoke Alley, Block 5")
ALLEY = tuple(
    {"name": f"脑科巷{number}栋", "name_en": f"Naoke Alley, Block {number}"} for number in (1, 5, 15, 50)
)
AHEAD = (112.986, 28.15)
"""Straight on from the west in the file with two compulsory turns."""


async def _raise(town: Town, note: str = "") -> dict[str, list[dict[str, str]]]:
    buildings = await town.things("buildings", circle=town.demo)
    [place] = [each["id"] for each in buildings if each["properties"]["name"] == "脑科巷7栋"]
    body = {"kind": "smoke", "severity": "orange", "exercise": True, "building_id": place, "note": note}
    answer = await post_another(
        town.http, f"{town.demo}/incidents", body, headers={"Idempotency-Key": str(uuid4())}
    )
    answer.raise_for_status()
    detail: dict[str, list[dict[str, str]]] = answer.json()
    return detail


async def one_person(town: Town) -> None:
    """Call a person in two called units once."""
    calm = await _raise(town)
    units = {each["unit_id"] for each in calm["deliveries"]}
    circle_id = CircleId(UUID(town.demo.rsplit("/", 1)[1]))
    async with town.database.begin() as transaction:
        people = await transaction.responders.of_units(circle_id, [UUID(unit) for unit in units])  # type: ignore[misc]
        person = next(each for each in people if each.account_id is not None)
        other = next(each for each in people if each.unit_id != person.unit_id)
        second = replace(person, id=ResponderId(uuid4()), unit_id=other.unit_id, partner_id=other.partner_id)
        await transaction.responders.add(circle_id, [second])
    called = await _raise(town)
    must_be("people called", len(called["deliveries"]), len(calm["deliveries"]))


async def search(_: Town) -> None:
    """Find a building however it is typed."""
    node = shutil.which("node")
    if node is None:
        message = "there is no node to run the page's own search with"
        raise WrongError(message)
    module = (ROOT / "static/js/lib/building-search.js").as_uri()
    command = [node, "--input-type=module", "-e", SEARCH, module, json.dumps(TYPED), json.dumps(ALLEY)]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode:
        raise WrongError(done.stderr.strip().splitlines()[-1])
    for typed, found in zip(TYPED, json.loads(done.stdout), strict=True):
        must_be(typed, found[:1], ["脑科巷5栋"])


async def past_closure(town: Town) -> None:
    """Refuse a closure whose end has passed."""
    lines = {"type": "LineString", "coordinates": [[112.981, 28.152], [112.982, 28.152]]}
    now = datetime.now(UTC)
    for hours, status in ((-1, 422), (1, 201)):
        body = {
            "name": "围挡",
            "geometry": lines,
            "starts_at": (now - timedelta(hours=2)).isoformat(),
            "ends_at": (now + timedelta(hours=hours)).isoformat(),
        }
        answer = await town.http.post(f"{town.t1}/closures", json=body)
        must_be(f"status of an end {hours} h from now", answer.status_code, status)


async def direction_marks(town: Town) -> None:
    """Keep a note from turning the text after it round."""
    detail = await _raise(town, note="\u202e三楼有人\u2066 200\u2067")
    left = re.findall("[\u202a-\u202e\u2066-\u2069]", json.dumps(detail, ensure_ascii=False))
    must_be("direction controls", left, [])


def _crossroads(town: Town, relation: str, way: str = "") -> Path:
    text = (town.files / "x2-two-only.osm").read_text(encoding="utf-8")
    text = re.sub(r"<relation.*</relation>", "", text, flags=re.DOTALL)
    members = '<member type="way" ref="101" role="from"/><member type="node" ref="5" role="via"/>'
    rule = (
        f'<relation id="1" version="1">{members}<member type="way" ref="103" role="to"/>{relation}</relation>'
    )
    text = text.replace("</osm>", (rule if relation else "") + "</osm>")
    text = re.sub(r'(<way id="103".*?)</way>', rf"\1{way}</way>", text)
    path = town.folder / f"{uuid4()}.osm"
    path.write_text(text, encoding="utf-8")
    return path


async def dead_and_timed_rules(town: Town) -> None:
    """Leave dead relations out; apply or count rules for some vehicles or hours."""

    async def ahead(path: Path) -> float:
        return (await asyncio.to_thread(reached_by, path, "car", WEST, AHEAD)).travel_s

    free_s = await ahead(_crossroads(town, ""))
    no = '<tag k="{key}" v="no_straight_on"/>'
    kind = '<tag k="type" v="{kind}"/>'
    was = _crossroads(town, kind.format(kind="was:restriction") + no.format(key="restriction"))
    must_be_close("was:restriction", await ahead(was), free_s, within=0.5)
    plain = await ahead(_crossroads(town, kind.format(kind="restriction") + no.format(key="restriction")))
    if plain < free_s + 10:
        message = f"a plain restriction does not bind: {plain:.0f} s, free {free_s:.0f} s"
        raise WrongError(message)
    for key in ("restriction:motor_vehicle", "restriction:vehicle"):
        path = _crossroads(town, kind.format(kind="restriction") + no.format(key=key))
        must_be_close(key, await ahead(path), plain, within=0.5)
    hours = '<tag k="hour_on" v="07:00"/><tag k="hour_off" v="09:00"/>'
    timed = kind.format(kind="restriction") + no.format(key="restriction") + hours
    for what, path in {
        "hour_on": _crossroads(town, timed),
        "oneway=reversible": _crossroads(town, "", '<tag k="oneway" v="reversible"/>'),
    }.items():
        summary = (await asyncio.to_thread(read_roads, path)).summary
        told = json.dumps([dict(summary.conditional), dict(summary.not_understood), dict(summary.turns)])
        if not any(word in told for word in ("hour", "reversible", "conditional", "times")):
            message = f"{what} is neither applied nor counted: {told}"
            raise WrongError(message)


CASES = (
    Case(name="one person in two units", run=one_person),
    Case(name="search", run=search),
    Case(name="closure with an end in the past", run=past_closure),
    Case(name="note with direction marks", run=direction_marks),
    Case(name="was:restriction, restriction:mode, hour_on, reversible", run=dead_and_timed_rules),
    Case(
        name="first visit, then no network",
        run=None,
        why_not="needs a browser: tests/e2e",
    ),
    Case(name="phone lying down", run=None, why_not="needs a browser: tests/e2e"),
)
