"""The wall in the database: PostgreSQL decides what a transaction may see, whatever a query forgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from responder.domain.ids import AccountId, CircleId, PartnerId
from responder.domain.map.circle import Circle
from responder.domain.people.access import Role
from responder.domain.people.account import Account
from responder.domain.people.partner import Partner, PartnerKind
from responder.services.security_context import act_for, as_anonymous, as_system, current_principal
from responder.store.database import PostgresDatabase
from responder.store.metadata import METADATA
from responder.store.migrate import spatial_indexes_serve

PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA"  # noqa: S105 - of no account
TENANTS = sorted(table.name for table in METADATA.tables.values() if "circle_id" in table.columns)
NO_CIRCLE = UUID(int=0)
"""Under which the platform keeps what is of no circle."""
APPLICATION = "-c role=responder_app -c responder.system=off"


@contextmanager
def session(url: str, *, user: str = "responder", options: str = "") -> Iterator[psycopg.Connection]:
    """Open a session without any code of the product."""
    dsn = url.replace("postgresql+psycopg://responder@", f"postgresql://{user}@")
    with psycopg.connect(dsn, options=options) as connection:
        yield connection


def partner_of(circle_id: CircleId) -> Partner:
    return Partner(
        circle_id=circle_id,
        id=PartnerId(uuid4()),
        kind=PartnerKind.COMMUNITY,
        name="物业",
        name_en="",
        phone="",
    )


async def made_circle(database: PostgresDatabase, member: AccountId | None = None) -> CircleId:
    """Make a circle with one partner in it, and perhaps a member."""
    circle = Circle(id=CircleId(uuid4()), name=str(uuid4()), name_en="", centre=(112.985, 28.158))
    async with database.begin() as transaction:
        await transaction.circles.add(circle, epoch="first")
        await transaction.partners.add(partner_of(circle.id))
        if member is not None:
            await transaction.memberships.add(circle.id, member, role=Role.OBSERVER, partner_id=None)
    return circle.id


async def made_account(database: PostgresDatabase) -> AccountId:
    account = Account(id=AccountId(uuid4()), username=str(uuid4()), name="somebody")
    async with database.begin() as transaction:
        await transaction.accounts.add(account, PASSWORD_HASH)
    return account.id


async def partners_seen(database: PostgresDatabase, circle_id: CircleId) -> int:
    async with database.begin() as transaction:
        return len(await transaction.partners.of_circle(circle_id))


def test_every_table_of_a_tenant_has_the_wall(database_url: str) -> None:
    with session(database_url) as connection:
        behind = connection.execute(
            "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
            " AND polname = 'of_the_circle' AND polcmd = '*' AND polroles = '{0}' AND polpermissive"
            " WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity"
        ).fetchall()
        open_to_all = connection.execute(
            "SELECT tablename, policyname FROM pg_policies WHERE qual = 'true' AND cmd <> 'SELECT'"
        ).fetchall()
    assert {name for (name,) in behind} >= {*TENANTS, "circle"}
    assert open_to_all == []


def test_the_application_owns_nothing_and_nothing_lets_it_by(database_url: str) -> None:
    with session(database_url, options=APPLICATION) as connection:
        role = "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(role).fetchone() == ("responder_app", False, False)
        owned = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        assert connection.execute(owned).fetchone() == (0,)
        connection.execute("RESET ROLE")
        assert connection.execute("SELECT current_user").fetchone() == ("responder_app",)


@pytest.mark.parametrize("user", ["responder_app", "responder"])
async def test_who_says_nothing_sees_nothing_not_even_the_owner(
    database: PostgresDatabase, database_url: str, user: str
) -> None:
    await made_circle(database, member=await made_account(database))
    with session(database_url, user=user, options="-c responder.system=off") as connection:
        for table in ("circle", *TENANTS):
            column = "id" if table == "circle" else "circle_id"
            count = sql.SQL("SELECT count(*) FROM {} WHERE {} <> {}").format(
                sql.Identifier(table), sql.Identifier(column), sql.Literal(NO_CIRCLE)
            )
            assert connection.execute(count).fetchone() == (0,), table


async def test_a_member_sees_the_circle_and_a_stranger_does_not(database: PostgresDatabase) -> None:
    member, stranger = await made_account(database), await made_account(database)
    circle_id = await made_circle(database, member=member)
    elsewhere = await made_circle(database, member=stranger)
    with as_anonymous():
        assert await partners_seen(database, circle_id) == 0
        act_for(member, circle_id)
        assert await partners_seen(database, circle_id) == 1
        assert await partners_seen(database, elsewhere) == 0
        act_for(stranger, circle_id)
        assert await partners_seen(database, circle_id) == 0
        act_for(member)
        assert await partners_seen(database, circle_id) == 0


async def test_before_choosing_one_hears_of_ones_own_circles_only(database: PostgresDatabase) -> None:
    member, stranger = await made_account(database), await made_account(database)
    circle_id = await made_circle(database, member=member)
    with as_anonymous():
        act_for(member)
        async with database.begin() as transaction:
            assert [one.id for one in await transaction.circles.everything()] == [circle_id]
            assert [one.id for one in await transaction.memberships.of_account(member)] == [circle_id]
            assert await transaction.memberships.of_account(stranger) == ()


async def test_work_of_the_system_can_be_for_one_circle(database: PostgresDatabase) -> None:
    circle_id, elsewhere = await made_circle(database), await made_circle(database)
    with as_system(circle_id):
        assert await partners_seen(database, circle_id) == 1
        assert await partners_seen(database, elsewhere) == 0
    with as_system():
        assert await partners_seen(database, elsewhere) == 1


async def test_nothing_is_written_into_another_circle(database: PostgresDatabase) -> None:
    member = await made_account(database)
    await made_circle(database, member=member)
    elsewhere = await made_circle(database)
    with as_anonymous():
        act_for(member, elsewhere)
        with pytest.raises(Exception, match="row-level security"):
            async with database.begin() as transaction:
                await transaction.partners.add(partner_of(elsewhere))
    assert await partners_seen(database, elsewhere) == 1


async def test_what_a_transaction_said_is_forgotten_by_the_next_on_the_same_connection(
    database: PostgresDatabase,
) -> None:
    member = await made_account(database)
    circle_id = await made_circle(database, member=member)
    with as_anonymous():
        act_for(member, circle_id)
        assert await partners_seen(database, circle_id) == 1
    said = (
        "SELECT current_setting('responder.circle_id', true), current_setting('responder.account_id', true),"
        " (SELECT count(*) FROM partner)"
    )
    async with database._engine.connect() as connection:  # noqa: SLF001 - below what names the circle
        seen = await connection.exec_driver_sql(said)
        circle, account, partners = seen.one()
    assert (circle or "", account or "", partners) == ("", "", 0)
    assert database._engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # noqa: SLF001


async def test_a_transaction_that_failed_leaves_nothing_said(database: PostgresDatabase) -> None:
    member = await made_account(database)
    circle_id = await made_circle(database, member=member)
    with as_anonymous():
        act_for(member, circle_id)
        with pytest.raises(RuntimeError):
            async with database.begin():
                raise RuntimeError
        assert current_principal().circle_id == circle_id
    with as_anonymous():
        assert await partners_seen(database, circle_id) == 0


async def test_who_is_signed_in_cannot_end_another_persons_session(
    database: PostgresDatabase, database_url: str
) -> None:
    mine, theirs = await made_account(database), await made_account(database)
    now = datetime.now(UTC)
    with session(database_url, options=APPLICATION) as connection:
        connection.execute("SELECT act_as_system(NULL)")
        for account_id in (mine, theirs):
            open_session(connection, account_id, now)
        connection.commit()
        connection.execute("SELECT act_for(%s, NULL)", (mine,))
        gone = connection.execute("DELETE FROM session WHERE account_id IN (%s, %s)", (mine, theirs))
        assert gone.rowcount == 1
        changed = connection.execute("UPDATE account SET name = 'x' WHERE id = %s", (theirs,))
        assert changed.rowcount == 0


def open_session(connection: psycopg.Connection, account_id: UUID, now: datetime) -> None:
    """Put a session into the table, whatever columns later versions gave it."""
    required = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'session'"
        " AND is_nullable = 'NO' AND column_default IS NULL"
    ).fetchall()
    by_type = {"uuid": uuid4(), "text": "", "timestamp with time zone": now}
    values = {name: by_type[kind] for name, kind in required}
    values |= {"token_hash": uuid4().hex * 2, "account_id": account_id}
    connection.execute(
        sql.SQL("INSERT INTO session ({}) VALUES ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() * len(values)),
        ),
        list(values.values()),
    )


MANY_ROADS = """
    INSERT INTO road (circle_id, road_id, class, oneway, layer, geometry)
    SELECT %s, number, 'residential', 0, 0, ST_SetSRID(ST_MakeLine(
        ST_Point(112 + number %% 200 / 200.0, 28 + number / 200 / 200.0),
        ST_Point(112.001 + number %% 200 / 200.0, 28 + number / 200 / 200.0)), 4326)
    FROM generate_series(1, 20000) AS number
"""
IN_A_BOX = """
    EXPLAIN SELECT road_id FROM road
    WHERE geometry && ST_MakeEnvelope(112.5, 28.1, 112.52, 28.12, 4326)
"""


async def test_the_wall_leaves_the_spatial_index_in_use(
    database: PostgresDatabase, fresh_database_url: str
) -> None:
    """As the application's role; and without the mark of discretion it is lost, so the mark is needed."""
    member = await made_account(database)
    with session(fresh_database_url, user="postgres") as admin:
        circle_id = uuid4()
        admin.execute(
            "INSERT INTO account (id, username, name, admin, password_hash) VALUES (%s, 'a', 'a', false, %s)",
            (member, PASSWORD_HASH),
        )
        admin.execute(
            "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch)"
            " VALUES (%s, 'x', '', ST_Point(112, 28, 4326), 900, false, 'x')",
            (circle_id,),
        )
        admin.execute(
            "INSERT INTO membership (circle_id, account_id, role) VALUES (%s, %s, 'observer')",
            (circle_id, member),
        )
        admin.execute(MANY_ROADS, (circle_id,))
        admin.execute("ANALYZE road")

        def plan() -> str:
            admin.execute("SET LOCAL ROLE responder_app")
            admin.execute("SELECT act_for(%s, %s)", (member, circle_id))
            rows = admin.execute(IN_A_BOX).fetchall()
            admin.execute("RESET ROLE")
            return "\n".join(line for (line,) in rows)

        assert "ix_road_geometry" in plan()
        admin.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF")
        assert "ix_road_geometry" not in plan()
        admin.rollback()


def test_a_server_whose_administrator_has_not_marked_the_comparison_is_found_out(
    fresh_database_url: str,
) -> None:
    assert spatial_indexes_serve(fresh_database_url)
    with session(fresh_database_url, user="postgres") as admin:
        admin.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF")
    assert not spatial_indexes_serve(fresh_database_url)
