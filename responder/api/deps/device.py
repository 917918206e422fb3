"""A short label for a device, from its User-Agent."""

from typing import Final

MOST_LETTERS: Final = 40

_PROGRAMS: Final = (
    ("MicroMessenger/", "微信"),
    ("wxwork/", "企业微信"),
    ("DingTalk/", "钉钉"),
    ("HuaweiBrowser/", "华为浏览器"),
    ("MiuiBrowser/", "小米浏览器"),
    ("QQBrowser/", "QQ浏览器"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that is found counts: many say that they are Chrome or Safari too."""
_SYSTEMS: Final = (
    ("HarmonyOS", "鸿蒙"),
    ("OpenHarmony", "鸿蒙"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_label(user_agent: str) -> str:
    """
    Return such as `Chrome · Windows`; for a program that is no browser, the name it gives itself.

    Examples
    --------
    >>> device_label("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")
    'Edge · Windows'
    >>> device_label("python-httpx/0.28.1")
    'python-httpx'
    """
    system = _first(_SYSTEMS, user_agent)
    program = _first(_PROGRAMS, user_agent)
    if program or system:
        return " · ".join(part for part in (program, system) if part)
    name = user_agent.partition("/")[0].split(" ")[0]
    return "".join(letter for letter in name if letter.isprintable())[:MOST_LETTERS]


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((label for mark, label in marks if mark in user_agent), "")
