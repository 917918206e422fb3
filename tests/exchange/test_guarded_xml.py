"""XML of others: what could expand, reach out, or go on without end is refused before it does."""

import pytest

from responder.exchange.guarded_xml import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_ELEMENTS,
    RefusedXmlError,
    parse_xml,
)


def refused(data: bytes) -> str:
    with pytest.raises(RefusedXmlError) as caught:
        parse_xml(data)
    return caught.value.code


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY one "1">]>',
        '<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd">',
        '<!DOCTYPE a [<!ENTITY file SYSTEM "file:///nowhere">]>',
        '<!DOCTYPE a [<!ENTITY % part "x"> %part;]>',
        "<!DOCTYPE a>",
    ],
)
def test_any_document_type_is_refused(doctype: str) -> None:
    assert refused(f"{doctype}<a/>".encode()) == "doctype_refused"
    assert refused(f'<?xml version="1.0" encoding="GBK"?>{doctype}<a/>'.encode("gbk")) == "doctype_refused"
    utf_16 = f'<?xml version="1.0" encoding="UTF-16"?>{doctype}<a/>'.encode("utf-16")
    assert refused(utf_16) == "doctype_refused"


def test_an_entity_that_no_one_declared_is_refused() -> None:
    assert refused(b"<a>&one;</a>") == "not_xml"
    assert parse_xml(b"<a>&lt;&amp;&#28779;</a>").text == "<&火"


def test_depth_elements_and_size_are_capped() -> None:
    deepest = b"<a>" * MOST_DEPTH + b"</a>" * MOST_DEPTH
    assert parse_xml(deepest).name == "a"
    assert refused(b"<a>" + deepest + b"</a>") == "nested_too_deep"
    assert len(parse_xml(b"<a>" + b"<b/>" * (MOST_ELEMENTS - 1) + b"</a>").children) == MOST_ELEMENTS - 1
    assert refused(b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>") == "too_many_elements"
    assert refused(b"<a>" + b" " * MOST_BYTES + b"</a>") == "file_too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \n", "empty_file"),
        (b"<a", "not_xml"),
        (b"<a></b>", "not_xml"),
        (b"<a/><a/>", "not_xml"),
        (b"\xff\xfe\x00", "not_xml"),
        (b"not xml", "not_xml"),
        (b'{"type": "FeatureCollection"}', "not_xml"),
        (b"<a>\xff</a>", "not_xml"),
        (b"<a>\x00</a>", "not_xml"),
        (b"<a>&#0;</a>", "not_xml"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "not_xml"),
        (b'<?xml version="1.0" encoding="GBK"?><a>\xff</a>', "not_xml"),
    ],
)
def test_what_is_no_xml_is_said_to_be_none(data: bytes, code: str) -> None:
    assert refused(data) == code


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb2312", "gb18030", "utf-16"])
def test_the_encodings_of_chinese_systems_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<a>火灾</a>'
    assert parse_xml(text.encode(encoding)).text == "火灾"
