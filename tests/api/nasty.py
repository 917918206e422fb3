"""Bodies that have broken other parsers, made here: each is refused, and none breaks us."""

import json
import math
from collections.abc import Iterator
from typing import Any

DEEP = 100_000
NOT_JSON: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "list": b"[]",
    "number": b"0",
    "text": b'"text"',
    "half": b"{",
    "two": b"{}{}",
    "NaN": b'{"lat": NaN}',
    "Infinity": b'{"lat": Infinity}',
    "-Infinity": b'{"lat": -Infinity}',
    "1e999": b'{"lat": 1e999}',
    "1000 digits": b'{"lat": ' + b"9" * 1000 + b"}",
    "1000 digits after the point": b'{"lat": 0.' + b"9" * 1000 + b"e999999999}",
    "2**63": b'{"limit_s": 9223372036854775808}',
    "-0": b'{"lat": -0}',
    "NUL escaped": b'{"note": "\\u0000"}',
    "NUL": b'{"note": "\x00"}',
    "NUL in a name": b'{"\\u0000": 1}',
    "lone high surrogate": b'{"note": "\\ud800"}',
    "lone low surrogate": b'{"\\udfff": 1}',
    "surrogates the wrong way round": b'{"note": "\\udc00\\ud800"}',
    "not UTF-8": b'{"note": "\xff\xfe"}',
    "overlong UTF-8": b'{"note": "\xc0\x80"}',
    "surrogate in UTF-8": b'{"note": "\xed\xa0\x80"}',
    "BOM": b'\xef\xbb\xbf{"kind": "fire"}',
    "UTF-16": '{"kind": "fire"}'.encode("utf-16"),
    "a name twice": b'{"kind": "fire", "kind": "gas"}',
    "a name twice, escaped": b'{"kind": "fire", "\\u006bind": "gas"}',
    "deep lists": b"[" * DEEP,
    "deep and closed": b'{"geometry": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "many names": b"{" + b",".join(b'"n%d":0' % number for number in range(5_000)) + b"}",
    "long name": b'{"' + b"n" * 900_000 + b'": 1}',
    "long text": b'{"note": "' + b"x" * 900_000 + b'"}',
    "prototype": b'{"__proto__": {}, "constructor": {"prototype": 1}}',
    "comment": b'{"kind": "fire" /* ! */}',
    "trailing comma": b'{"kind": "fire",}',
    "single quotes": b"{'kind': 'fire'}",
    "binary": bytes(range(256)),
    "gzip": b"\x1f\x8b\x08\x00",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>',
    "a form": b"kind=fire&severity=red",
}
"""Whole bodies."""

VALUES: tuple[Any, ...] = (
    None,
    True,
    [],
    {},
    -1,
    0,
    2**53,
    2**63,
    -(2**63) - 1,
    1e308,
    -1e308,
    5e-324,
    999,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "x\udfff",
    "' OR 1=1 --",
    "'; DROP TABLE account; --",
    "%s%n%(x)s{0.__class__}",
    "${jndi:ldap://127.0.0.1/a}",
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "\u200b\ufeff",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L͠G̴",
    "👩‍👩‍👧‍👦🇨🇳",
    "🚒" * 3000,
    "../../../../etc/passwd",
    "file:///dev/null",
    "0x10",
    "1e5",
    "９９",
    "NaN",
    "Infinity",
    "9999-12-31T23:59:59.999999+23:59",
    "0001-01-01T00:00:00+14:00",
    "00000000-0000-0000-0000-000000000000",
    ["x"] * 1000,
    {"type": "Point", "coordinates": [1e308, -1e308]},
    {"type": "Polygon", "coordinates": [[[0, 0], [0, 0], [0, 0], [0, 0]]]},
    {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": []}]},
    {"type": "LineString", "coordinates": [["a", "b"], [None, []]]},
)
"""Values for any field of an otherwise right body."""

CONTENT_TYPES = (
    "application/json; charset=utf-16",
    "application/json; charset=nothing",
    "application/xml",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 5000,
    "application/octet-stream",
    "a/b; " + "c=d; " * 500,
    "",
)


def spoiled(good: object) -> Iterator[bytes]:
    """
    Put nasty values into all fields of a right body and one more, so that each field gets each value.

    A body that is no object, such as a document in XML, is replaced by each of them.
    """
    if not isinstance(good, dict):
        yield from map(encoded, VALUES)
        return
    for first in range(len(VALUES)):
        spoilt = {
            field: VALUES[(first + place) % len(VALUES)] for place, field in enumerate((*good, "unheard_of"))
        }
        yield encoded(spoilt)


def spoiled_alone(good: object, field: str) -> Iterator[bytes]:
    """Put each nasty value into one field of a body that is right otherwise."""
    assert isinstance(good, dict)
    for value in VALUES:
        yield encoded({**good, field: value})


def encoded(body: object) -> bytes:
    """Write JSON with half surrogates left as they are."""
    return json.dumps(body, allow_nan=not math.isnan(0)).encode("ascii")
