"""Everything that the page says, it says in Chinese and in English."""

import importlib
import pkgutil
import re
from enum import StrEnum
from itertools import chain
from typing import get_args

import pytest

import geo
import responder
from geo.errors import GeoError
from geo.network.profiles import DEFAULT_PROFILES
from geo.reach.results import Missing, StopReason
from responder.domain.audit import AuditAction
from responder.domain.errors import ResponderError
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.map.facility import FacilityKind
from responder.domain.map.hazard import HazardGrade, HazardState
from responder.domain.people.access import Action, Role
from responder.domain.people.invitation import InvitationState
from responder.services.audit.verify_audit import Flaw

LITERAL_KEY = re.compile(r"""\bt\(\s*["']([^"']+)["']""")
ANY_KEY = re.compile(r'"([a-z_]+\.[a-z_0-9]+)"')
TEMPLATE_KEY = re.compile(r"\bt\(\s*`([^`]+)`")
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
FAMILIES: dict[str, type[StrEnum]] = {
    "severity": Severity,
    "role": Role,
    "state": DeliveryState,
    "end_reason": EndReason,
    "facility_kind": FacilityKind,
    "hazard_grade": HazardGrade,
    "hazard_state": HazardState,
    "audit_action": AuditAction,
    "invitation_state": InvitationState,
    "audit_flaw": Flaw,
}
# Every role may look on, and positions are reported by devices: neither tells roles apart.
UNREMARKABLE = {Action.VIEW, Action.REPORT_POSITION}


def import_everything() -> None:
    for package in (geo, responder):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def all_errors(base: type[Exception]) -> list[type[Exception]]:
    return [base, *chain.from_iterable(all_errors(each) for each in base.__subclasses__())]


def test_both_languages_have_the_same_keys_and_no_empty_words(words: dict[str, dict[str, str]]) -> None:
    assert list(words["zh-CN"]) == list(words["en"])
    assert [key for each in words.values() for key, text in each.items() if not text.strip()] == []


def test_english_is_english_and_chinese_is_chinese(words: dict[str, dict[str, str]]) -> None:
    # The button that leads to the other language is in that language.
    other = "menu.other_language"
    no_words_needed = {
        key for key, text in words["en"].items() if key == other or not re.search("[a-z]{3}", PLACEHOLDER.sub("", text))
    }

    assert [key for key, text in words["en"].items() if HAN.search(text) and key != other] == []
    assert [
        key for key, text in words["zh-CN"].items() if not HAN.search(text) and key not in no_words_needed
    ] == []


def test_placeholders_are_the_same_in_both(words: dict[str, dict[str, str]]) -> None:
    differing = [
        key
        for key, text in words["zh-CN"].items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(words["en"][key]))
    ]

    assert differing == []


def test_every_key_that_a_script_names_exists(
    words: dict[str, dict[str, str]], scripts: dict[str, str]
) -> None:
    known = words["zh-CN"]
    families = {key.split(".")[0] for key in known}
    named = {
        (path, key)
        for path, text in scripts.items()
        for key in chain(LITERAL_KEY.findall(text), ANY_KEY.findall(text))
        if key.split(".")[0] in families
    }

    assert named
    assert sorted((path, key) for path, key in named if key not in known) == []


def test_every_key_is_used(words: dict[str, dict[str, str]], scripts: dict[str, str]) -> None:
    everything = "\n".join(scripts.values())
    literal = set(ANY_KEY.findall(everything))
    patterns = [
        re.compile(re.sub(r"\\\$\\\{.*?\\\}", ".+", re.escape(template)))
        for template in TEMPLATE_KEY.findall(everything)
    ]
    unused = [
        key
        for key in words["zh-CN"]
        if key not in literal
        and not key.startswith("error.")
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]

    assert unused == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_that_may_come_over_the_wire_has_words(
    words: dict[str, dict[str, str]], family: str
) -> None:
    missing = [each.value for each in FAMILIES[family] if f"{family}.{each.value}" not in words["zh-CN"]]

    assert missing == []


def test_every_right_that_tells_roles_apart_has_words(words: dict[str, dict[str, str]]) -> None:
    missing = [action.value for action in set(Action) - UNREMARKABLE if f"may.{action}" not in words["zh-CN"]]

    assert missing == []


def test_ways_of_moving_and_reasons_of_geo_have_words(words: dict[str, dict[str, str]]) -> None:
    wanted = [
        *(f"profile.{name}" for name in DEFAULT_PROFILES),
        *(f"stop.{reason}" for reason in get_args(StopReason)),
        *(f"not_reached.{reason}" for reason in (*get_args(Missing), "off_duty")),
        *(f"stop.{reason}_measured" for reason in ("width", "height", "weight")),
    ]

    assert [key for key in wanted if key not in words["zh-CN"]] == []


@pytest.mark.parametrize("base", [ResponderError, GeoError])
def test_every_error_code_has_words(words: dict[str, dict[str, str]], base: type[Exception]) -> None:
    import_everything()
    known = [error for error in all_errors(base) if "code" in vars(error)]
    assert len(known) > 5

    missing = {error.code for error in known if f"error.{error.code}" not in words["zh-CN"]}  # type: ignore[attr-defined]

    assert missing == set()
