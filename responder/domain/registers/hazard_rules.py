"""Kinds of hazards and days for mending, each with the law or standard it rests on and its standing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from responder.domain.map.hazard import HazardGrade


class Standing(StrEnum):
    """How sure it is that a source says so."""

    A = "A"
    """Read in the source itself."""
    B = "B"
    """Secondary sources agree."""
    C = "C"
    """Not confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A law, a standard or a practice, and what of it counts here."""

    source: str
    source_en: str
    says: str
    says_en: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardKind:
    """A kind of hazard that the page offers; files may name others."""

    code: str
    citations: tuple[Citation, ...]


_FIRE_LAW_28: Final = Citation(
    source="《消防法》第二十八条、第六十条",
    source_en="Fire Law, Art. 28 and 60",
    says="不得占用、堵塞、封闭疏散通道、安全出口、消防车通道",
    says_en="Fire lanes, evacuation passages and exits must not be occupied, blocked or closed",
    standing=Standing.B,
)
_HUNAN: Final = Citation(
    source="湖南省城镇居住区消防安全规定",
    source_en="Hunan rule on fire safety in urban residential areas",
    says="不得占用、堵塞、封闭消防车通道、疏散通道、安全出口",
    says_en="Fire lanes, evacuation passages and exits must not be occupied, blocked or closed",
    standing=Standing.C,
)
_LANE_WIDTH: Final = Citation(
    source="GB 55037-2022 第3.4.5条",
    source_en="GB 55037-2022, 3.4.5",
    says="消防车道净宽、净高均不小于 4.0 m；老旧街区看与标准的差距，不作违法认定",
    says_en="Fire lanes: clear width and height at least 4.0 m; in old quarters a gap, not an offence",
    standing=Standing.A,
)
_EXIT_WIDTH: Final = Citation(
    source="GB 55037-2022",
    source_en="GB 55037-2022",
    says="疏散门净宽不小于 0.80 m，疏散楼梯、走道净宽不小于 1.00–1.10 m，净高不小于 2.10 m",
    says_en="Evacuation doors at least 0.80 m wide, stairs and passages 1.00-1.10 m, 2.10 m high",
    standing=Standing.A,
)
_EBIKES: Final = Citation(
    source="《高层民用建筑消防安全管理规定》",
    source_en="Rules on fire safety of high-rise civil buildings",
    says="不得在疏散通道、楼梯间、安全出口停放电动自行车或者充电",
    says_en="E-bikes must not be parked or charged in passages, stairwells or exits",
    standing=Standing.C,
)
_WIRING: Final = Citation(
    source="《消防法》第二十七条",
    source_en="Fire Law, Art. 27",
    says="电器线路的设计、敷设、维护保养应当符合消防技术标准和管理规定",
    says_en="Electric wiring must be laid and maintained as fire-protection standards say",
    standing=Standing.C,
)
_GAS: Final = Citation(
    source="《城镇燃气管理条例》",
    source_en="Regulation on urban gas",
    says="瓶装燃气应当按规定的数量和条件存放、使用",
    says_en="Bottled gas must be kept and used in the amounts and conditions laid down",
    standing=Standing.C,
)

KINDS: Final = (
    HazardKind(code="blocked_lane", citations=(_FIRE_LAW_28, _LANE_WIDTH, _HUNAN)),
    HazardKind(code="blocked_exit", citations=(_FIRE_LAW_28, _EXIT_WIDTH, _HUNAN)),
    HazardKind(code="stairwell_clutter", citations=(_FIRE_LAW_28, _EXIT_WIDTH)),
    HazardKind(code="ebike_charging", citations=(_EBIKES,)),
    HazardKind(code="wiring", citations=(_WIRING,)),
    HazardKind(code="gas_cylinder", citations=(_GAS,)),
)
GRADES: Final = Citation(
    source="GB 35181-2025《重大火灾隐患判定规则》",
    source_en="GB 35181-2025, judging major fire hazards",
    says="一般、重大两级；2025年11月1日起实施",
    says_en="Two grades, general and major; in force since 2025-11-01",
    standing=Standing.A,
)
DUE: Final = Citation(
    source="整改期限的通行做法，未见条文",
    source_en="Usual practice; no clause was found",
    says="重大隐患 3 日内、一般隐患 15 日内整改；响应圈可自定",
    says_en="Major hazards within 3 days, general ones within 15; a circle may set its own",
    standing=Standing.C,
)
LONGEST_DUE_DAYS: Final = 365
WIDEST_PLACE_M: Final = 500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardRules:
    """What a circle goes by: days until a hazard is to be mended, and what counts as the same place."""

    due_days: Mapping[HazardGrade, int] = field(
        default_factory=lambda: {HazardGrade.GENERAL: 15, HazardGrade.MAJOR: 3}
    )
    same_place_m: float = 30.0
    """Hazards of a kind so near to each other, or in one building, are at the same place."""

    def due_on(self, grade: HazardGrade, *, today: date) -> date:
        """Return the last day for mending what is seen today."""
        return today + timedelta(days=self.due_days[grade])


SHIPPED: Final = HazardRules()
