"""Seconds are written the same on screens and in reports: `static/tests/format.test.js` has these, too."""

import pytest

from responder.domain.drills.clock import clock_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "0:05"),
        (59.999, "0:59"),
        (59.9999999, "1:00"),
        (100.3 - 40.3, "1:00"),
        (750.4, "12:30"),
        (3723, "1:02:03"),
        (-1, "0:00"),
    ],
)
def test_a_clock_shows_whole_seconds_that_have_passed(seconds: float, words: str) -> None:
    assert clock_words(seconds) == words
