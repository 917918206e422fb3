"""The alley sheet as a file: for every role, bounded, and a clear answer to what cannot be printed."""

from uuid import uuid4

import httpx
import pypdfium2

from responder.api.deps.context import SHEETS_PER_MINUTE
from tests.api.conftest import SignIn, World

GUARD = {"name": "门卫室", "phone": "000-0000-0009", "hours": "18:00–08:00"}
GATE = {
    "geometry": {"type": "Point", "coordinates": [112.9846, 28.1583]},
    "properties": {"name": "北支铁门", "kind": "挂锁", "note": "", "holders": [GUARD]},
}


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    return "".join(page.get_textpage().get_text_range() for page in document)


async def test_whose_sheet_it_is_says_which_telephones_are_on_it(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    added = await staff.post(f"{world.path}/gates/features", json=GATE)
    assert added.status_code == 201, added.text

    told = await staff.get(f"{world.path}/alley-sheet.pdf", params={"language": "en"})
    untold = await (await sign_in("observer")).get(f"{world.path}/alley-sheet.pdf")

    assert GUARD["phone"] in text_of(told)
    assert GUARD["phone"] not in text_of(untold)
    assert "门卫室" in text_of(untold)
    assert "Dial 119 first" in text_of(told)
    assert "先拨 119" in text_of(untold)
    assert told.headers["cache-control"] == "no-store"
    assert "filename*=UTF-8''" in told.headers["content-disposition"]


async def test_what_there_is_no_sheet_of_is_refused(world: World, staff: httpx.AsyncClient) -> None:
    path = f"{world.path}/alley-sheet.pdf"

    asked = {
        "building": (await staff.get(path, params={"building": str(uuid4())}), 404),
        "no id": (await staff.get(path, params={"building": "x"}), 422),
        "paper": (await staff.get(path, params={"paper": "a0"}), 422),
        "language": (await staff.get(path, params={"language": "fr"}), 422),
        "circle": (await staff.get(f"/api/circles/{uuid4()}/alley-sheet.pdf"), 404),
    }

    assert {what: answer.status_code for what, (answer, _) in asked.items()} == {
        what: status for what, (_, status) in asked.items()
    }


async def test_one_account_prints_so_many_a_minute(world: World, sign_in: SignIn) -> None:
    staff, path = await sign_in("planner"), f"{world.path}/alley-sheet.pdf"
    for _ in range(SHEETS_PER_MINUTE):
        assert (await staff.get(path, params={"building": str(uuid4())})).status_code == 404

    refused = await staff.get(path)

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
