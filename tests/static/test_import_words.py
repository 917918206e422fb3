"""The import screen has words for each reason and note that a file can be answered with."""

from responder.cli.import_words import FIELDS, WAYS, WHOLE
from responder.services.imports.columns import FIELDS as KNOWN

NOTES = {"encoding_guessed", "encoding_unknown", "text_cut", "columns_completed"}
ONLY_OSM = {"already_there"}


def test_every_reason_field_and_note_has_words(words: dict[str, dict[str, str]]) -> None:
    wanted = {
        *(f"import_row.{code}" for code in set(WHOLE) - NOTES - ONLY_OSM),
        *(f"import_note.{code}" for code in NOTES),
        *(f"import_way.{way}" for way in WAYS),
        *(f"import_field.{field}" for field in FIELDS),
    }
    assert sorted(wanted - set(words["zh-CN"])) == []
    assert set(WHOLE) >= NOTES
    assert set(FIELDS) <= set(KNOWN)
