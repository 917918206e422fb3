"""Whatever a service answers, a sender has a verdict and raises nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responder.demo.services.http_server import HttpResponse
from responder.domain.channels.message import WORTH_ANOTHER_REQUEST, Outcome, VerdictReason
from responder.senders.answers import retry_after_s
from responder.senders.failures import without_secrets
from responder.senders.http_requests import Answer
from tests.senders.conftest import ACCOUNTS, Desk

NAMES = (
    "errcode",
    "errmsg",
    "code",
    "msg",
    "Code",
    "Message",
    "Response",
    "Error",
    "SendStatusSet",
    "SendStatus",
    "result",
    "event",
    "id",
    "access_token",
    "expires_in",
    "invaliduser",
    "CallId",
    "BizId",
    "error",
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "OK", "Ok", "0", "x" * 300, "\x00\ud83d"])
)
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
)
STATUSES = st.sampled_from([200, 201, 204, 400, 401, 403, 404, 409, 410, 413, 429, 500, 503])


@pytest.mark.parametrize("name", [name for name in ACCOUNTS if name != "email"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(body=BODIES, status=STATUSES, raw=st.none() | st.binary(max_size=40))
async def test_any_answer_has_a_verdict(
    desk: Desk, name: str, body: object, status: int, raw: bytes | None
) -> None:
    http = desk.account(name).http
    assert http is not None
    try:
        answer = HttpResponse.of_json(body, status=status)
    except UnicodeEncodeError:
        answer = HttpResponse(status=status, body=b'{"errcode": "\\ud83d"}')
    answer = answer if raw is None else HttpResponse(status=status, body=raw)
    http.next.clear()
    http.next += [answer, answer]

    verdict = await desk.send(name)

    if verdict.outcome is Outcome.ACCEPTED:
        assert status < 300
    else:
        assert verdict.reason is not None
        assert (verdict.outcome is Outcome.RETRY) == (verdict.reason in WORTH_ANOTHER_REQUEST)
    assert len(verdict.detail) <= 200
    assert verdict.detail.isprintable()
    repr(verdict).encode()


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "999999"}, 3600),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "x"}, None),
        ({"retry-after": "９"}, None),
        ({"retry-after": "9" * 400}, 3600),
        (
            {"retry-after": "Mon, 30 Nov 2026 03:15:15 GMT", "date": "Mon, 30 Nov 2026 03:14:15 GMT"},
            60,
        ),
        ({"retry-after": "Mon, 30 Nov 2026 03:15:15 GMT"}, None),
    ],
)
def test_how_long_a_service_asks_to_wait(headers: dict[str, str], wait_s: float | None) -> None:
    assert retry_after_s(Answer(status=429, headers=headers, body=b"")) == wait_s


@given(st.text(), st.lists(st.text(), max_size=3))
def test_words_of_services_are_short_and_without_what_is_hidden(words: str, hidden: list[str]) -> None:
    shown = without_secrets(words, hidden)

    assert len(shown) <= 200
    assert all(value not in shown for value in hidden if len(value) >= 4 and not set(value) & set("… "))
    shown.encode()


def test_numbers_that_could_be_telephones_are_not_told() -> None:
    assert (
        without_secrets("13800138000 invalid, hint 1684839526339, code 45009", [])
        == "… invalid, hint …, code 45009"
    )


def test_every_reason_has_an_outcome() -> None:
    assert set(VerdictReason) > WORTH_ANOTHER_REQUEST
