"""The JSON reader takes what all parsers read alike and refuses the rest."""

import json

import pytest

from responder.api.json_body import MAX_DEPTH, MAX_INTEGER, parse


@pytest.mark.parametrize(
    "text",
    ['{"a": [1, 2.5, "脑科巷", null, true]}', "[]", '"\\ud83d\\ude92"', str(MAX_INTEGER), "-0.0", "1e300"],
)
def test_takes_what_json_is_for(text: str) -> None:
    assert parse(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    "body",
    [
        b"NaN",
        b'{"lon": Infinity}',
        b"-Infinity",
        b"1e999",
        b"9" * 400,
        b"9" * 6000,
        str(MAX_INTEGER + 1).encode(),
        b'{"a": 1, "a": 2}',
        b'{"x": [{"a": 1, "a": 2}]}',
        b'"\\u0000"',
        b'{"\\u0000": 1}',
        b'"\\ud800"',
        b'["\\udfff"]',
        b'"\xff"',
        '"\ud800"'.encode("utf-8", "surrogatepass"),
        '{"a": 1}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"{",
        b"",
        b"nul",
        b"{'a': 1}",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_refuses_what_parsers_read_differently(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        parse(body)


def test_nesting_up_to_the_limit_is_fine() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
