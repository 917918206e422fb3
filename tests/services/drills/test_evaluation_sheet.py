"""Sheets of evaluators: blank before a run, with what each of them judged after it."""

import base64
import io
from uuid import uuid4

import pytest
from PIL import Image

from responder.domain.audit import AuditAction
from responder.domain.drills.observation import ObservationVerdict
from responder.domain.errors import NotAllowedError
from responder.domain.ids import DrillId, ObservationId
from responder.exchange.drill_report.evaluation_sheet import write_sheets
from responder.exchange.drill_report.words import ITEMS
from responder.exchange.drill_report.write_report import write_report
from responder.exchange.pictures import redrawn, thumbnail
from responder.ports.audit import AuditQuery
from responder.ports.photos import Photo
from responder.services.drills.running.observe import NewObservation, add_photo, observe
from responder.services.drills.score.load_sheet import EvaluationSheets, load_sheets
from tests.services.drills.conftest import Drills
from tests.services.drills.test_report import NASTY, Reader, loaded
from tests.services.drills.test_score_drill import OBJECTIVES, walk


async def sheets(
    drills: Drills, drill_id: DrillId, *, names: bool = False, by: str = "planner"
) -> EvaluationSheets:
    world = drills.world
    viewer = await world.viewer(by)
    return await load_sheets(
        world.database, viewer=viewer, drill_id=drill_id, names=names, form="html", clock=world.clock
    )


def jpeg(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", size, (120, 40, 200))
    exif = Image.Exif()
    exif[0x010F] = "A camera that tells where it was"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_a_blank_sheet_has_the_plan_and_lines_to_fill_in(drills: Drills, language: str) -> None:
    drill = await drills.plan(objectives=OBJECTIVES, name=NASTY)

    html = write_sheets(await sheets(drills, drill.id), language=language, names=False)

    read = Reader(html)
    assert read.open == []
    assert "script" not in read.tags
    for objective in OBJECTIVES:
        assert objective.text in html
    for item in ITEMS:
        assert item[language == "en"] in html
    assert "AQ/T 9007、9009" in html if language == "zh-CN" else "AQ/T 9007, 9009" in html
    assert "A/B" in html, "the standing of what the items follow"
    assert "■" not in html


async def test_a_sheet_is_filled_in_with_what_its_evaluator_judged(drills: Drills) -> None:
    world = drills.world
    drill_id = await walk(drills)
    observer = await world.viewer("observer")
    new = NewObservation(
        id=ObservationId(uuid4()),
        at=world.clock.now(),
        verdict=ObservationVerdict.GOOD,
        text="已断电",
        objective="power",
    )
    await observe(world.database, world.roads, viewer=observer, drill_id=drill_id, new=new, clock=world.clock)

    plain = write_sheets(await sheets(drills, drill_id), language="zh-CN", names=False)
    named = write_sheets(await sheets(drills, drill_id, names=True), language="zh-CN", names=True)

    assert plain.count('class="sheet"') == 1, "one for each of two evaluators"
    assert (plain.count("■达成"), plain.count("■未达成"), plain.count("T+5:00")) == (1, 1, 1)
    assert observer.name in named
    assert observer.name not in plain
    with pytest.raises(NotAllowedError):
        await sheets(drills, drill_id, names=True, by="observer")
    async with world.database.begin() as transaction:
        query = AuditQuery(action=AuditAction.DRILL_REPORT_EXPORTED.value, limit=10)
        found = await transaction.audit.search(world.circle.id, query)
    assert found[0].detail == {"form": "sheet.html", "names": True}


async def test_photos_are_in_the_report_with_names_only_small_and_without_what_cameras_say(
    drills: Drills,
) -> None:
    world = drills.world
    drill_id = await walk(drills)
    async with world.database.begin() as transaction:
        [seen] = await transaction.observations.of_drill(world.circle.id, drill_id)
    whole = jpeg((2000, 1500))
    await add_photo(
        world.database,
        world.roads,
        viewer=await world.viewer("planner"),
        drill_id=drill_id,
        observation_id=seen.id,
        photo=Photo("image/jpeg", whole),
        redraw=redrawn,
        clock=world.clock,
    )

    plain = write_report(await loaded(drills, drill_id), language="zh-CN", names=False)
    named = write_report(await loaded(drills, drill_id, names=True), language="zh-CN", names=True)

    assert "<img" not in plain
    assert "照片可能拍到人" in plain
    assert named.count('<img src="data:image/jpeg;base64,') == 1
    kept = redrawn(Photo("image/jpeg", whole))
    assert kept is not None
    small = thumbnail(kept)
    assert small is not None
    assert small in named
    assert len(small) < 60_000
    assert b"A camera" in whole
    with Image.open(io.BytesIO(base64.b64decode(small.partition(",")[2]))) as shown:
        assert shown.size == (640, 480)
        assert not shown.getexif()


@pytest.mark.parametrize(
    "content",
    [b"\xff\xd8\xff no picture", b"\x89PNG\r\n\x1a\n", b"", jpeg((100, 100))[:300]],
)
def test_what_is_no_picture_is_left_out(content: bytes) -> None:
    assert thumbnail(Photo("image/jpeg", content)) is None
