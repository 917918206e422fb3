"""Fits the text of a message into what a service takes, measured in bytes of UTF-8."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from responder.domain.channels.message import MessageText


class TextTooLongError(ValueError):
    """Head and link alone are longer than the service takes."""


def fit(text: MessageText, max_bytes: int) -> str:
    """
    Return head, lines and link below each other, in at most `max_bytes` bytes of UTF-8.

    Whole lines are left out from the end; head and link stay as they are.

    Raises
    ------
    TextTooLongError
        Head and link alone are longer.
    """
    return fit_as(below_each_other, text, max_bytes)


def fit_below_title(text: MessageText, max_bytes: int) -> str:
    """
    Return lines and link, for a service that takes the head as a title of its own.

    Raises
    ------
    TextTooLongError
        The link alone is longer than `max_bytes` bytes of UTF-8.
    """
    return fit_as(below_title, text, max_bytes)


def fit_as(written: Callable[[MessageText], str], text: MessageText, max_bytes: int) -> str:
    """
    Return the text as `written` writes it, with as many of its lines as fit.

    `written` returns more the more lines it gets.

    Raises
    ------
    TextTooLongError
        It is longer than `max_bytes` bytes of UTF-8 without any of its lines.
    """

    def shortened(count: int) -> str:
        return written(replace(text, lines=text.lines[:count]))

    whole = shortened(len(text.lines))
    if len(whole.encode()) <= max_bytes:
        return whole
    longer = bisect_right(range(len(text.lines)), max_bytes, key=lambda count: len(shortened(count).encode()))
    if longer == 0:
        message = f"head and link are longer than {max_bytes} bytes"
        raise TextTooLongError(message)
    return shortened(longer - 1)


def below_each_other(text: MessageText) -> str:
    """Write head, lines and link, each on a line."""
    return "\n".join([text.head, *text.lines, *_link(text)])


def below_title(text: MessageText) -> str:
    """Write lines and link, each on a line."""
    return "\n".join([*text.lines, *_link(text)])


def without_tags(text: MessageText) -> MessageText:
    """Return the text with full-width `＜`, for services that read `<at …>` and `<a …>` in a text."""
    return replace(text, head=_no_tag(text.head), lines=tuple(map(_no_tag, text.lines)))


def _no_tag(line: str) -> str:
    return line.replace("<", "＜")


def _link(text: MessageText) -> list[str]:
    return [] if text.link is None else [text.link]
