"""The one way in which seconds of a drill's clock are written; the twin of `static/js/lib/clock.js`."""


def clock_words(seconds: float) -> str:
    """
    Return seconds as hours, minutes and seconds. Those that have not passed whole do not count.

    Milliseconds decide: sums of them are a hair beside a whole second.

    Examples
    --------
    >>> [clock_words(each) for each in (5, 59.999, 59.9999999, 750.4, 3723)]
    ['0:05', '0:59', '1:00', '12:30', '1:02:03']
    """
    minutes, second = divmod(max(0, round(seconds * 1000) // 1000), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
