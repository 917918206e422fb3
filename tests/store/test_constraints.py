"""The database itself refuses invalid rows, whichever code writes them."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import IntegrityError

from responder.domain.ids import CircleId
from responder.domain.map.circle import Circle
from responder.store.database import PostgresDatabase, driver_url

NAN = "'NaN'::float8"
INF = "'Infinity'::float8"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def circle_with(limit_s: str, centre: str = "POINT(112 28)") -> str:
    return (
        "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch) "  # noqa: S608 - above
        f"VALUES ('{uuid4()}', '{uuid4()}', '', ST_GeomFromText('{centre}', 4326), {limit_s}, false, 'e')"
    )


@pytest.mark.parametrize("limit_s", [NAN, INF, "0", "-1"])
def test_a_limit_is_a_number_above_zero(connection: Connection, limit_s: str) -> None:
    with pytest.raises(IntegrityError, match="ck_circle_limit_s_positive"):
        connection.execute(text(circle_with(limit_s)))


def test_what_is_refused_is_refused_for_that_reason(connection: Connection) -> None:
    connection.execute(text(circle_with("900")))


@pytest.mark.parametrize("measure", ["wider_than_m", "higher_than_m", "heavier_than_t"])
@pytest.mark.parametrize("bound", [NAN, INF, "0", "-1"])
async def test_a_closure_has_bounds_above_zero(
    connection: Connection, circle: Circle, measure: str, bound: str
) -> None:
    with pytest.raises(IntegrityError, match=f"ck_closure_{measure}_positive"):
        connection.execute(
            text(
                f"INSERT INTO closure (circle_id, id, name, geometry, {measure}) "  # noqa: S608 - above
                f"VALUES ('{circle.id}', '{uuid4()}', '', ST_GeomFromText('POINT(1 1)', 4326), {bound})"
            )
        )


@pytest.mark.parametrize(
    "geometry",
    [
        "ST_SetSRID(ST_MakePoint('NaN', 28), 4326)",
        "ST_SetSRID(ST_MakePoint(112, 'Infinity'), 4326)",
        "ST_GeomFromText('POINT(112 999)', 4326)",
        "ST_GeomFromText('POINT(181 28)', 4326)",
        "ST_GeomFromText('POLYGON EMPTY', 4326)",
        "ST_GeomFromText('LINESTRING(1 1, 200 2)', 4326)",
    ],
)
async def test_a_geometry_stays_on_earth(connection: Connection, circle: Circle, geometry: str) -> None:
    with pytest.raises(IntegrityError, match="ck_hazard_on_earth"):
        connection.execute(
            text(
                "INSERT INTO hazard (circle_id, id, kind, grade, state, step_count, reopened_count, name, "  # noqa: S608
                "name_en, note, geometry) "
                f"VALUES ('{circle.id}', '{uuid4()}', '', 'major', 'seen', 1, 0, '', '', '', {geometry})"
            )
        )


async def test_what_belongs_to_one_circle_cannot_refer_to_another(
    connection: Connection, circle: Circle, database: PostgresDatabase
) -> None:
    other = replace(circle, id=CircleId(uuid4()), name=str(uuid4()))
    async with database.begin() as transaction:
        await transaction.circles.add(other, epoch="e")
    partner = uuid4()
    connection.execute(
        text(
            "INSERT INTO partner (circle_id, id, kind, name, name_en, phone) "  # noqa: S608
            f"VALUES ('{circle.id}', '{partner}', 'police', '', '', '')"
        )
    )
    with pytest.raises(IntegrityError, match="fk_facility_circle_id_partner_id"):
        connection.execute(
            text(
                "INSERT INTO facility (circle_id, id, kind, name, name_en, partner_id, note, geometry) "  # noqa: S608
                f"VALUES ('{other.id}', '{uuid4()}', 'aed', '', '', '{partner}', '', "
                "ST_GeomFromText('POINT(1 1)', 4326))"
            )
        )


def test_a_password_is_stored_hashed_or_not_at_all(connection: Connection) -> None:
    with pytest.raises(IntegrityError, match="ck_account_password_hashed"):
        connection.execute(
            text(
                "INSERT INTO account (id, username, name, admin, password_hash) "  # noqa: S608 - above
                f"VALUES ('{uuid4()}', '{uuid4()}', '', false, 'secret')"
            )
        )
