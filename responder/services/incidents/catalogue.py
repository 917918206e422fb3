"""A circle's kinds of incident and warning colours: those that are shipped, or its own."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from responder.domain.audit import AuditAction, audit_entry
from responder.domain.errors import EditConflictError, InvalidValueError
from responder.domain.ids import CircleId
from responder.domain.incidents.catalogue import KIND_CODE, TIME_OF_DAY, AlertCatalogue, IncidentKind
from responder.domain.incidents.event import AlertCatalogueChanged
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.validation.text import checked_text

KINDS_AT_MOST = 24
"""With those that are not offered any more: every page loads them all."""
LINES_AT_MOST = 12
WANTED_AT_MOST = 8
COUNT_AT_MOST = 50
NAME_ZH_LENGTH = 8
"""Characters: with the place it has to fit on a lock screen, which shows about 32."""
NAME_EN_LENGTH = 24
LINE_LENGTH = 200
ALWAYS_OFFERED = "other"
"""There is always a kind to raise, whatever happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCatalogue:
    """The kinds and colours that a circle goes by."""

    is_custom: bool
    """False for those that are shipped."""
    set_at: datetime | None
    version: str
    """Changes with every word."""
    catalogue: AlertCatalogue
    defaults: AlertCatalogue
    """Those that are shipped, to compare with."""


async def catalogue_of(transaction: Transaction, circle_id: CircleId) -> AlertCatalogue:
    """Return the kinds and colours that a circle goes by."""
    found = await transaction.alert_catalogues.find(circle_id)
    return SHIPPED if found is None else found.catalogue


async def local_date(transaction: Transaction, circle_id: CircleId, at: datetime) -> date:
    """Return the date in the circle's time zone."""
    catalogue = await catalogue_of(transaction, circle_id)
    return at.astimezone(ZoneInfo(catalogue.time_zone)).date()


async def show_catalogue(database: Database, *, viewer: Viewer) -> ShownCatalogue:
    """Return the kinds and colours that the circle goes by."""
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        return await _shown(transaction, viewer.circle_id)


async def set_catalogue(
    database: Database,
    *,
    viewer: Viewer,
    catalogue: AlertCatalogue | None,
    expected_version: str | None = None,
    clock: Clock,
) -> ShownCatalogue:
    """
    Set the circle's kinds and colours, None for those that are shipped.

    A kind that the circle had stays in its catalogue, and is not offered any more when it is left out: the
    incidents of the past keep their words. `expected_version` is the version that the caller has seen; None
    replaces any.

    Raises
    ------
    InvalidValueError
        `field` is not as it may be. Nothing is changed then.
    EditConflictError
        The circle goes by another version than `expected_version`. Nothing is changed then.
    """
    viewer.must(Action.CONFIGURE_ALERTS)
    now, circle_id = moment(clock), viewer.circle_id
    wanted = checked_catalogue(SHIPPED if catalogue is None else catalogue)
    async with database.begin() as transaction:
        # Of two who save at the same moment, the second has to see what the first did.
        await transaction.circles.lock(circle_id)
        before = await _shown(transaction, circle_id)
        if expected_version not in {None, before.version}:
            raise EditConflictError(by=None)
        new = _with_former(wanted, before.catalogue.kinds)
        _require(
            len(new.kinds) <= KINDS_AT_MOST,
            f"at most {KINDS_AT_MOST} kinds, with those that are not offered any more",
            field="kinds",
        )
        await transaction.alert_catalogues.put(circle_id, new, version=_version(new), at=now)
        await transaction.record(circle_id, AlertCatalogueChanged(catalogue=new), at=now)
        act = audit_entry(
            viewer,
            AuditAction.ALERT_CATALOGUE_UPDATED,
            detail={"kinds": len(new.kinds), "is_custom": new != SHIPPED},
        )
        await transaction.audit.append(circle_id, act, at=now)
        return await _shown(transaction, circle_id)


def checked_catalogue(given: AlertCatalogue) -> AlertCatalogue:
    """
    Return the catalogue with clean texts.

    Raises
    ------
    InvalidValueError
        `field` is not as it may be.
    """
    _require(0 < len(given.kinds) <= KINDS_AT_MOST, f"there are 1 to {KINDS_AT_MOST} kinds", field="kinds")
    codes = Counter(kind.code for kind in given.kinds)
    _require(codes.most_common(1)[0][1] == 1, "two kinds have one code", field="kinds")
    kinds = tuple(_checked_kind(kind) for kind in given.kinds)
    offered = {kind.code for kind in kinds if kind.is_offered}
    _require(ALWAYS_OFFERED in offered, f"the kind {ALWAYS_OFFERED} is always offered", field="kinds")
    colours = tuple(level.severity for level in given.severities)
    _require(colours == tuple(Severity), "each colour stands once, most severe first", field="severities")
    for level in given.severities:
        hours = level.quiet_hours
        if hours is not None:
            _require(level.severity is not Severity.RED, "red has no quiet hours", field="quiet_hours")
            _require(hours.start != hours.end, "quiet hours end when they begin", field="quiet_hours")
            written = all(TIME_OF_DAY.fullmatch(each) for each in (hours.start, hours.end))
            _require(written, "quiet hours are written as 22:00", field="quiet_hours")
    _require(_is_zone(given.time_zone), "there is no such time zone", field="time_zone")
    return replace(given, kinds=kinds)


def _checked_kind(kind: IncidentKind) -> IncidentKind:
    code = "a code is 1 to 32 of a-z, 0-9 and _, beginning with a letter"
    _require(KIND_CODE.fullmatch(kind.code) is not None, code, field="code")
    _require(KIND_CODE.fullmatch(kind.icon) is not None, code, field="icon")
    _require(
        0 < len(set(kind.categories)) == len(kind.categories),
        "there are categories, each once",
        field="categories",
    )
    _require(len(kind.wanted) <= WANTED_AT_MOST, "too many capabilities are wanted", field="wanted")
    for want in kind.wanted:
        _require(KIND_CODE.fullmatch(want.capability) is not None, code, field="capability")
        _require(1 <= want.count <= COUNT_AT_MOST, f"a count is 1 to {COUNT_AT_MOST}", field="count")
    return replace(
        kind,
        name_zh=checked_text(kind.name_zh, field="name_zh", longest=NAME_ZH_LENGTH, may_be_empty=False),
        name_en=checked_text(kind.name_en, field="name_en", longest=NAME_EN_LENGTH, may_be_empty=False),
        script_zh=_checked_lines(kind.script_zh, field="script_zh"),
        script_en=_checked_lines(kind.script_en, field="script_en"),
    )


def _checked_lines(lines: tuple[str, ...], *, field: str) -> tuple[str, ...]:
    _require(len(lines) <= LINES_AT_MOST, f"a script has at most {LINES_AT_MOST} lines", field=field)
    return tuple(checked_text(line, field=field, longest=LINE_LENGTH, may_be_empty=False) for line in lines)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _require(holds: bool, message: str, *, field: str) -> None:  # noqa: FBT001 - what has to hold comes first
    if not holds:
        raise InvalidValueError(message, field=field)


def _with_former(new: AlertCatalogue, former: Iterable[IncidentKind]) -> AlertCatalogue:
    codes = {kind.code for kind in new.kinds}
    kept = tuple(replace(kind, is_offered=False) for kind in former if kind.code not in codes)
    return replace(new, kinds=(*new.kinds, *kept)) if kept else new


async def _shown(transaction: Transaction, circle_id: CircleId) -> ShownCatalogue:
    found = await transaction.alert_catalogues.find(circle_id)
    catalogue = SHIPPED if found is None else found.catalogue
    return ShownCatalogue(
        is_custom=catalogue != SHIPPED,
        set_at=None if found is None else found.set_at,
        version=_version(catalogue),
        catalogue=catalogue,
        defaults=SHIPPED,
    )


def _version(catalogue: AlertCatalogue) -> str:
    return hashlib.sha256(json.dumps(asdict(catalogue), sort_keys=True).encode()).hexdigest()
