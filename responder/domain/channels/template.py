"""Fills `{name}` in the texts of a JSON template: no value can change its structure."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

PLACEHOLDER = re.compile(r"\{([a-z_]+)(:int)?\}")


def fill(template: Json, values: Mapping[str, Json]) -> Json:
    """
    Return the template with the values in their places.

    A text that is nothing but `{name}` becomes the value as it is, also a list; `{name:int}` a whole number.

    Raises
    ------
    KeyError
        A name has no value.
    ValueError
        The value of a `{name:int}` is no whole number.
    """
    match template:
        case dict():
            return {name: fill(part, values) for name, part in template.items()}
        case list():
            return [fill(part, values) for part in template]
        case str():
            if whole := PLACEHOLDER.fullmatch(template):
                return int(str(values[whole[1]])) if whole[2] else values[whole[1]]
            return PLACEHOLDER.sub(lambda found: str(values[found[1]]), template)
        case _:
            return template


def placeholders(template: Json) -> Iterator[str]:
    """Yield the names that a template wants values for."""
    match template:
        case dict():
            for part in template.values():
                yield from placeholders(part)
        case list():
            for part in template:
                yield from placeholders(part)
        case str():
            yield from (found[1] for found in PLACEHOLDER.finditer(template))
        case _:
            pass
