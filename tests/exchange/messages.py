"""CAP messages as others send them, written for these tests."""

from typing import Final

HERE: Final = "28.1570,112.9840 28.1570,112.9850 28.1580,112.9850 28.1580,112.9840 28.1570,112.9840"
"""A block in the middle of the demo circle, latitude first."""
CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"


def area_text(*, polygon: str | None = HERE, circle: str | None = None) -> str:
    shapes = "" if polygon is None else f"<polygon>{polygon}</polygon>"
    shapes += "" if circle is None else f"<circle>{circle}</circle>"
    return f"<area><areaDesc>脑科巷</areaDesc>{shapes}</area>"


def info_text(
    *,
    language: str = "zh-CN",
    category: str = "Fire",
    event: str = "火灾",
    severity: str = "Severe",
    expires: str | None = "2125-11-03T15:00:00+08:00",
    headline: str = "脑科巷火灾",
    more: str = "",
    area: str | None = None,
) -> str:
    end = "" if expires is None else f"<expires>{expires}</expires>"
    return (
        f"<info><language>{language}</language><category>{category}</category><event>{event}</event>"
        f"<urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty>{more}"
        f"{end}<senderName>消防救援站</senderName><headline>{headline}</headline>"
        f"<description>三楼起火</description>{area_text() if area is None else area}</info>"
    )


def alert_text(
    *,
    identifier: str = "x-1",
    sender: str = "station@fire.example",
    sent: str = "2025-11-03T13:00:00+08:00",
    status: str = "Actual",
    message_type: str = "Alert",
    scope: str = "<scope>Public</scope>",
    note: str = "",
    references: str = "",
    infos: str | None = None,
) -> str:
    said = f"<note>{note}</note>" if note else ""
    referred = f"<references>{references}</references>" if references else ""
    return (
        f'<alert xmlns="{CAP}"><identifier>{identifier}</identifier><sender>{sender}</sender>'
        f"<sent>{sent}</sent><status>{status}</status><msgType>{message_type}</msgType>{scope}"
        f"{said}{referred}{info_text() if infos is None else infos}</alert>"
    )


def cap_text(**parts: str) -> str:
    """Return a sound document, or one with other parts."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{alert_text(**parts)}'


def reference(identifier: str = "x-1", *, sender: str = "station@fire.example") -> str:
    """Return how a later message refers to an earlier one."""
    return f"{sender},{identifier},2025-11-03T13:00:00+08:00"


def feed_text(*alerts: str, linked: str = "") -> str:
    entries = "".join(
        f'<entry><title>x</title><content type="application/cap+xml">{each}</content></entry>'
        for each in alerts
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}{linked}</feed>'
