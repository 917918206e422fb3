"""Accounts: who can sign in."""

from sqlalchemy import Boolean, CheckConstraint, Column, Table, Text, Uuid, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.channels.message_words import Language
from responder.domain.errors import NameTakenError, NotFoundError
from responder.domain.ids import AccountId
from responder.domain.people.account import Account
from responder.ports.people import StoredPassword
from responder.store.metadata import METADATA

ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("admin", Boolean, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("language", Text, nullable=False, server_default=Language.ZH.value),
    CheckConstraint("language IN ('zh-CN', 'en')", name="language_known"),
    CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_hashed"),
)


class PostgresAccounts:
    """All accounts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, account_id: AccountId) -> Account:
        row = (
            await self._connection.execute(select(ACCOUNT).where(ACCOUNT.c.id == account_id))
        ).one_or_none()
        if row is None:
            raise NotFoundError
        return Account(id=AccountId(row.id), username=row.username, name=row.name, admin=row.admin)

    async def find(self, username: str) -> StoredPassword | None:
        if not _is_storable(username):
            return None
        row = (
            await self._connection.execute(select(ACCOUNT).where(ACCOUNT.c.username == username))
        ).one_or_none()
        if row is None:
            return None
        account = Account(id=AccountId(row.id), username=row.username, name=row.name, admin=row.admin)
        return StoredPassword(account=account, password_hash=row.password_hash)

    async def add(self, account: Account, password_hash: str) -> None:
        values = {
            "id": account.id,
            "username": account.username,
            "name": account.name,
            "admin": account.admin,
            "password_hash": password_hash,
        }
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(insert(ACCOUNT).values(values))
        except IntegrityError as error:
            if not any(key in str(error.orig) for key in ("uq_account_username", "pk_account")):
                raise
            raise NameTakenError(name=account.username) from error

    async def put_password(self, account_id: AccountId, password_hash: str) -> None:
        await self._connection.execute(
            update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(password_hash=password_hash)
        )

    async def language(self, account_id: AccountId) -> Language:
        found = await self._connection.execute(select(ACCOUNT.c.language).where(ACCOUNT.c.id == account_id))
        return Language(found.scalar_one())

    async def put_language(self, account_id: AccountId, language: Language) -> None:
        await self._connection.execute(
            update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(language=language.value)
        )

    async def count(self) -> int:
        found = await self._connection.execute(select(func.count()).select_from(ACCOUNT))
        return int(found.scalar_one())


def _is_storable(text: str) -> bool:
    # PostgreSQL stores neither NUL nor half a surrogate pair, so no such name exists.
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
