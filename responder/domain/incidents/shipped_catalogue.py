"""The kinds of incident and warning colours that a circle has until it changes them."""

from collections.abc import Mapping
from typing import Final, TypedDict

from responder.domain.incidents.cap_codes import CapCategory, CapCertainty, CapSeverity, CapUrgency
from responder.domain.incidents.catalogue import (
    AlertCatalogue,
    CountedBy,
    IncidentKind,
    QuietHours,
    SeverityLevel,
    WantedCapability,
)
from responder.domain.incidents.incident import Severity

_LINES: Final[Mapping[str, tuple[str, str]]] = {
    # What the operators ask, in the order in which the services' own pages name it.
    "burns": ("哪一层、什么在烧", "Which floor, what burns"),
    "floor": ("哪一层、哪个房间", "Which floor, which room"),
    "smell": ("哪一层有烟或气味，看得见火吗", "Which floor has smoke or a smell; is there a flame"),
    "people": ("有没有人被困：几个人，在哪里", "Anybody trapped: how many, where"),
    "danger": ("有没有燃气、气瓶、电动车电池或爆炸物", "Gas, cylinders, e-bike batteries or explosives"),
    "lane": ("哪一段被什么堵住，车辆能否移开", "Which stretch is blocked by what; can it be moved"),
    "gas": (
        "不开关电器、不点火、不在室内打电话；人先撤到上风处",
        "No switches, no flame, no call indoors; go upwind first",
    ),
    "lift": (
        "哪部电梯、停在几层、几个人、有没有不适",
        "Which lift, at which floor, how many, anybody unwell",
    ),
    "patient": ("几个人、多大年纪；醒没醒，有没有呼吸", "How many, how old; awake, breathing?"),
    "first_aid": (
        "照指示做：按压、取 AED，不要先挂电话",
        "Do as told: compressions, fetch the AED; stay on the line",
    ),
    "crowd": ("多少人、在做什么；有没有人受伤或带器械", "How many, doing what; anybody hurt or armed"),
    "water": ("水多深、还在涨吗；有没有漏电", "How deep, still rising; any live wires"),
    "caller": ("报上您的姓名和电话", "Your name and number"),
    "stay": ("不要先挂电话，听接警员指示", "Stay on the line and follow the operator"),
    "lead_in": ("派人到巷口引导车辆", "Send somebody to the mouth of the lane to lead them in"),
}


class _Script(TypedDict):
    script_zh: tuple[str, ...]
    script_en: tuple[str, ...]


def _script(*lines: str) -> _Script:
    return {
        "script_zh": tuple(_LINES[line][0] for line in lines),
        "script_en": tuple(_LINES[line][1] for line in lines),
    }


def _people(capability: str, count: int) -> WantedCapability:
    return WantedCapability(capability=capability, count=count, counted=CountedBy.PEOPLE)


def _units(capability: str, count: int) -> WantedCapability:
    return WantedCapability(capability=capability, count=count, counted=CountedBy.UNITS)


_KINDS: Final = (
    IncidentKind(
        code="fire",
        name_zh="火情",
        name_en="Fire",
        icon="fire",
        severity=Severity.RED,
        categories=(CapCategory.FIRE,),
        emergency_number="119",
        wanted=(_units("hose", 1), _people("extinguisher", 2), _people("first_aid", 2), _people("gate", 1)),
        **_script("burns", "people", "danger", "caller", "stay", "lead_in"),
    ),
    IncidentKind(
        code="smoke",
        name_zh="冒烟异味",
        name_en="Smoke or smell",
        icon="smoke",
        severity=Severity.ORANGE,
        categories=(CapCategory.FIRE,),
        emergency_number="119",
        wanted=(_people("extinguisher", 2), _people("gate", 1)),
        **_script("smell", "people", "danger", "caller", "stay", "lead_in"),
    ),
    IncidentKind(
        code="blocked_lane",
        name_zh="堵消防通道",
        name_en="Blocked fire lane",
        icon="blocked_lane",
        severity=Severity.BLUE,
        categories=(CapCategory.SAFETY,),
        emergency_number="119",
        wanted=(_people("traffic", 1), _people("gate", 1)),
        **_script("lane", "caller"),
    ),
    IncidentKind(
        code="gas",
        name_zh="燃气泄漏",
        name_en="Gas leak",
        icon="gas",
        severity=Severity.RED,
        categories=(CapCategory.SAFETY, CapCategory.INFRA),
        emergency_number="119",
        wanted=(_people("gas_cut", 1), _people("evacuation", 2), _people("cordon", 1)),
        **_script("gas", "floor", "people", "caller", "stay", "lead_in"),
    ),
    IncidentKind(
        code="medical",
        name_zh="医疗急救",
        name_en="Medical",
        icon="medical",
        severity=Severity.ORANGE,
        categories=(CapCategory.HEALTH,),
        emergency_number="120",
        wanted=(_people("first_aid", 2), _people("aed", 1), _people("gate", 1)),
        **_script("floor", "patient", "caller", "first_aid", "lead_in"),
    ),
    IncidentKind(
        code="trapped",
        name_zh="人员被困",
        name_en="Trapped",
        icon="trapped",
        severity=Severity.ORANGE,
        categories=(CapCategory.RESCUE,),
        emergency_number="119",
        wanted=(_units("rescue", 1), _people("power_cut", 1)),
        **_script("lift", "caller", "stay", "lead_in"),
    ),
    IncidentKind(
        code="crowd",
        name_zh="治安聚集",
        name_en="Crowd or security",
        icon="crowd",
        severity=Severity.YELLOW,
        categories=(CapCategory.SECURITY,),
        emergency_number="110",
        wanted=(_people("cordon", 2),),
        **_script("crowd", "people", "caller", "stay"),
    ),
    IncidentKind(
        code="flood",
        name_zh="积水内涝",
        name_en="Flooding",
        icon="flood",
        severity=Severity.YELLOW,
        categories=(CapCategory.MET,),
        emergency_number="119",
        wanted=(_people("power_cut", 1), _people("water", 1)),
        **_script("water", "people", "caller", "stay", "lead_in"),
    ),
    IncidentKind(
        code="fall",
        name_zh="坠落",
        name_en="Fall",
        icon="fall",
        severity=Severity.ORANGE,
        categories=(CapCategory.RESCUE, CapCategory.HEALTH),
        emergency_number="120",
        wanted=(_people("first_aid", 2), _people("stretcher", 1)),
        **_script("floor", "patient", "caller", "first_aid", "lead_in"),
    ),
    IncidentKind(
        code="other",
        name_zh="其他警情",
        name_en="Other",
        icon="other",
        severity=Severity.YELLOW,
        categories=(CapCategory.OTHER,),
        emergency_number="119",
        **_script("floor", "people", "caller", "stay", "lead_in"),
    ),
)

_SEVERITIES: Final = (
    SeverityLevel(
        severity=Severity.RED,
        urgency=CapUrgency.IMMEDIATE,
        cap_severity=CapSeverity.EXTREME,
        certainty=CapCertainty.LIKELY,
    ),
    SeverityLevel(
        severity=Severity.ORANGE,
        urgency=CapUrgency.IMMEDIATE,
        cap_severity=CapSeverity.SEVERE,
        certainty=CapCertainty.LIKELY,
    ),
    SeverityLevel(
        severity=Severity.YELLOW,
        urgency=CapUrgency.EXPECTED,
        cap_severity=CapSeverity.MODERATE,
        certainty=CapCertainty.LIKELY,
    ),
    SeverityLevel(
        severity=Severity.BLUE,
        urgency=CapUrgency.FUTURE,
        cap_severity=CapSeverity.MINOR,
        certainty=CapCertainty.POSSIBLE,
        quiet_hours=QuietHours(start="22:00", end="07:00"),
    ),
)

SHIPPED: Final = AlertCatalogue(kinds=_KINDS, severities=_SEVERITIES)
