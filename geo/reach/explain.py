"""Sentences for people, in Chinese and English, from the same answer."""

from collections.abc import Mapping, Sequence
from typing import Literal

from geo.network.profiles import DEFAULT_PROFILES, MobilityProfile
from geo.reach.results import ClosureDetour, Leg, Missing, Reached, Stop

Language = Literal["zh-CN", "en"]
_MINUTE_S = 60
_MUCH_ASSUMED = 0.5

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh-CN": {
        "minutes": "{n} 分钟",
        "seconds": "{n} 秒",
        "turnout": "出动 {n}",
        "drive": "驾车 {n}",
        "ride": "骑行 {n}",
        "walk": "步行 {n}",
        "colon": "：",
        "notes": "（{notes}）",
        "semicolon": "；",
        "comma": "，",
        "walk_metres": "步行 {n} 米",
        "stops": "{who}在{where}停",
        "mouth": "{street}口",
        "nameless_mouth": "巷口",
        "width": "通道宽 {have:.1f} m < {need:.1f} m",
        "height": "限高 {have:.1f} m < {need:.1f} m",
        "weight": "限重 {have:.1f} t < {need:.1f} t",
        "assumed": "（默认值）",
        "closed": "{name}封闭",
        "closure": "前方道路",
        "barrier": "有路障",
        "no_access": "车辆不能进入",
        "one_way": "前方单行",
        "faster_on_foot": "余下步行更快",
        "avoided": "{name}封闭已绕行，多 {time}",
        "delayed": "{name}封闭，多 {time}",
        "some_road": "有路段",
        "default_share": "路线 {n}% 按默认值估算",
        "position_age": "位置为 {time}前",
        "beyond_limit": "{limit}内到不了",
        "limit": "时限",
        "no_road_nearby": "250 米内没有道路",
        "cut_off": "没有可通行的路",
    },
    "en": {
        "minutes": "{n} min",
        "seconds": "{n} s",
        "turnout": "turnout {n}",
        "drive": "driving {n}",
        "ride": "riding {n}",
        "walk": "walking {n}",
        "colon": ": ",
        "notes": " ({notes})",
        "semicolon": "; ",
        "comma": ", ",
        "walk_metres": "{n} m on foot",
        "stops": "{who} stops at {where}",
        "mouth": "{street}",
        "nameless_mouth": "the mouth of the lane",
        "width": "clear width {have:.1f} m < {need:.1f} m",
        "height": "clear height {have:.1f} m < {need:.1f} m",
        "weight": "weight limit {have:.1f} t < {need:.1f} t",
        "assumed": " (default)",
        "closed": "{name} closed",
        "closure": "road ahead",
        "barrier": "barred by an obstacle",
        "no_access": "no vehicles beyond",
        "one_way": "one-way street ahead",
        "faster_on_foot": "the rest is faster on foot",
        "avoided": "{name} closed, gone round, {time} longer",
        "delayed": "{name} closed, {time} longer",
        "some_road": "a road",
        "default_share": "{n}% of the way rests on default values",
        "position_age": "position {time} old",
        "beyond_limit": "not within {limit}",
        "limit": "the limit",
        "no_road_nearby": "no road within 250 m",
        "cut_off": "no passable road",
    },
}


def sentence(
    reached: Reached,
    *,
    language: Language,
    profiles: Mapping[str, MobilityProfile] = DEFAULT_PROFILES,
    position_age_s: float | None = None,
) -> str:
    """
    Describe the way in one sentence.

    Whole minutes are shared out so that the parts always add up to the whole.

    Parameters
    ----------
    reached
        An origin that is in time.
    language
        `zh-CN` or `en`.
    profiles
        Where the name of the vehicle is found.
    position_age_s
        Age of the position the journey starts from, where that is not the post.

    Examples
    --------
    >>> walk = Leg(mode="walk", profile="foot", distance_m=80, duration_s=67, street_names=(), coordinates=())
    >>> police = Reached(origin_id="p", profile="foot", turnout_s=120, travel_s=67, legs=(walk,))
    >>> sentence(police, language="zh-CN")
    '3 分钟：出动 2 + 步行 1'
    >>> sentence(police, language="en")
    '3 min: turnout 2 + walking 1'
    """
    words = _WORDS[language]
    parts = [("turnout", reached.turnout_s), *((leg.mode, leg.duration_s) for leg in _by_mode(reached.legs))]
    divisor = _MINUTE_S if reached.response_s >= _MINUTE_S / 2 else 1
    shares = _shared_out([seconds / divisor for _, seconds in parts], reached.response_s / divisor)
    whole = words["minutes" if divisor == _MINUTE_S else "seconds"].format(n=sum(shares))
    told = [words[what].format(n=share) for (what, _), share in zip(parts, shares, strict=True) if share]
    text = whole + words["colon"] + " + ".join(told) if told else whole
    notes = _notes(reached, language, profiles, position_age_s)
    return text + (words["notes"].format(notes=words["semicolon"].join(notes)) if notes else "")


def sentence_not_reached(reason: Missing, *, language: Language, limit_s: float | None = None) -> str:
    """
    Say in a few words why an origin cannot be there in time.

    Examples
    --------
    >>> sentence_not_reached("beyond_limit", language="en", limit_s=900)
    'not within 15 min'
    """
    words = _WORDS[language]
    limit = words["limit"] if limit_s is None else _duration(limit_s, language)
    return words[reason].format(limit=limit)


def _by_mode(legs: Sequence[Leg]) -> list[Leg]:
    return [leg for leg in legs if leg.duration_s > 0]


def _shared_out(parts: Sequence[float], whole: float) -> list[int]:
    """Round parts so that they add up to the rounded whole: the largest remainders are rounded up."""
    total = int(whole + 0.5)
    shares = [int(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (shares[i] - parts[i], i))
    for i in order[: max(0, total - sum(shares))]:
        shares[i] += 1
    return shares


def _duration(seconds: float, language: Language) -> str:
    words = _WORDS[language]
    if seconds < _MINUTE_S:
        return words["seconds"].format(n=max(1, round(seconds)))
    return words["minutes"].format(n=round(seconds / _MINUTE_S))


def _notes(
    reached: Reached,
    language: Language,
    profiles: Mapping[str, MobilityProfile],
    position_age_s: float | None,
) -> list[str]:
    words = _WORDS[language]
    notes = [_stop_note(reached, reached.stop, language, profiles)] if reached.stop else []
    stopped_by = reached.stop.closure_id if reached.stop else None
    notes += [_closure_note(c, language, driven_round=c.closure_id != stopped_by) for c in reached.avoided]
    if reached.default_share >= _MUCH_ASSUMED:
        notes.append(words["default_share"].format(n=round(reached.default_share * 100)))
    if position_age_s is not None:
        notes.append(words["position_age"].format(time=_duration(position_age_s, language)))
    return notes


def _stop_note(
    reached: Reached, stop: Stop, language: Language, profiles: Mapping[str, MobilityProfile]
) -> str:
    words = _WORDS[language]
    profile = profiles.get(reached.profile)
    chinese = language == "zh-CN"
    who = reached.profile if profile is None else profile.label_zh if chinese else profile.label_en
    who = who if chinese else f"the {who}"
    where = words["mouth"].format(street=stop.street) if stop.street else words["nameless_mouth"]
    why = words[stop.reason]
    if stop.have is not None and stop.need is not None:
        why = why.format(have=stop.have, need=stop.need)
    why = why.format(name=stop.closure_name or stop.street or words["closure"])
    if stop.assumed:
        why += words["assumed"]
    walked_m = sum(leg.distance_m for leg in reached.legs if leg.mode == "walk")
    said = [words["stops"].format(who=who, where=where), why]
    return words["comma"].join([*said, words["walk_metres"].format(n=round(walked_m))])


def _closure_note(closure: ClosureDetour, language: Language, *, driven_round: bool) -> str:
    words = _WORDS[language]
    name = closure.name or words["some_road"]
    template = words["avoided" if driven_round else "delayed"]
    return template.format(name=name, time=_duration(closure.cost_s, language))
