"""Why a row or a thing was left out, in words beside its code: Chinese first."""

from collections.abc import Iterable, Mapping
from typing import Final

from geo.network.profiles import DEFAULT_PROFILES
from responder.domain.map.facility import FacilityKind
from responder.domain.map.hazard import HazardGrade, HazardState
from responder.domain.people.partner import PartnerKind

WHOLE: Final = {
    "wrong_geometry": ("几何类型不符", "the geometry type does not fit this kind of feature"),
    "missing_geometry": ("没有几何", "the geometry is missing"),
    "invalid_geometry": (
        "几何无效：为空、自相交或超出经纬度范围",
        "the geometry is empty, self-intersecting or outside WGS 84",
    ),
    "geometry_too_large": ("几何过大，超过 2000 个顶点", "the geometry has more than 2,000 vertices"),
    "invalid_coordinates": ("坐标无效", "invalid coordinates"),
    "unknown_partner": ("没有名为该名称的联动单位", "there is no partner of this name"),
    "duplicate_row": ("与前面的行是同一个对象", "the same feature as an earlier row"),
    "id_of_another": (
        "编号已属于另一个对象，按新对象导入",
        "the id belongs to another feature: imported as a new one",
    ),
    "moved_far": ("与原位置相距超过 250 米", "more than 250 m from where it was"),
    "known_by_name": (
        "没有编号，按名称和邻近位置认定",
        "matched by name and location, without an id",
    ),
    "shares_place": ("与同类对象位置完全相同", "at exactly the location of another feature of its kind"),
    "near_another": (
        "10 米内已有同类对象，可能重复",
        "another of its kind within 10 m: possibly a duplicate",
    ),
    "invalid_text": ("含有无法保存的文字或数值", "contains text or a number that cannot be stored"),
    "far_from_circle": (
        "远离片区，若确属本片区请加 --far",
        "far from the circle; if intended, add --far",
    ),
    "encoding_guessed": (
        "文件未说明文字编码，已按此编码读取",
        "the text encoding was detected",
    ),
    "encoding_unknown": (
        "文字编码不明，已按此编码读取，文字可能有误",
        "the text encoding is unknown: letters may be wrong",
    ),
    "text_cut": (
        "文字被字段宽度截断，以“…”标出，行",
        "text was truncated by the width of its column, marked …, in these rows",
    ),
    "columns_completed": ("已按所指字段读取列", "columns were matched to fields by prefix or meaning"),
    "out_of_use": ("已停用、损坏或拆除", "out of use, broken or removed"),
    "no_access": ("不对外开放", "not open to the public"),
    "edited_since": ("导入之后改动过", "was edited since"),
    "building_has_households": ("名册里有住户", "its households are in the register"),
    "in_open_incident": ("有未结束的警情", "used by an open incident"),
    "closure_rests_on_it": ("有未解除的封路", "used by a closure in force"),
    "unit_has_people": ("有人员，或曾有人员收到警报", "has, or had, members who were called"),
    "unit_has_invitation": ("有未使用的邀请", "an open invitation names it"),
    "already_there": ("已经导入过", "already imported"),
}
FIELDS: Final = {
    "name": "名称",
    "name_en": "英文名称",
    "kind": "类型",
    "use": "用途",
    "storeys": "层数",
    "year": "建成年份",
    "fire_rating": "耐火等级",
    "households": "户数",
    "entrances": "出入口",
    "grade": "隐患等级",
    "state": "整改状态",
    "note": "说明",
    "partner": "联动单位",
    "partner_id": "联动单位编号",
    "partner_en": "联动单位英文名称",
    "partner_kind": "联动单位类型",
    "profile": "通行方式",
    "turnout_s": "出动时间",
    "people": "人数",
    "on_duty": "是否在岗",
    "capabilities": "能力",
    "out_of_service": "是否停用",
    "where_to_find": "具体位置",
    "access_code": "开门密码",
    "holders": "开门联系人",
    "opening_hours": "开放时间",
    "inspection_days": "巡检间隔天数",
    "inspected_on": "上次巡检日期",
}
CHOICES: Final[Mapping[str, Iterable[str]]] = {
    "kind": FacilityKind,
    "grade": HazardGrade,
    "state": HazardState,
    "partner_kind": PartnerKind,
    "profile": DEFAULT_PROFILES,
}
"""Allowed values of a field with a fixed list."""
WAYS: Final = {
    "invalid": ("填写有误", "{field} is not a valid value"),
    "missing": ("没有填写", "{field} is missing"),
    "unknown": ("不在可选值之内", "{field} is not a known value"),
}


def words(code: str) -> tuple[str, str]:
    """Return a code's text in Chinese and English, or the code itself without one."""
    if code in WHOLE:
        return WHOLE[code]
    way, _, field = code.partition("_")
    if way in WAYS and field:
        zh, en = WAYS[way]
        name = f"{FIELDS[field]}（{field}）" if field in FIELDS else f"{field} "
        if way == "unknown" and field in CHOICES:
            values = " ".join(CHOICES[field])
            return f"{name}{zh}：{values}", f"{en.format(field=field)}: {values}"
        return f"{name}{zh}", en.format(field=field)
    return code, code
