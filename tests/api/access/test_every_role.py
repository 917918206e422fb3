"""
Every endpoint, called anonymously, by each role, each role of a twin circle, a platform administrator.

Endpoints come from the interface's description of itself and rights from the domain's table: a new endpoint
without a row fails here, and one with a row is called without anything being added but its form.
"""

from dataclasses import replace
from uuid import uuid4

import pytest

from responder.domain.people.access import Role
from responder.domain.people.permissions import ENDPOINTS, Access
from tests.api.access.calls import BODIES, QUERIES, ask, endpoints, filled
from tests.api.access.conftest import ADMINISTRATOR, Towns
from tests.api.access.twin import MARK, copied_tables


def test_the_table_has_every_endpoint_and_no_other(towns: Towns) -> None:
    found = endpoints(towns.api)
    assert {one.route_key for one in found} == set(ENDPOINTS)
    assert all("x-required-permissions" in one.described for one in found)


def test_everything_can_be_asked_in_the_right_form(towns: Towns) -> None:
    found = endpoints(towns.api)
    assert {one.route_key for one in found if one.takes_a_body} == set(BODIES), "add a body in calls.py"
    assert set(QUERIES) <= {one.route_key for one in found}
    for one in found:
        assert "{" not in filled(one.path, towns.ids), "add a value for the path parameter in calls.py"


async def test_the_twin_is_like_ours_but_for_the_mark(towns: Towns) -> None:
    """Without this, nothing of the twin's could leak and every test below would be content."""
    ours, theirs = towns.rows_of(towns.circle_id), towns.rows_of(towns.twin_id)
    for table in copied_tables():
        assert ours[table.name].split()[0] == theirs[table.name].split()[0], table.name
    http = await towns.twins(Role.COORDINATOR)
    seen = 0
    for endpoint in endpoints(towns.api):
        if endpoint.method == "get" and "{circle_id}" in endpoint.path:
            answer = await ask(http, endpoint, replace(towns.ids, circle_id=towns.twin_id))
            seen += MARK in answer.content.decode("utf-8", "replace")
    assert seen >= 12


async def test_an_anonymous_caller_is_refused_where_an_account_is_needed(towns: Towns) -> None:
    async with towns.anonymous() as http:
        for endpoint in endpoints(towns.api):
            answer = await ask(http, endpoint, towns.ids)
            assert not towns.leaks(answer), endpoint.route_key
            if endpoint.need is not Access.ANYBODY:
                assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), (
                    endpoint.route_key
                )


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_has_what_the_table_gives_it_and_nothing_of_the_twins(
    towns: Towns, role: Role
) -> None:
    untouched = towns.rows_of(towns.twin_id)
    answer = None
    for endpoint in endpoints(towns.api):
        http = await towns.ours(role, after=answer)
        answer = await ask(http, endpoint, towns.ids)
        assert answer.status_code < 500, f"{endpoint.route_key}: {answer.text}"
        assert not towns.leaks(answer), endpoint.route_key
        refused = answer.status_code == 403 and answer.json()["code"] == "not_allowed"
        if endpoint.is_refused(role):
            assert refused, f"{endpoint.route_key}: {answer.text}"
        elif endpoint.is_done_by(role):
            assert not refused, f"{endpoint.route_key}: {answer.text}"
    assert towns.rows_of(towns.twin_id) == untouched


@pytest.mark.parametrize("role", list(Role))
async def test_to_a_stranger_the_circle_is_not_there(towns: Towns, role: Role) -> None:
    """Whatever is asked for by its right id, the answer is that of a circle that does not exist."""
    untouched, http = towns.rows_of(towns.twin_id), await towns.ours(role)
    for endpoint in endpoints(towns.api):
        if "{circle_id}" not in endpoint.path:
            continue
        answer = await ask(http, endpoint, replace(towns.ids, circle_id=towns.twin_id))
        nowhere = await ask(http, endpoint, replace(towns.ids, circle_id=uuid4()))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), endpoint.route_key
        assert answer.content == nowhere.content, endpoint.route_key
        assert not towns.leaks(answer), endpoint.route_key
    assert towns.rows_of(towns.twin_id) == untouched


async def test_a_platform_administrator_sets_right_who_belongs_and_sees_nothing_else(towns: Towns) -> None:
    http = await towns.client(ADMINISTRATOR)
    for endpoint in endpoints(towns.api):
        if "{circle_id}" not in endpoint.path:
            continue
        answer = await ask(http, endpoint, replace(towns.ids, account_id=uuid4()))
        assert not towns.leaks(answer), endpoint.route_key
        hidden = answer.status_code == 404 and answer.json()["code"] == "not_found"
        if not endpoint.is_for_administrators:
            assert hidden, f"{endpoint.route_key}: {answer.text}"
        elif "{" not in endpoint.path.partition("{circle_id}")[2]:
            assert answer.status_code < 300, f"{endpoint.route_key}: {answer.text}"
