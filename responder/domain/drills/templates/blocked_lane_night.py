"""A fire lane is found blocked at night, and then it burns."""

from typing import Final

from responder.domain.drills.plan import InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.template import (
    DrillTemplate,
    TemplateInject,
    TemplateObjective,
    TemplateText,
)
from responder.domain.people.partner import PartnerKind

BLOCKED_LANE_NIGHT: Final = DrillTemplate(
    key="blocked_lane_night",
    name=TemplateText(
        "夜间消防通道被堵演练",
        "Drill: fire lane blocked at night",
    ),
    kind="blocked_lane",
    duration_s=1200,
    scenario=TemplateText(
        "夜里巡查发现小货车堵死消防通道，车上留的电话关机；处置过程中巷内住户报告阳台冒烟，"
        "消防车必须马上进入。",
        "On night patrol a small lorry is found across the fire lane; the number left in it is switched "
        "off. Meanwhile a balcony in the alley smokes, and engines have to get in at once.",
    ),
    notice=TemplateText(
        "届时夜间将举行清障演练，会有人员和灯光，尽量不鸣笛。请勿占用消防通道，并在车上留下能接通的电话。",
        "A drill to clear the fire lane takes place at night, with people and lights and as little noise "
        "as can be. Please keep the lane free, and leave a number in your car that is answered.",
    ),
    partner_kinds=(
        PartnerKind.PROPERTY,
        PartnerKind.POLICE,
        PartnerKind.MINI_FIRE_STATION,
        PartnerKind.COMMUNITY,
    ),
    objectives=(
        TemplateObjective(
            key="lane_clear",
            text=TemplateText(
                "消防通道 2 分钟内清开",
                "Fire lane clear within 2 minutes",
            ),
            measure=Measure.LANE_CLEAR,
            within_s=120,
            since_inject=1,
        ),
        TemplateObjective(
            key="coming",
            text=TemplateText(
                "1 分钟内 4 人出动",
                "Four people on the way within 1 minute",
            ),
            measure=Measure.COMING,
            within_s=60,
            count=4,
        ),
        TemplateObjective(
            key="mini_station",
            text=TemplateText(
                "微型消防站报火后 3 分钟内到场",
                "Mini fire station on scene within 3 minutes of the fire call",
            ),
            measure=Measure.PARTNER_ON_SCENE,
            within_s=180,
            since_inject=3,
            partner_kind=PartnerKind.MINI_FIRE_STATION,
        ),
        TemplateObjective(
            key="hose_on_foot",
            text=TemplateText(
                "不等清障，徒步铺设水带",
                "Hose laid on foot without waiting for the lane",
            ),
            measure=Measure.OBSERVED,
            within_s=300,
            since_inject=3,
        ),
    ),
    injects=(
        TemplateInject(
            number=1,
            after_s=0,
            kind=InjectKind.CLOSURE,
            wider_than_m=1.5,
            text=TemplateText(
                "小货车横停在消防通道上，宽于 1.5 米的车都过不去",
                "A small lorry stands across the fire lane",
            ),
            expected=TemplateText(
                "拍照取证，按车牌查业主登记，多渠道联系车主；同时准备移车器，不等电话接通。",
                "Photograph it, look the number plate up in the register, try every way to reach the "
                "owner; get the wheel dollies meanwhile, do not wait for an answer.",
            ),
            partner_kinds=(PartnerKind.PROPERTY, PartnerKind.POLICE),
            objective="lane_clear",
        ),
        TemplateInject(
            number=2,
            after_s=45,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "车主电话关机，登记的房号已换租户",
                "The owner's phone is off; the flat in the register has other tenants",
            ),
            expected=TemplateText(
                "派出所查车辆信息并授权移车；社区网格员到相邻楼栋询问；报告指挥员预计用时。",
                "Police look the vehicle up and allow it to be moved; wardens ask in the next buildings; "
                "tell the director how long it will take.",
            ),
            partner_kinds=(PartnerKind.POLICE, PartnerKind.COMMUNITY),
        ),
        TemplateInject(
            number=3,
            after_s=120,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "巷内住户来电：“对面二楼阳台在冒烟，看得见火光！”",
                "A resident of the alley calls: “The balcony opposite smokes, I can see flames!”",
            ),
            expected=TemplateText(
                "先报119，说明通道被堵和可走的另一入口；提醒住户关门关窗、低姿走楼梯，不乘电梯。",
                "Call 119 first, say that the lane is blocked and which other way is open; tell residents "
                "to shut doors and windows and walk down low, not by lift.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.PROPERTY),
        ),
        TemplateInject(
            number=4,
            after_s=20,
            kind=InjectKind.HAZARD,
            text=TemplateText(
                "二楼阳台堆物起火",
                "Clutter burns on a second-floor balcony",
            ),
            expected=TemplateText(
                "微型消防站携灭火器和水带徒步进入，就近接室外消火栓；切断该户电源；"
                "巷口留人引导消防车走另一入口。",
                "The mini fire station goes in on foot with extinguishers and hose to the nearest hydrant; "
                "the flat's power is cut; someone guides engines to the other way in.",
            ),
            partner_kinds=(PartnerKind.MINI_FIRE_STATION, PartnerKind.PROPERTY),
            objective="hose_on_foot",
            waits_for=WaitsFor(kind=WaitKind.INJECT, inject=3),
        ),
        TemplateInject(
            number=5,
            after_s=30,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "通道清开，车主赶到并与队员争执",
                "The lane is clear; the owner arrives and quarrels",
            ),
            expected=TemplateText(
                "派出所依法处理并保留记录，其他人不参与争执；通道继续留人看守到消防车离开。",
                "Police deal with him by the law and keep a record, others stay out of it; someone guards "
                "the lane until the engines have left.",
            ),
            partner_kinds=(PartnerKind.POLICE,),
            waits_for=WaitsFor(kind=WaitKind.OBJECTIVE, objective="lane_clear"),
        ),
    ),
)
