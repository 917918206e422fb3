"""HTML and SVG from values: every text is escaped, so that nothing people wrote is read as markup."""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

_VOID: Final = frozenset({"meta", "br", "img", "input", "path", "circle", "polyline", "rect", "line"})
_SHORT: Final = 10
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def text(value: object) -> Markup:
    """Return a value as text, unless it is markup already."""
    if isinstance(value, Markup):
        return value
    return Markup(escape(_UNPRINTABLE.sub("�", str(value))))


def el(tag: str, *children: object, **attributes: object) -> Markup:
    """
    Return an element; a `_` at the end of an attribute's name is left out, others become -.

    >>> str(el("p", "a < b", class_="note"))
    '<p class="note">a &lt; b</p>'
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{text(value)}"' for name, value in attributes.items()
    )
    if tag in _VOID and not children:
        return Markup(f"<{tag}{written}/>")
    return Markup(f"<{tag}{written}>{''.join(map(text, children))}</{tag}>")


def join(parts: Iterable[object]) -> Markup:
    """Return parts one after the other."""
    return Markup("".join(map(text, parts)))


def table(head: Iterable[object], rows: Iterable[Iterable[object]], **attributes: object) -> Markup:
    """Return a table whose head is repeated on each page."""
    top = el("thead", el("tr", *(el("th", each, scope="col") for each in head)))
    body = el("tbody", *(el("tr", *map(_cell, row)) for row in rows))
    return el("table", top, body, **attributes)


def _cell(value: object) -> Markup:
    """Return a cell; a figure is not broken in two."""
    is_short = not isinstance(value, Markup) and len(str(value)) <= _SHORT
    return el("td", value, class_="short") if is_short else el("td", value)
