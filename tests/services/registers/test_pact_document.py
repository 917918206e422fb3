"""The pact on paper: in both languages, with who signed, the annex and the hash, in type that has Chinese."""

import re
from html import unescape

import pypdfium2
import pytest

from responder.exchange.printing.print_pdf import Printer
from responder.exchange.registers_pact.write_pact import write_pact
from responder.services.registers.pact.load_document import PactDocument, load_document
from responder.services.registers.pact.pacts import draft_pact, list_pacts
from tests.services.conftest import World

BLACK = 128


async def load(world: World) -> PactDocument:
    viewer = await world.viewer("observer")
    [only] = (await list_pacts(world.database, viewer=viewer, clock=world.clock)).pacts
    return await load_document(
        world.database, viewer=viewer, pact_id=only.pact.id, language="zh-CN", clock=world.clock
    )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_it_says_all_that_is_signed_and_by_whom(world: World, language: str) -> None:
    found = await load(world)
    html = unescape(write_pact(found, language=language))
    assert html.count(found.document_hash) == 2
    for signature in found.pact.signatures:
        assert signature.account_name in html
    column = 0 if language == "zh-CN" else 1
    for duty in found.pact.content.duties:
        assert (duty.text, duty.text_en)[column] in html
    for row in found.annex:
        assert ((row.name, row.name_en)[column] or row.name) in html
    if language == "en":
        named = {each.account_name for each in found.pact.signatures} | {
            each.signatory for each in found.pact.content.parties
        }
        notes = {each.note for each in found.annex}
        text = re.sub("<[^>]+>", "\n", html.partition("<body>")[2])
        assert not [
            line for line in text.splitlines() if re.search("[一-鿿]", line) and line not in named | notes
        ]


async def test_a_draft_says_that_it_is_one_and_leaves_room_to_sign(world: World) -> None:
    viewer = await world.viewer("community")
    draft = await draft_pact(world.database, viewer=viewer, clock=world.clock)
    found = await load_document(
        world.database, viewer=viewer, pact_id=draft.pact.id, language="zh-CN", clock=world.clock
    )
    html = write_pact(found, language="zh-CN")
    assert "草案，未生效" in html
    assert html.count("（待签署）") == len(draft.pact.content.parties)


async def test_what_people_wrote_is_not_read_as_markup(world: World) -> None:
    found = await load(world)
    html = write_pact(found, language="zh-CN")
    assert "<script" not in html
    assert "default-src 'none'" in html.replace("&#x27;", "'")


async def test_it_is_printed(world: World) -> None:
    found = await load(world)
    pdf = await Printer().print(write_pact(found, language="zh-CN"))
    # As on a photocopy: black or white. In a font without Chinese every character is the same box.
    title = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_numpy().mean(axis=2)[130:240, 500:1300] < BLACK
    columns = [tuple(title[:, x]) for x in range(title.shape[1]) if title[:, x].any()]
    assert len(columns) > 400
    assert len(set(columns)) > len(columns) / 2
