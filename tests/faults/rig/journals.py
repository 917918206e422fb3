"""What the devices wrote down, read on from where reading stopped: a long run writes millions of lines."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import Any

Line = dict[str, Any]


@dataclass(kw_only=True)
class Journals:
    """Append-only files of several processes."""

    _read: dict[Path, int] = field(default_factory=dict)
    _lines: list[Line] = field(default_factory=list)

    def add(self, journal: Path) -> None:
        """Read this file too."""
        self._read[journal] = 0

    @property
    def mark(self) -> int:
        """How many lines have been read."""
        self._read_on()
        return len(self._lines)

    def after(self, mark: int = 0) -> Sequence[Line]:
        """Return the whole lines after a mark, by time."""
        self._read_on()
        return sorted(self._lines[mark:], key=lambda line: line["t"])

    def _read_on(self) -> None:
        for journal, offset in self._read.items():
            if journal.exists():
                with journal.open("rb") as file:
                    file.seek(offset)
                    new = file.read()
                whole = new.rfind(b"\n") + 1
                self._read[journal] = offset + whole
                self._lines += _parsed(new[:whole])


def _parsed(text: bytes) -> Iterator[Line]:
    return (json.loads(line, object_pairs_hook=_line) for line in text.splitlines())


def _line(fields: list[tuple[str, Any]]) -> Line:
    """Keep each text once: the same devices, alerts and incidents are named a million times."""
    return {name: intern(value) if isinstance(value, str) else value for name, value in fields}
