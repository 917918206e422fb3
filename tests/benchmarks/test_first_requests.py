"""The stand-in notes the first request for each person, and none that the service would not take."""

import time
from typing import Any

import httpx

from benchmarks.fleet.first_requests import TOKEN, stand_in


async def test_the_first_request_that_is_taken_counts() -> None:
    with stand_in() as service:
        begun_at = time.time()

        async def publish(topic: str, *, token: str = TOKEN) -> int:
            said: dict[str, Any] = {"topic": topic, "message": "火情"}
            headers = {"Authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(trust_env=False) as http:
                answer = await http.post(f"http://127.0.0.1:{service.port}/", json=said, headers=headers)
            return answer.status_code

        assert await publish("one", token="tk_other") == 403  # noqa: S106 - a wrong one
        assert await service.ask("tell") == {}
        assert [await publish(topic) for topic in ("one", "two")] == [200, 200]
        first = await service.ask("tell")
        assert await publish("one") == 200
        assert await service.ask("tell") == first
        assert set(first) == {"one", "two"}
        assert begun_at <= first["one"] <= first["two"] <= time.time()
        assert await service.ask("forget") == {}
