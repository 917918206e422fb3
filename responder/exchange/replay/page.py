"""The replay of a drill as one HTML file that asks for nothing: data, script, style and words are in it."""

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from responder.domain.channels.message_words import Language
from responder.domain.drills.plan import DrillPlan
from responder.exchange.replay.words import WORDS
from responder.services.drills.ground import Ground

NAMES: Final = frozenset(
    {
        "recipient_name",
        "raised_by_name",
        "ended_by_name",
        "started_by_name",
        "by_name",
        "created_by_name",
        "changed_by_name",
    }
)
"""Fields that hold the name of a person."""
_ATTRIBUTION: Final = "© OpenStreetMap contributors"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerFiles:
    """What plays a recording, as it was built of the page's sources."""

    script: str
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPage:
    """A whole page, and the policy under which a browser may run it: nothing but its own script."""

    html: str
    policy: str


def replay_page(
    recording: Mapping[str, Any],
    plan: DrillPlan,
    ground: Ground,
    player: PlayerFiles,
    *,
    language: Language,
    names: bool,
    made_at: datetime,
    goes_on: str | None = None,
) -> ReplayPage:
    """
    Return the page of a replay.

    Parameters
    ----------
    recording
        A `Replay` as JSON has it.
    names
        Whether people are named; otherwise each is `someone`, the same word for all.
    goes_on
        Address of a rehearsal that goes on from the second which is put after it; None where there is none.
    """
    words = WORDS[language]
    data = {
        "words": dict(words),
        "language": language,
        "names": names,
        "made_at": made_at.isoformat(),
        "goes_on": goes_on,
        "place": {"lon": plan.place.lon, "lat": plan.place.lat},
        "ground": _drawn(ground),
        "recording": recording if names else _without_names(recording, words["someone"]),
    }
    # Nothing in a text ends the element that holds it.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    policy = (
        f"default-src 'none'; script-src {_hash(player.script)}; style-src {_hash(player.style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    title = html.escape(f"{words['title']} {plan.name}")
    place = html.escape(plan.place.label or f"{plan.place.lat:.5f}, {plan.place.lon:.5f}")
    attribution = _ATTRIBUTION if ground.rests_on_openstreetmap else ""
    document = f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{player.style}</style>
</head>
<body>
<header><h1>{title}</h1><p>{words["lead"]} {place}</p></header>
<main>
<section id="scene">
<div id="map" tabindex="0" role="application" aria-label="{words["map"]}"></div>
<div id="zoom" role="group" aria-label="{words["zoom"]}">
<button id="closer" type="button" aria-label="{words["closer"]}">+</button>
<button id="farther" type="button" aria-label="{words["farther"]}">−</button>
<button id="all" type="button" aria-label="{words["all"]}">{words["all_short"]}</button>
</div>
<details id="legend"><summary>{words["legend"]}</summary><ul id="signs"></ul></details>
<small>{attribution}</small>
</section>
<ol id="story" tabindex="0" aria-label="{words["story"]}"></ol>
</main>
<footer>
<button id="play" type="button">{words["play"]}</button>
<p><span id="clock">00:00</span> <span id="state"></span></p>
<div id="line">
<div id="marks" aria-hidden="true"></div>
<input id="time" type="range" min="0" value="0" step="1" aria-label="{words["time"]}">
</div>
<div id="speeds" role="group" aria-label="{words["speeds"]}"></div>
<a id="moment" href="#t=0">{words["moment"]}</a>
<a id="go-on" href="#t=0" hidden>{words["go_on"]}</a>
</footer>
<script type="application/json" id="recording">{text}</script>
<script>{player.script}</script>
</body>
</html>
"""
    return ReplayPage(html=document, policy=f"{policy}; frame-ancestors 'none'")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _drawn(ground: Ground) -> dict[str, Any]:
    return {
        "bbox": ground.bbox,
        "roads": [{"coordinates": each.coordinates, "highway": each.highway} for each in ground.roads],
        "buildings": [{"geometry": each.geometry, "name": each.name} for each in ground.buildings],
        "facilities": [{"kind": each.kind, "lon": each.lon, "lat": each.lat} for each in ground.facilities],
        "rests_on_openstreetmap": ground.rests_on_openstreetmap,
    }


def _without_names(value: Any, word: str) -> Any:  # noqa: ANN401 - JSON is any
    if isinstance(value, list):
        return [_without_names(each, word) for each in value]
    if isinstance(value, dict):
        return {
            key: word if key in NAMES and each else _without_names(each, word) for key, each in value.items()
        }
    return value
