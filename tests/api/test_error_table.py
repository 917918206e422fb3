"""Every error that can reach a client has a status of its own and words in both languages."""

import json
from pathlib import Path

import pytest

from geo.errors import GeoError, UnknownCrsError
from responder.api import refusals
from responder.api.errors import STATUS, problem_of, status_of
from responder.domain.errors import NotFoundError, ResponderError

LOCALES = Path(__file__).parents[2] / "static" / "locales"


def family(root: type[Exception]) -> set[type[Exception]]:
    return {kind for child in root.__subclasses__() for kind in ({child} | family(child))}


ERRORS = sorted(
    (
        kind
        for root in (ResponderError, GeoError)
        for kind in family(root)
        if kind.__module__.startswith(("responder.", "geo."))
    ),
    key=lambda kind: kind.__name__,
)


def test_the_walk_finds_the_errors_of_every_layer() -> None:
    assert {NotFoundError, UnknownCrsError, refusals.BodyTooLargeError} <= set(ERRORS)


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_has_a_status(kind: type[Exception]) -> None:
    assert kind in STATUS, f"{kind.__name__} has no row in responder/api/errors.py"
    assert 400 <= STATUS[kind] < 600


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_error_has_words(language: str) -> None:
    words = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    wanted = {f"error.{kind.code}" for kind in ERRORS if isinstance(kind, type)}  # type: ignore[attr-defined]
    missing = sorted(key for key in wanted if not words.get(key))
    assert not missing, f"static/locales/{language}.json lacks {', '.join(missing)}"


def test_codes_are_distinct() -> None:
    codes = [kind.code for kind in ERRORS]  # type: ignore[attr-defined]
    assert len(codes) == len(set(codes))


def test_a_new_subclass_answers_as_its_nearest_ancestor() -> None:
    class LostUnitError(NotFoundError):
        code = "lost_unit"

    assert status_of(LostUnitError()) == 404
    assert problem_of(LostUnitError())["code"] == "lost_unit"


def test_a_problem_carries_the_detail_but_never_over_its_own_members() -> None:
    body = problem_of(NotFoundError("no such door", status="gone", what="door"))
    assert body["status"] == 404
    assert body["what"] == "door"
    assert body["detail"] == "no such door"


def test_a_server_fault_says_nothing_of_what_broke() -> None:
    body = problem_of(refusals.ServerFaultError("password is hunter2", words="hunter2"))
    assert "hunter2" not in json.dumps(body)
