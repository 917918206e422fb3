"""Excel workbooks that are sent to us and given out, and what is told of them."""

from enum import StrEnum
from typing import Any, Final, Literal, Protocol, Self

from pydantic import BaseModel

from responder.api.errors.statuses import printable
from responder.domain.cap.faults import FaultWords

XLSX_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
            XLSX_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
"""For OpenAPI: an Excel workbook as `file` of a form, or as it is."""


class _Fault(Protocol):
    """What is wrong with a sheet of any kind."""

    @property
    def code(self) -> str: ...
    @property
    def row(self) -> int | None: ...
    @property
    def column(self) -> StrEnum | None: ...
    @property
    def value(self) -> str: ...
    @property
    def words(self) -> FaultWords: ...


class SheetMessage(BaseModel):
    """What is wrong with a file, or should be known of it."""

    code: str
    level: Literal["error", "warning"]
    """With an error nothing is imported."""
    row: int | None
    """Of the sheet, from 1; null when it is about the file."""
    column: str | None
    """The field that the column becomes."""
    value: str
    """What stands there, cut."""
    zh: str
    en: str

    @classmethod
    def of(cls, fault: _Fault) -> Self:
        return cls(
            code=fault.code,
            level=fault.words.level.value,
            row=fault.row,
            column=None if fault.column is None else fault.column.value,
            value=printable(fault.value),
            zh=fault.words.zh,
            en=fault.words.en,
        )
