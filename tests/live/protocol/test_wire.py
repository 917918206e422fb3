import json
from uuid import UUID

import pytest
from pydantic_core import PydanticSerializationError
from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, OPEN, Protocol

from responder.live.protocol.messages import Receipt, Refused, ReportPosition
from responder.live.protocol.wire import InvalidMessageError, decode, encode, text_frame

ID = str(UUID(int=7))
RECEIPT = {
    "type": "receipt",
    "action_id": ID,
    "alert_id": ID,
    "state": "seen",
    "at": "2026-11-05T21:40:00+08:00",
}
POSITION = {
    "type": "report_position",
    "unit_id": ID,
    "lon": 112.985,
    "lat": 28.158,
    "accuracy_m": 5,
    "at": "2026-11-05T21:40:00+08:00",
}


def refused(text: str | bytes) -> str:
    with pytest.raises(InvalidMessageError) as caught:
        decode(text)
    return str(caught.value.detail["where"])


def changed(message: dict[str, object], **fields: object) -> str:
    return json.dumps(message | fields)


def test_messages_of_clients_are_understood() -> None:
    assert isinstance(decode(json.dumps(RECEIPT)), Receipt)
    assert isinstance(decode(json.dumps(POSITION)), ReportPosition)
    assert isinstance(decode(changed(POSITION, lon=113)), ReportPosition)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"lat": False}, "lat"),
        ({"lat": "28"}, "lat"),
        ({"lat": 999}, "lat"),
        ({"lon": float("nan")}, "lon"),
        ({"accuracy_m": float("inf")}, "accuracy_m"),
        ({"accuracy_m": -1}, "accuracy_m"),
        ({"at": "2026-11-05T21:40:00"}, "at"),
        ({"at": 1762350000}, "at"),
        ({"unit_id": 7}, "unit_id"),
        ({"more": 1}, "more"),
    ],
)
def test_values_that_may_not_be_are_refused_with_their_place(fields: dict[str, object], where: str) -> None:
    assert refused(changed(POSITION, **fields)).endswith(where)


@pytest.mark.parametrize("state", ["queued", "sent", "released", "here"])
def test_a_device_may_only_report_what_a_device_can_know(state: str) -> None:
    assert refused(changed(RECEIPT, state=state)).endswith("state")


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{", '{"type":"snapshot"}', "[" * 60_000, '{"type":"receipt"', "\x00", b"binary"],
)
def test_what_is_no_message_is_refused(text: str | bytes) -> None:
    refused(text)


@pytest.mark.parametrize("device", ['"\\ud800"', '"a\\u0000b"', f'"{"x" * 65}"'])
def test_text_that_could_not_be_stored_or_sent_on_is_refused(device: str) -> None:
    refused(f'{{"type":"hello","circle_id":"{ID}","device":{device}}}')


def test_a_frame_is_what_the_library_would_have_written() -> None:
    client = Protocol(CLIENT, state=OPEN)
    client.receive_data(encode(Refused(code="脑科巷" * 20_000)))
    [frame] = client.events_received()
    assert frame.opcode is Opcode.TEXT
    assert json.loads(frame.data)["code"] == "脑科巷" * 20_000


def test_a_lone_surrogate_breaks_the_encoding_before_any_part_is_sent() -> None:
    with pytest.raises(PydanticSerializationError):
        encode(Refused(code="\ud800"))


@pytest.mark.parametrize("size", [0, 1, 125, 126, 0xFFFF, 0x10000])
def test_a_frame_of_any_length_is_as_the_library_writes_it(size: int) -> None:
    payload = b"x" * size
    assert text_frame(payload) == bytes(Frame(Opcode.TEXT, payload).serialize(mask=False))


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize("message", [RECEIPT, POSITION])
def test_a_time_that_utc_cannot_tell_is_no_message(message: dict[str, object], at: str) -> None:
    # It would fail when it is stored, and what others of the circle report waits meanwhile.
    assert refused(changed(message, at=at)) == f"{message['type']}.at"
