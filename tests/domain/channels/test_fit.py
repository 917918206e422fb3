"""Text is cut by the bytes of a service, at the end of a line; what matters most is never cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.domain.channels.fit import TextTooLongError, fit, fit_as, fit_below_title, without_tags
from responder.domain.channels.message import MessageText

LINES = st.text(max_size=40) | st.text("火情演练【】·", max_size=40)
TEXTS = st.builds(
    MessageText,
    head=LINES,
    lines=st.lists(LINES, max_size=12).map(tuple),
    link=st.none() | st.just("https://circle.example/a/Zk3xQ9"),
)
LIMITS = st.integers(min_value=0, max_value=1500)


@given(TEXTS, LIMITS)
def test_the_result_fits_in_bytes_and_keeps_head_and_link(text: MessageText, max_bytes: int) -> None:
    ends = [] if text.link is None else [text.link]
    needed = len("\n".join([text.head, *ends]).encode())
    if needed > max_bytes:
        with pytest.raises(TextTooLongError):
            fit(text, max_bytes)
        return

    lines = fit(text, max_bytes).split("\n")

    assert len("\n".join(lines).encode()) <= max_bytes
    assert lines[0] == text.head
    assert lines[len(lines) - len(ends) :] == ends
    # Whole lines, from the first on.
    kept = tuple(lines[1 : len(lines) - len(ends)])
    assert kept == text.lines[: len(kept)]


@given(TEXTS, LIMITS)
def test_no_line_is_left_out_that_would_fit(text: MessageText, max_bytes: int) -> None:
    try:
        kept = len(fit(text, max_bytes).split("\n")) - 1 - (text.link is not None)
    except TextTooLongError:
        return
    if kept < len(text.lines):
        longer = MessageText(head=text.head, lines=text.lines[: kept + 1], link=text.link)
        with pytest.raises(TextTooLongError):
            fit_as(lambda _: fit(longer, 10**6), MessageText(head=""), max_bytes)


@given(TEXTS, LIMITS)
def test_below_a_title_stands_all_but_the_head(text: MessageText, max_bytes: int) -> None:
    try:
        below = fit_below_title(text, max_bytes)
    except TextTooLongError:
        assert text.link is not None
        assert len(text.link.encode()) > max_bytes
        return

    assert len(below.encode()) <= max_bytes
    if text.link is not None:
        assert below.endswith(text.link)


@given(st.text(), st.lists(st.text()), st.none() | st.text())
def test_each_part_is_one_line_that_can_be_sent(head: str, lines: list[str], link: str | None) -> None:
    text = MessageText(head=head, lines=tuple(lines), link=link)

    for part in (text.head, *text.lines, text.link or ""):
        assert len(part.splitlines()) <= 1
        assert "\n" not in part
        part.encode()
    assert "" not in text.lines
    assert text.link != ""


@pytest.mark.parametrize("bad", ["a\r\nBcc: x", "a\x00b", "a\ud83db", "a\u2028b", "a\x1b[2Jb", "a\tb"])
def test_what_would_break_a_header_or_a_terminal_becomes_a_space(bad: str) -> None:
    head = MessageText(head=bad).head

    assert head.startswith("a ")
    assert not any(sign in head for sign in "\r\n\x00\ud83d\u2028\x1b\t")


def test_tags_of_services_are_written_with_a_full_width_sign() -> None:
    text = without_tags(
        MessageText(head='<at user_id="all">', lines=("<a href>",), link="https://x.example/<")
    )

    assert (text.head, text.lines) == ('＜at user_id="all">', ("＜a href>",))
    assert text.link == "https://x.example/<"
