"""Raising one incident after the other at one place, as a caller who says that it is none of those nearby."""

from typing import Any

import httpx

from responder.domain.errors import SimilarIncidentError


async def post_another(
    http: httpx.AsyncClient, path: str, body: dict[str, Any], *, headers: dict[str, str]
) -> httpx.Response:
    """Raise an incident; asked whether it is one of those nearby, say no."""
    answer = await http.post(path, json=body, headers=headers)
    if answer.status_code != httpx.codes.CONFLICT or answer.json()["code"] != SimilarIncidentError.code:
        return answer
    others = [each["incident_id"] for each in answer.json()["candidates"]]
    return await http.post(path, json={**body, "not_same_as": others}, headers=headers)
