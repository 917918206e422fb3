"""Rows with tags of OpenStreetMap, and columns that are called otherwise than the fields they are."""

from typing import Any

import pytest
from shapely.geometry import Point

from responder.cli.import_words import FIELDS as WORDS
from responder.services.imports.columns import FIELDS, with_fields
from tests.services.feature_tables import table_of


def read(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - any cell
    [row] = with_fields(table_of([properties])).properties
    return row


def test_every_field_that_has_words_is_known() -> None:
    assert set(WORDS) <= set(FIELDS)


@pytest.mark.parametrize(
    "ids",
    [
        {"@id": "node/1", "id": "node/1"},
        {"id": "node/1"},
        {"full_id": "n1", "osm_id": "1", "osm_type": "node"},
        {"osm_type": "node", "osm_id": 1},
        {"@type": "node", "@id": "node/1"},
        {"type": "node", "id": 1},
    ],
)
def test_tags_are_read_as_in_a_file_of_openstreetmap_and_the_id_is_the_same(ids: dict[str, Any]) -> None:
    row = read(**ids, emergency="fire_hydrant", **{"fire_hydrant:type": "pillar", "name:en": "H1"})
    assert (row["kind"], row["id"]) == ("hydrant", "node/1")
    assert (row["note"], row["name_en"]) == ("fire_hydrant:type=pillar", "H1")


def test_tags_that_stand_together_in_one_member_are_read() -> None:
    row = read(type="node", id=-5, tags={"emergency": "defibrillator", "indoor": "yes"}, meta={})
    assert (row["kind"], row["id"], row["note"]) == ("aed", "node/-5", "indoor=yes")


def test_a_building_by_tags_has_its_use_storeys_and_year() -> None:
    row = read(**{"@id": "way/7", "building": "apartments", "building:levels": "6", "start_date": "1987"})
    assert (row["id"], row["use"], row["storeys"], row["year"]) == ("way/7", "residential", 6, 1987)


def test_what_a_person_wrote_into_a_column_of_ours_outranks_a_tag() -> None:
    row = read(**{"@id": "way/7", "building": "apartments", "households": 3, "use": "office", "storeys": 2})
    assert (row["use"], row["storeys"], row["households"]) == ("office", 2, 3)


def test_a_row_of_ours_is_not_read_as_tags() -> None:
    ours = {"id": "7", "kind": "hydrant", "name": "栓", "building": "yes", "emergency": "fire_hydrant"}
    assert read(**ours) == ours


def test_a_cut_or_capital_column_never_takes_the_place_of_a_whole_one() -> None:
    assert read(fire_rating=1, fire_ratin=2) == {"fire_rating": 1, "fire_ratin": 2}
    assert read(NAME="a", Kind="b", name="c") == {"NAME": "a", "kind": "b", "name": "c"}
    table = with_fields(table_of([{"partner_ki": "x", "partner_en": "y", "entrance": "z"}], [Point(1, 1)]))
    assert table.properties == ({"partner_kind": "x", "partner_en": "y", "entrance": "z"},)
    assert [note.detail for note in table.notes] == ["partner_ki → partner_kind"]
