"""The guides name every field that an import reads, and every value that a field may have."""

import inspect
import re
from pathlib import Path

import pytest

from geo.network.profiles import DEFAULT_PROFILES
from responder.domain.map.facility import FacilityKind, FacilityState
from responder.domain.map.hazard import HazardGrade, HazardState
from responder.domain.people.partner import PartnerKind
from responder.services.imports import rows

DOCS = Path(__file__).parents[3] / "docs"
READ = re.compile(r'row\.(?:text|whole|number|choice|flag|many|day)\(\s*"(\w+)"')
VALUES = {*DEFAULT_PROFILES, *PartnerKind, *FacilityKind, *FacilityState, *HazardGrade, *HazardState}


@pytest.mark.parametrize("guide", ["guide.md", "guide.zh-CN.md"])
def test_the_guide_names_every_field_and_value(guide: str) -> None:
    fields = set(READ.findall(inspect.getsource(rows)))
    assert len(fields) > 15
    text = (DOCS / guide).read_text(encoding="utf-8")
    assert sorted(name for name in fields | VALUES if f"`{name}`" not in text) == []
