"""How many alerts and imports may begin in a minute."""

from uuid import uuid4

import httpx
import pytest

from responder.api.deps.context import ANSWERS_PER_MINUTE, answer_pace
from responder.domain.errors import TooManyAttemptsError
from responder.domain.ids import AccountId
from responder.security import login_queue, rate_limit
from responder.security.login_throttle import LoginThrottle
from responder.security.rate_limit import ADDRESS_TIMES, RateLimiter
from tests.api.access.calls import INCIDENT
from tests.api.conftest import World, new_key


class StillClock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time_s = 1000.0

    def __call__(self) -> float:
        return self.time_s


def attempt(pace: RateLimiter, account: AccountId, address: str = "a", *, times: int = 1000) -> int:
    """Begin again and again; return how often it went."""
    for number in range(times):
        try:
            pace.begin(account, address)
        except TooManyAttemptsError:
            return number
    return times


def test_a_minutes_worth_may_begin_at_once_and_then_so_many_in_every_minute() -> None:
    clock = StillClock()
    pace, account = RateLimiter(6, now_s=clock), AccountId(uuid4())
    assert attempt(pace, account) == 6
    with pytest.raises(TooManyAttemptsError) as refused:
        pace.begin(account, "a")
    assert refused.value.detail["retry_after_s"] == 10
    clock.time_s += 10
    assert attempt(pace, account) == 1
    clock.time_s += 3600
    assert attempt(pace, account) == 6


def test_one_account_does_not_use_up_what_is_anothers_but_an_address_has_its_own_measure() -> None:
    pace = RateLimiter(6, now_s=StillClock())
    assert sum(attempt(pace, AccountId(uuid4())) for _ in range(10)) == ADDRESS_TIMES * 6
    assert attempt(pace, AccountId(uuid4()), "another") == 6


def test_the_same_thing_sent_again_counts_once() -> None:
    pace, account = RateLimiter(6, now_s=StillClock()), AccountId(uuid4())
    for _ in range(100):
        pace.begin(account, "a", key="the same")
    assert attempt(pace, account) == 5
    pace.begin(account, "a", key="the same")


def test_a_flood_of_accounts_takes_no_more_memory_than_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "KEPT", 50)
    pace = RateLimiter(6, now_s=StillClock())
    first, last = AccountId(uuid4()), AccountId(uuid4())
    pace.begin(first, "a")
    for number in range(1000):
        pace.begin(AccountId(uuid4()), f"address {number}", key="x")
    pace.begin(last, "a")
    # Who came longest ago is forgotten.
    assert (attempt(pace, first, "b"), attempt(pace, last, "c")) == (6, 5)


async def test_a_whole_hospital_behind_one_address_may_answer_in_a_minute(world: World) -> None:
    with world.changed(answers=answer_pace()):
        async with world.anonymous() as http:
            codes = [(await http.get(f"/api/answers/link-{number}")).status_code for number in range(300)]
            one = [(await http.get("/api/answers/link")).status_code for _ in range(ANSWERS_PER_MINUTE + 5)]
    assert set(codes) == {404}
    assert 429 in one


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("POST", "updates", {"text": "x"}),
        ("PUT", "severity", {"severity": "blue"}),
        ("PUT", "place", {"lon": 112.985, "lat": 28.158}),
        ("POST", "merge", {"into": str(uuid4())}),
    ],
)
async def test_what_tells_all_recipients_something_comes_no_faster_than_alerts(
    world: World, staff: httpx.AsyncClient, method: str, what: str, body: dict[str, object]
) -> None:
    path = f"{world.path}/incidents/{uuid4()}/{what}"
    with world.changed(updates=RateLimiter(1)):
        assert (await staff.request(method, path, json=body)).status_code == 404
        refused = await staff.request(method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
        assert int(refused.headers["Retry-After"]) > 0
        # Raising an alert is not held up by it.
        raised = await staff.post(
            f"{world.path}/incidents",
            json={**INCIDENT, "exercise": True},
            headers=new_key(),
        )
        assert raised.status_code in {201, 409}


async def test_alerts_and_imports_that_come_too_fast_are_told_when_to_come_again(
    world: World, staff: httpx.AsyncClient
) -> None:
    body, path = {**INCIDENT, "exercise": False}, f"{world.path}/incidents"
    with world.changed(alerts=RateLimiter(1), imports=RateLimiter(1)):
        key = new_key()
        for _ in range(3):
            assert (await staff.post(path, json=body, headers=key)).status_code == 201
        refused = await staff.post(path, json=body, headers=new_key())
        empty = b'{"type": "FeatureCollection", "features": []}'
        imports = [await staff.post(f"{world.path}/buildings/import", content=empty) for _ in range(2)]
        for answer in (refused, imports[1]):
            assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
            assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert imports[0].status_code != 429


async def test_a_sign_in_that_finds_no_slot_is_refused_and_ends_its_connection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_queue, "WAITING_AT_MOST", 0)
    with world.changed(attempts=LoginThrottle()):
        async with world.anonymous() as stranger:
            guess = {"username": "hospital", "password": "guess"}
            answer = await stranger.post("/api/session", json=guess)
            assert (await stranger.get("/api/config")).status_code == 200
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert answer.headers["Retry-After"] == str(int(login_queue.COME_AGAIN_S))
    assert answer.headers["Connection"] == "close"
