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
from responder.services.drills.ground import Ground

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    Language.ZH: {
        "title": "【演练】回放",
        "lead": "这是演练，不是真实警情。",
        "play": "播放",
        "stop": "停下",
        "time": "时间",
        "speeds": "倍速",
        "map": "演练地点及周边的地图",
        "moment": "此刻的链接",
        "started": "演练开始",
        "running": "进行中",
        "paused": "暂停",
        "resumed": "继续",
        "ended": "结束",
        "given": "注入",
        "held": "暂缓",
        "skipped": "跳过",
        "expired": "过期未注入",
        "accepted": "接警",
        "en_route": "出发",
        "on_scene": "到场",
        "declined": "不能来",
        "good": "做得好",
        "improve": "待改进",
        "note": "记录",
        "someone": "某人",
        "legend": "紫色斜纹：演练中的封闭；红色：真实的封闭；虚线圈：没有位置，画在驻点；"
        "蓝：在途；绿：到场。",
    },
    Language.EN: {
        "title": "[Exercise] Replay",
        "lead": "This was an exercise, not a real alert.",
        "play": "Play",
        "stop": "Stop",
        "time": "Time",
        "speeds": "Speed",
        "map": "Map of the place of the drill",
        "moment": "Link to this moment",
        "started": "Drill started",
        "running": "Running",
        "paused": "Paused",
        "resumed": "Resumed",
        "ended": "Ended",
        "given": "Inject",
        "held": "Held",
        "skipped": "Skipped",
        "expired": "Expired",
        "accepted": "accepted",
        "en_route": "set out",
        "on_scene": "on scene",
        "declined": "cannot come",
        "good": "Good",
        "improve": "To improve",
        "note": "Note",
        "someone": "someone",
        "legend": "Violet hatched: closed in the drill. Red: really closed. Broken ring: no position, drawn "
        "at its post. Blue: on the way, green: on scene.",
    },
}
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
) -> ReplayPage:
    """
    Return the page of a replay.

    Parameters
    ----------
    recording
        A `Replay` as JSON has it.
    names
        Whether people are named; otherwise each is `someone`, the same word for all.
    """
    words = WORDS[language]
    data = {
        "words": dict(words),
        "language": language,
        "made_at": made_at.isoformat(),
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
<main><div id="scene"></div><ol id="story"></ol></main>
<footer>
<button id="play" type="button">{words["play"]}</button>
<span id="clock">00:00</span> <span id="state"></span>
<input id="time" type="range" min="0" value="0" step="1" aria-label="{words["time"]}">
<div id="speeds" role="group" aria-label="{words["speeds"]}"></div>
<a id="moment" href="#t=0">{words["moment"]}</a>
<small>{words["legend"]} {attribution}</small>
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
