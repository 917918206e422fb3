"""A second circle, the first one's twin: the same shapes under the same ids, and a mark on every word."""

import hashlib
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from sqlalchemy import Column, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from responder.store.metadata import METADATA

MARK = "TWIN-8f3a"
"""In every word of the twin: an answer to others that has it has leaked."""
WORDS = frozenset(
    {
        "name",
        "name_en",
        "note",
        "phone",
        "label",
        "headline",
        "recipient_name",
        "raised_by_name",
        "ended_by_name",
        "account_name",
        "file_name",
        "address",
        "received_by_name",
        "decided_by_name",
        "created_by_name",
        "changed_by_name",
        "code",
        "facility_name",
        "where_to_find",
        "access_code",
        "door",
    }
)
OF_PEOPLE = frozenset({"contact_name", "help_note", "landlord_name", "consent_recorded_by_name"})
"""Words that have to stay empty where they are: without consent a household has none."""
JSON_WORDS = f'"({"|".join(sorted(WORDS))})": "'


def copied_tables() -> list[Table]:
    """Return the tables of a tenant whose rows may be there twice, but for the circle."""
    return [
        table
        for table in METADATA.sorted_tables
        if "circle_id" in table.columns
        and not table.name.startswith("audit")
        and not any(
            isinstance(constraint, UniqueConstraint) and "circle_id" not in constraint.columns
            for constraint in table.constraints
        )
        and not any(column.unique for column in table.columns)
    ]


def make_twin(connection: psycopg.Connection, circle_id: UUID) -> UUID:
    """Copy a circle and its accounts; the accounts' names get a dot and the mark's first word before them."""
    twin_id = uuid4()
    connection.execute(
        "CREATE TEMPORARY TABLE twins ON COMMIT DROP AS SELECT account_id AS old, gen_random_uuid() AS new"
        " FROM membership WHERE circle_id = %s",
        (circle_id,),
    )
    connection.execute(
        "INSERT INTO account (id, username, name, admin, password_hash)"
        " SELECT new, 'twin.' || username, %s || name, admin, password_hash"
        " FROM account JOIN twins ON old = id",
        (MARK,),
    )
    connection.execute(
        "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch, seq, event_id,"
        " roads_hash, roads_summary) SELECT %s, %s || name, %s || name_en, centre, limit_s, illustrative,"
        " epoch, seq, event_id, roads_hash, roads_summary FROM circle WHERE id = %s",
        (twin_id, MARK, MARK, circle_id),
    )
    for table in copied_tables():
        _copy(connection, table, circle_id=circle_id, twin_id=twin_id)
    return twin_id


def digests(connection: psycopg.Connection, circle_id: UUID) -> dict[str, str]:
    """Return for every table of a tenant what its rows of one circle come to."""
    found = {}
    for table in METADATA.sorted_tables:
        if "circle_id" not in table.columns:
            continue
        query = sql.SQL("SELECT kept::text FROM {} AS kept WHERE circle_id = %s ORDER BY 1").format(
            sql.Identifier(table.name)
        )
        rows = connection.execute(query, (circle_id,)).fetchall()
        found[table.name] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    return found


def _copy(connection: psycopg.Connection, table: Table, *, circle_id: UUID, twin_id: UUID) -> None:
    columns = [column for column in table.columns if column.identity is None]
    values = [_value(column, circle_id=circle_id, twin_id=twin_id) for column in columns]
    connection.execute(
        sql.SQL("INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE circle_id = {old}").format(
            table=sql.Identifier(table.name),
            names=sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
            values=sql.SQL(", ").join(values),
            old=sql.Literal(circle_id),
        )
    )


def _value(column: Column[object], *, circle_id: UUID, twin_id: UUID) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.name == "circle_id":
        return sql.Literal(twin_id)
    if column.name in {"account_id", "raised_by", "made_by", "received_by", "decided_by"}:
        return sql.SQL("COALESCE((SELECT new FROM twins WHERE old = {name}), {name})").format(name=name)
    if column.name in WORDS:
        return sql.SQL("{mark} || {name}").format(mark=sql.Literal(MARK), name=name)
    if column.name in OF_PEOPLE:
        return sql.SQL("CASE WHEN {name} = '' THEN '' ELSE {mark} || {name} END").format(
            mark=sql.Literal(MARK), name=name
        )
    if isinstance(column.type, JSONB):
        moved = "replace(CAST({name} AS text), {old}, {new})"
        return sql.SQL(f"CAST(regexp_replace({moved}, {{words}}, {{marked}}, 'g') AS jsonb)").format(
            name=name,
            old=sql.Literal(str(circle_id)),
            new=sql.Literal(str(twin_id)),
            words=sql.Literal(JSON_WORDS),
            marked=sql.Literal(f'"\\1": "{MARK}'),
        )
    return name
