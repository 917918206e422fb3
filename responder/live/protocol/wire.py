"""Between message values and bytes on the wire: encoded once however many get it, checked on the way in."""

import struct

from pydantic import BaseModel, ValidationError

from responder.domain.errors import ResponderError
from responder.live.protocol.messages import CLIENT_MESSAGE, Hello, Receipt, ReportPosition, Ticket

# RFC 6455, section 5.2: the first byte of a text message in one frame, and what the lengths of frames allow.
_FINAL_TEXT = 0x81
_SHORT = 125
_MEDIUM = 0xFFFF


class InvalidMessageError(ResponderError, ValueError):
    """What the client sent is not one of its messages."""

    code = "invalid_message"


def text_frame(payload: bytes) -> bytes:
    """
    Return the bytes of a WebSocket text frame.

    A server's frames are not masked and nothing is compressed, so the same bytes do for every client. The
    library builds the same, but slowly enough to be felt when a thousand people are told of their own.
    """
    size = len(payload)
    if size <= _SHORT:
        return b"%c%c%b" % (_FINAL_TEXT, size, payload)
    head = (
        struct.pack("!BBH", _FINAL_TEXT, 126, size)
        if size <= _MEDIUM
        else struct.pack("!BBQ", _FINAL_TEXT, 127, size)
    )
    return head + payload


def to_json(message: BaseModel) -> bytes:
    return message.__pydantic_serializer__.to_json(message)


def encode(message: BaseModel) -> bytes:
    return text_frame(to_json(message))


def decode(text: str | bytes) -> Ticket | Hello | Receipt | ReportPosition:
    """
    Return what a client sent.

    Raises
    ------
    InvalidMessageError
        Not JSON, not one of the messages, or a value that may not be; `where` names the first field at fault.
    """
    if isinstance(text, bytes):
        raise InvalidMessageError(where="binary")
    try:
        return CLIENT_MESSAGE.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidMessageError(where=where or first["type"]) from None
