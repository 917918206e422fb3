"""Sentences, in both languages, from the same structure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.reach.explain import sentence, sentence_not_reached
from geo.reach.results import ClosureDetour, Leg, Missing, Reached, Stop


def leg(mode: str, seconds: float, metres: float = 100) -> Leg:
    profile = "foot" if mode == "walk" else "fire_engine"
    return Leg(
        mode=mode,  # type: ignore[arg-type]
        profile=profile,
        distance_m=metres,
        duration_s=seconds,
        street_names=(),
        coordinates=(),
    )


ENGINE = Reached(
    origin_id="e",
    profile="fire_engine",
    turnout_s=120,
    travel_s=240,
    legs=(leg("drive", 180, 1500), leg("walk", 60, 80)),
    stop=Stop(lon=0, lat=0, reason="width", have=2.0, need=3.5, street="脑科巷"),
    avoided=(ClosureDetour(closure_id="c", name="北支路", cost_s=130),),
)


def test_the_sentence_of_an_engine_that_stops() -> None:
    assert sentence(ENGINE, language="zh-CN") == (
        "6 分钟：出动 2 + 驾车 3 + 步行 1"
        "（消防车在脑科巷口停，通道宽 2.0 m < 3.5 m，步行 80 米；北支路封闭已绕行，多 2 分钟）"
    )
    assert sentence(ENGINE, language="en") == (
        "6 min: turnout 2 + driving 3 + walking 1 (the fire engine stops at 脑科巷, "
        "clear width 2.0 m < 3.5 m, 80 m on foot; 北支路 closed, gone round, 2 min longer)"
    )


def test_guesses_and_the_age_of_a_position_are_told() -> None:
    guessed = Reached(
        origin_id="c", profile="car", turnout_s=0, travel_s=200, legs=(leg("drive", 200),), default_share=0.8
    )
    assert sentence(guessed, language="zh-CN", position_age_s=90) == (
        "3 分钟：驾车 3（路线 80% 按默认值估算；位置为 2 分钟前）"
    )
    assert "80% of the way rests on default values" in sentence(guessed, language="en")


def test_less_than_half_a_minute_is_told_in_seconds() -> None:
    near = Reached(origin_id="c", profile="foot", turnout_s=10, travel_s=12, legs=(leg("walk", 12),))
    assert sentence(near, language="zh-CN") == "22 秒：出动 10 + 步行 12"


@given(
    turnout=st.floats(0, 900),
    seconds=st.lists(st.floats(0, 3000), min_size=1, max_size=3),
)
def test_the_parts_always_add_up_to_the_whole(turnout: float, seconds: list[float]) -> None:
    legs = tuple(leg(mode, s) for mode, s in zip(("drive", "ride", "walk"), seconds, strict=False))
    reached = Reached(origin_id="x", profile="car", turnout_s=turnout, travel_s=sum(seconds), legs=legs)
    text = sentence(reached, language="en")
    whole, _, parts = text.partition(": ")
    number, unit = whole.split(" ")
    if parts:
        assert sum(int(part.rsplit(" ", 1)[1]) for part in parts.split(" + ")) == int(number)
    assert abs(int(number) - reached.response_s / (60 if unit == "min" else 1)) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("closed", "北支路封闭", "北支路 closed"),
        ("barrier", "有路障", "barred by an obstacle"),
        ("no_access", "车辆不能进入", "no vehicles beyond"),
        ("one_way", "前方单行", "one-way street ahead"),
        ("faster_on_foot", "余下步行更快", "the rest is faster on foot"),
    ],
)
def test_every_reason_to_stop_has_words(reason: str, zh: str, en: str) -> None:
    stopped = Reached(
        origin_id="e",
        profile="fire_engine",
        turnout_s=0,
        travel_s=100,
        legs=(leg("drive", 50), leg("walk", 50)),
        stop=Stop(lon=0, lat=0, reason=reason, street="北支路"),  # type: ignore[arg-type]
    )
    assert zh in sentence(stopped, language="zh-CN")
    assert en in sentence(stopped, language="en")


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("beyond_limit", "15 分钟内到不了", "not within 15 min"),
        ("no_road_nearby", "250 米内没有道路", "no road within 250 m"),
        ("cut_off", "没有可通行的路", "no passable road"),
    ],
)
def test_why_a_person_is_not_reached(reason: Missing, zh: str, en: str) -> None:
    assert sentence_not_reached(reason, language="zh-CN", limit_s=900) == zh
    assert sentence_not_reached(reason, language="en", limit_s=900) == en
