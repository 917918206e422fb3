"""A report on a drill: self-contained, escaped, with names only when asked, and printed without waiting."""

import re
from html.parser import HTMLParser

import pytest

from responder.domain.audit import AuditAction
from responder.domain.drills.plan import InjectKind, PlannedClosure
from responder.domain.errors import NotAllowedError, PdfUnavailableError
from responder.domain.ids import DrillId
from responder.domain.map.unit import Position
from responder.exchange.drill_report.write_report import write_report
from responder.exchange.printing import print_pdf
from responder.exchange.printing.print_pdf import Printer
from responder.ports.audit import AuditQuery
from responder.services.drills.score.load_report import DrillReport, load_report
from tests.services.drills.conftest import ALL_AROUND, Drills, message
from tests.services.drills.test_score_drill import walk

NASTY = "<script>alert(1)</script>&\"'\x01"


class Reader(HTMLParser):
    """Collects tags and attributes, and notices elements that are not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def loaded(
    drills: Drills, drill_id: DrillId, *, names: bool = False, by: str = "planner"
) -> DrillReport:
    world = drills.world
    return await load_report(
        world.database,
        viewer=await world.viewer(by),
        drill_id=drill_id,
        names=names,
        form="html",
        page_url="http://localhost/",
        clock=world.clock,
    )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_it_has_all_in_itself_and_reads_nothing_that_people_wrote_as_markup(
    drills: Drills, language: str
) -> None:
    drill_id = await walk(drills, name=NASTY, scenario=NASTY * 20)

    html = write_report(await loaded(drills, drill_id), language=language, names=False)

    read = Reader(html)
    assert read.open == []
    assert "script" not in read.tags
    assert "img" not in read.tags
    assert read.links == []
    assert not re.search(r"url\(|@import|https?://", html)
    assert "&lt;script&gt;" in html
    assert "\x01" not in html
    assert html.count("【演练】") >= 1
    assert "3:20" in html, "the response of 200 s"


async def test_names_are_told_only_when_asked_for_and_that_is_recorded(drills: Drills) -> None:
    world = drills.world
    drill_id = await walk(drills)
    person = (await loaded(drills, drill_id)).scored.score.people[0].name

    plain = write_report(await loaded(drills, drill_id), language="zh-CN", names=False)
    named = write_report(await loaded(drills, drill_id, names=True), language="zh-CN", names=True)

    assert person not in plain
    assert person in named
    async with world.database.begin() as transaction:
        query = AuditQuery(action=AuditAction.DRILL_REPORT_EXPORTED.value, limit=10)
        found = await transaction.audit.search(world.circle.id, query)
    assert found[0].detail == {"form": "html", "names": True}
    assert len(found) == 3


async def test_an_observer_sees_the_report_and_takes_no_names_away(drills: Drills) -> None:
    drill_id = await walk(drills)

    assert (await loaded(drills, drill_id, by="observer")).scored.drill.id == drill_id
    with pytest.raises(NotAllowedError):
        await loaded(drills, drill_id, names=True, by="observer")
    with pytest.raises(NotAllowedError):
        await loaded(drills, drill_id, by="hospital.wen")


async def test_the_map_shows_roads_lanes_and_where_units_were(drills: Drills) -> None:
    world = drills.world
    closing = message(3, 5, kind=InjectKind.CLOSURE, closure=PlannedClosure(geometry=ALL_AROUND))
    drill = await drills.plan(closing)
    run = await drills.start(drill)
    unit_id = (await drills.exercise(run)).response_circle.members[0].unit_id
    for step in range(3):
        await drills.later(5)
        position = Position(
            unit_id=unit_id, lon=112.985 + step / 5000, lat=28.158, accuracy_m=5, at=world.clock.now()
        )
        async with world.database.begin() as transaction:
            await transaction.positions.put(world.circle.id, position, stored_at=world.clock.now())

    report = await loaded(drills, drill.id)

    assert report.roads
    assert report.buildings
    assert len(report.closures) == 1
    html = write_report(report, language="en", names=False)
    assert html.count("stroke-dasharray") == 1
    assert html.count('opacity="0.85"') == 1


async def test_it_is_printed_as_a_pdf(drills: Drills) -> None:
    drill_id = await walk(drills)
    html = write_report(await loaded(drills, drill_id), language="zh-CN", names=False)

    pdf = await Printer().print(html)

    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000


async def test_nothing_is_fetched_while_it_is_printed() -> None:
    pdf = await Printer().print('<p>演练</p><img src="file:///etc/passwd"><img src="http://127.0.0.1:9/x">')

    assert pdf.startswith(b"%PDF-")
    assert b"root:" not in pdf


async def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(PdfUnavailableError) as refused:
        await Printer().print("<p>演练</p>")

    assert refused.value.detail == {"packages": print_pdf.PACKAGES}
