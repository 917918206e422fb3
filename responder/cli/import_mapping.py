"""How columns are read, from the command line: a small file, options, or both."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from geo.errors import UnreadableFileError
from responder.domain.map.feature_import import ImportMapping
from responder.terminal.console import CommandError

MOST_BYTES = 256 * 1024
PARTS = ("fixed", "columns", "values")


def mapping_said(
    file: Path | None,
    *,
    fixed: Iterable[str] | None,
    columns: Iterable[str] | None,
    values: Iterable[str] | None,
    identity: str | None,
) -> ImportMapping | None:
    """
    Return the mapping; None when nothing was said, so that the one kept for the source is used.

    Raises
    ------
    UnreadableFileError
        The file is no mapping.
    CommandError
        An option has no `=`.
    """
    read = {} if file is None else _read(file)
    said: dict[str, Any] = {part: dict(read.get(part) or {}) for part in PARTS}
    said["fixed"].update(_pair(text, "--set") for text in fixed or ())
    said["columns"].update(_pair(text, "--column") for text in columns or ())
    for text in values or ():
        where, meaning = _pair(text, "--value")
        field, colon, written = where.partition(":")
        if not colon:
            raise _refused(text, "--value", "FIELD:FILE=MEANING")
        said["values"].setdefault(field, {})[written] = meaning
    mapping = ImportMapping(**said, identity=identity or read.get("identity") or None)
    return None if file is None and mapping == ImportMapping() else mapping


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise _refused(text, option, "FIELD=…")
    return name.strip(), value.strip()


def _refused(text: str, option: str, form: str) -> CommandError:
    return CommandError(
        zh=f"{option} 应写作 {form}，而不是“{text}”。", en=f"{option} is {form}, not {text!r}."
    )


def _read(file: Path) -> Mapping[str, Any]:
    try:
        if file.stat().st_size > MOST_BYTES:
            message = f"the file has more than {MOST_BYTES} bytes"
            raise UnreadableFileError(message)
        # Everything is text: `True` and `6001` in a column are not to become something else.
        read = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - text only
    except OSError as error:
        message = f"the file cannot be opened: {error.strerror}"
        raise UnreadableFileError(message) from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        message = f"the file is not YAML: {error}"
        raise UnreadableFileError(message) from error
    if not isinstance(read, dict) or not set(read) <= {*PARTS, "identity"} or not _is_plain(read):
        message = "a mapping has `fixed`, `columns`, `values` and `identity`, and nothing but text in them"
        raise UnreadableFileError(message)
    return read


def _is_plain(read: Mapping[str, Any]) -> bool:
    """Return whether the parts have the expected types; an empty part is an empty text."""
    if not isinstance(read.get("identity", ""), str):
        return False
    flat = [read.get(part) or {} for part in ("fixed", "columns")]
    values = read.get("values") or {}
    flat += list(values.values()) if isinstance(values, dict) else [None]
    return all(
        isinstance(part, dict) and all(isinstance(text, str) for text in part.values()) for part in flat
    )
