"""Pictures of observations in the report."""

from typing import Final

from responder.domain.drills.observation import Observation
from responder.exchange.drill_report.writer import Writer
from responder.exchange.pictures import thumbnail
from responder.exchange.printing.markup import Markup, el

_CAPTION: Final = 80


def photos(write: Writer) -> Markup:
    """Return the pictures of observations with what was seen; nothing where there are none."""
    shown = []
    for each in write.report.scored.observations:
        photo = write.report.photos.get(each.id)
        small = None if photo is None else thumbnail(photo)
        if small is not None:
            shown.append(el("figure", el("img", src=small, alt=""), el("figcaption", _caption(write, each))))
    return el("div", *shown, class_="photos") if shown else Markup("")


def _caption(write: Writer, seen: Observation) -> str:
    at = write.clock(write.report.scored.run.clock_s(seen.at))
    return " · ".join(filter(None, [f"T+{at}", write(seen.verdict.value), seen.text[:_CAPTION]]))
