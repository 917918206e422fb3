"""Every error that can reach a client has a status of its own and words in both languages."""

import json
import re
from pathlib import Path

import pytest

from geo.errors import GeoError, UnknownCrsError
from responder.api.errors import refusals
from responder.api.errors.statuses import STATUS, problem_of, status_of
from responder.domain.errors import NotFoundError, ResponderError
from responder.live.protocol.wire import InvalidMessageError

LOCALES = Path(__file__).parents[3] / "static" / "locales"


def family(root: type[Exception]) -> set[type[Exception]]:
    return {kind for child in root.__subclasses__() for kind in ({child} | family(child))}


EVERY_ERROR = sorted(
    (
        kind
        for root in (ResponderError, GeoError)
        for kind in family(root)
        if kind.__module__.startswith(("responder.", "geo."))
    ),
    key=lambda kind: kind.__name__,
)
# What the gateway refuses goes by socket, with its code and no status.
OVER_HTTP = [kind for kind in EVERY_ERROR if not kind.__module__.startswith("responder.live")]


def test_the_walk_finds_the_errors_of_every_layer() -> None:
    assert {NotFoundError, UnknownCrsError, refusals.BodyTooLargeError, InvalidMessageError} <= set(
        EVERY_ERROR
    )


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_every_error_has_a_status(kind: type[ResponderError | GeoError]) -> None:
    [row, *_] = [one for one in kind.__mro__ if one in STATUS] or [None]
    assert row is not None, f"{kind.__name__} has no row in responder/api/errors/statuses.py"
    assert getattr(row, "code", None) == kind.code, f"{kind.__name__} has a code but no row of its own"
    assert 400 <= STATUS[row] < 600


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_error_has_words(language: str) -> None:
    words = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    missing = sorted(
        {key for kind in EVERY_ERROR if not words.get(key := f"error.{getattr(kind, 'code', '')}")}
    )
    assert not missing, f"static/locales/{language}.json lacks {', '.join(missing)}"


def test_codes_are_distinct() -> None:
    codes = [getattr(kind, "code", None) for kind in STATUS]
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
    body = problem_of(refusals.ServerError("password is hunter2", words="hunter2"))
    assert "hunter2" not in json.dumps(body)


def test_the_document_has_the_same_table() -> None:
    text = (LOCALES.parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|$", text, re.MULTILINE))
    assert told == {str(getattr(kind, "code", None)): str(status) for kind, status in STATUS.items()}
