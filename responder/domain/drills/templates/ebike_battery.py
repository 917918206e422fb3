"""An e-bike battery burns in a stairwell."""

from typing import Final

from responder.domain.drills.plan import InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.template import (
    DrillTemplate,
    TemplateInject,
    TemplateObjective,
    TemplateText,
)
from responder.domain.people.partner import PartnerKind

EBIKE_BATTERY: Final = DrillTemplate(
    key="ebike_battery",
    name=TemplateText(
        "楼道电动车电池起火演练",
        "Drill: e-bike battery burns in a stairwell",
    ),
    kind="fire",
    duration_s=1800,
    scenario=TemplateText(
        "晚饭时间，一楼楼道内违规充电的电动自行车锂电池热失控起火，有毒浓烟沿楼梯上升，"
        "二楼以上住户的出口被烟封住。",
        "At supper time the lithium battery of an e-bike, charged in the stairwell against the rules, goes "
        "into thermal runaway on the ground floor. Toxic smoke rises and shuts the way out of the upper "
        "floors.",
    ),
    notice=TemplateText(
        "届时本楼将举行消防疏散演练，会有警报声、喊话和模拟烟雾，请勿惊慌。"
        "愿意参加的住户请听从引导走楼梯下楼，不乘电梯；行动不便者可留在家中观看。演练期间如遇真实险情，"
        "请照常拨打119。",
        "A fire drill takes place in this building, with alarms, calls and harmless smoke. Those who want "
        "to take part walk down the stairs as they are guided and do not use the lift; those who walk with "
        "difficulty may stay at home. If anything real happens meanwhile, call 119 as ever.",
    ),
    partner_kinds=(
        PartnerKind.MINI_FIRE_STATION,
        PartnerKind.PROPERTY,
        PartnerKind.COMMUNITY,
        PartnerKind.POLICE,
        PartnerKind.HOSPITAL,
    ),
    objectives=(
        TemplateObjective(
            key="first_on_scene",
            text=TemplateText(
                "首支力量 3 分钟内到场",
                "First unit on scene within 3 minutes",
            ),
            measure=Measure.FIRST_ON_SCENE,
            within_s=180,
        ),
        TemplateObjective(
            key="mini_station",
            text=TemplateText(
                "微型消防站 3 分钟内到场",
                "Mini fire station on scene within 3 minutes",
            ),
            measure=Measure.PARTNER_ON_SCENE,
            within_s=180,
            partner_kind=PartnerKind.MINI_FIRE_STATION,
        ),
        TemplateObjective(
            key="lane_clear",
            text=TemplateText(
                "消防通道 2 分钟内清开",
                "Fire lane clear within 2 minutes",
            ),
            measure=Measure.LANE_CLEAR,
            within_s=120,
            since_inject=4,
        ),
        TemplateObjective(
            key="power_cut",
            text=TemplateText(
                "3 分钟内切断本单元电源",
                "Power of the stairwell cut within 3 minutes",
            ),
            measure=Measure.OBSERVED,
            within_s=180,
            since_inject=3,
        ),
        TemplateObjective(
            key="counted",
            text=TemplateText(
                "10 分钟内在集合点清点住户",
                "Residents counted at the assembly point within 10 minutes",
            ),
            measure=Measure.COUNTED,
            within_s=600,
            count=12,
        ),
    ),
    injects=(
        TemplateInject(
            number=1,
            after_s=0,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "居民来电：“一楼楼道里电动车烧起来了，楼梯上全是黑烟，我家在三楼，出不去！”",
                "A resident calls: “An e-bike is burning in the stairwell, the stairs are full of black "
                "smoke. I am on the third floor and cannot get out!”",
            ),
            expected=TemplateText(
                "先报119：地址、燃烧物是锂电池、有人被困、来电号码。告诉来电人：烟大不往下冲，关紧房门，"
                "用湿毛巾塞门缝，到有窗的房间呼救等待；不乘电梯。",
                "Call 119 first: address, lithium battery, people trapped, number. Tell the caller: do not "
                "run down through smoke; shut the door, seal its gaps with wet towels, wait at a window "
                "and call out; no lift.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.PROPERTY),
        ),
        TemplateInject(
            number=2,
            after_s=20,
            kind=InjectKind.HAZARD,
            text=TemplateText(
                "锂电池起火点：射流火，伴有爆燃和复燃",
                "Burning lithium battery: jets of flame, bursts, reignition",
            ),
            expected=TemplateText(
                "保持距离、站上风，持续大量用水冷却；不近身、不移动电池；明火灭后派人看守防复燃。",
                "Keep away and upwind; cool with much water for long; do not touch or move the battery; "
                "keep watch for reignition once the flames are out.",
            ),
            partner_kinds=(PartnerKind.MINI_FIRE_STATION,),
            objective="mini_station",
        ),
        TemplateInject(
            number=3,
            after_s=60,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "楼道电表箱受火烘烤，墙上充电线仍带电",
                "The meter box is in the heat, and the charging cable is live",
            ),
            expected=TemplateText(
                "物业在楼外总开关切断本单元电源并报告“已断电”，再近距离出水；同时确认燃气立管阀门已关。",
                "Property staff cut the stairwell's power at the main switch outside and report it before "
                "water is used close by; the valve of the gas riser is shut as well.",
            ),
            partner_kinds=(PartnerKind.PROPERTY,),
            objective="power_cut",
        ),
        TemplateInject(
            number=4,
            after_s=90,
            kind=InjectKind.CLOSURE,
            text=TemplateText(
                "一辆面包车停在巷口，消防车进不来",
                "A van is parked at the mouth of the alley; the engine cannot pass",
            ),
            expected=TemplateText(
                "派出所、物业联系车主或推移车辆，巷口留人引路；微型消防车绕行或人员携水带徒步进入，不等车。",
                "Police and property staff find the owner or push the van aside, and someone guides "
                "engines in at the mouth of the alley. The crew goes round or carries its hose in on foot; "
                "it does not wait.",
            ),
            partner_kinds=(PartnerKind.POLICE, PartnerKind.PROPERTY),
            objective="lane_clear",
        ),
        TemplateInject(
            number=5,
            after_s=30,
            kind=InjectKind.CASUALTY,
            text=TemplateText(
                "一位老人吸入浓烟后由邻居扶出，咳嗽、面色灰白、说话困难",
                "An old man who breathed smoke is led out; he coughs, is ashen and can hardly speak",
            ),
            expected=TemplateText(
                "移到上风通风处，半坐位，拨打120，有条件给氧；"
                "意识丧失且无呼吸时立即心肺复苏并取自动体外除颤器。",
                "Bring him upwind into fresh air, sitting up; call 120; oxygen if there is any. If he is "
                "unconscious and does not breathe, begin CPR at once and fetch the AED.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL, PartnerKind.COMMUNITY),
            waits_for=WaitsFor(kind=WaitKind.ON_SCENE),
        ),
        TemplateInject(
            number=6,
            after_s=120,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "三楼一户在窗口挥毛巾，家中有一名小孩",
                "A family with a child waves a towel at a third-floor window",
            ),
            expected=TemplateText(
                "喊话稳定情绪，让其继续关门待援；向消防救援站报告楼层和人数；楼下警戒，无防护不进入烟区。",
                "Talk to them, have them keep the door shut; report floor and number of people to the fire "
                "service; keep the ground below clear; no one enters smoke without breathing apparatus.",
            ),
            waits_for=WaitsFor(kind=WaitKind.ON_SCENE),
        ),
        TemplateInject(
            number=7,
            after_s=60,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "明火已灭，住户陆续到达集合点",
                "The flames are out; residents reach the assembly point",
            ),
            expected=TemplateText(
                "按户点名，报告应到、实到和未到；未经消防救援站同意不放人回楼；"
                "电池移至室外空旷处由专人看守。",
                "Call the roll by household and report who is missing; no one goes back before the fire "
                "service agrees; the battery is brought outdoors and watched.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY,),
            objective="counted",
            waits_for=WaitsFor(kind=WaitKind.OBJECTIVE, objective="power_cut"),
        ),
    ),
)
