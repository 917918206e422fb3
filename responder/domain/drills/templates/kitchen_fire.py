"""Oil burns in a kitchen, and the smoke goes up the flue."""

from typing import Final

from responder.domain.drills.plan import InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.template import (
    DrillTemplate,
    TemplateInject,
    TemplateObjective,
    TemplateText,
)
from responder.domain.people.partner import PartnerKind

KITCHEN_FIRE: Final = DrillTemplate(
    key="kitchen_fire",
    name=TemplateText(
        "居民厨房油锅起火演练",
        "Drill: kitchen fire",
    ),
    kind="fire",
    duration_s=1500,
    scenario=TemplateText(
        "独居老人家中油锅起火，引燃吸油烟机，烟气经公共烟道窜入楼上厨房。",
        "Oil catches fire in the flat of an old woman who lives alone and sets the extractor hood alight; "
        "smoke gets into the kitchens above through the shared flue.",
    ),
    notice=TemplateText(
        "届时本楼将举行厨房火灾演练，会有警报声和模拟烟雾，请勿惊慌。演练期间如遇真实险情，请照常拨打119。",
        "A kitchen fire drill takes place in this building, with alarms and harmless smoke. If anything "
        "real happens meanwhile, call 119 as ever.",
    ),
    partner_kinds=(
        PartnerKind.MINI_FIRE_STATION,
        PartnerKind.PROPERTY,
        PartnerKind.COMMUNITY,
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
            key="gas_shut",
            text=TemplateText(
                "3 分钟内关闭燃气并断电",
                "Gas shut and power cut within 3 minutes",
            ),
            measure=Measure.OBSERVED,
            within_s=180,
        ),
        TemplateObjective(
            key="joint",
            text=TemplateText(
                "5 分钟内两支力量协同处置",
                "Two units work together within 5 minutes",
            ),
            measure=Measure.FIRST_ON_SCENE,
            within_s=300,
            count=2,
        ),
        TemplateObjective(
            key="counted",
            text=TemplateText(
                "10 分钟内清点本单元住户",
                "Residents of the stairwell counted within 10 minutes",
            ),
            measure=Measure.COUNTED,
            within_s=600,
            count=8,
        ),
    ),
    injects=(
        TemplateInject(
            number=1,
            after_s=0,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "老人来电：“锅里油着火了，火苗到油烟机了，我去接盆水浇！”",
                "An old woman calls: “The oil in my pan is burning up to the hood. I am going to pour "
                "water on it!”",
            ),
            expected=TemplateText(
                "立即制止：油锅着火不泼水。能靠近就关火、盖锅盖或灭火毯；已烧到油烟机就关上厨房门马上离家，"
                "不拿东西，到楼下拨打119；值守员同时代报119。",
                "Stop her: no water on burning oil. If she can get near, turn off the gas and cover the "
                "pan; if the hood burns, shut the kitchen door, leave with nothing and call 119 from "
                "outside. Call 119 for her.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.PROPERTY),
        ),
        TemplateInject(
            number=2,
            after_s=30,
            kind=InjectKind.HAZARD,
            text=TemplateText(
                "厨房起火点，窗口冒烟",
                "Burning kitchen; smoke at the window",
            ),
            expected=TemplateText(
                "先关立管燃气阀、断户内电源，再低姿进入；使用干粉或水基灭火器，留好退路；楼道烟大立即撤出。",
                "Shut the gas riser and cut the flat's power, then enter low with a powder or water-based "
                "extinguisher and a way back; withdraw when the stairs fill with smoke.",
            ),
            partner_kinds=(PartnerKind.MINI_FIRE_STATION, PartnerKind.PROPERTY),
            objective="gas_shut",
        ),
        TemplateInject(
            number=3,
            after_s=90,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "楼上住户来电：“我家没做饭，厨房却冒烟了！”",
                "A neighbour above calls: “We are not cooking, and smoke comes into our kitchen!”",
            ),
            expected=TemplateText(
                "告知关厨房门、开外窗，全家低姿捂口鼻走楼梯下楼，不乘电梯；派人沿烟道逐层查看到顶层。",
                "Tell them to shut the kitchen door, open a window and walk down the stairs low with "
                "mouths covered, not by lift; send people to look along the flue on each floor up to the "
                "top.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.MINI_FIRE_STATION),
        ),
        TemplateInject(
            number=4,
            after_s=120,
            kind=InjectKind.UNIT_OUT,
            text=TemplateText(
                "物业一支力量因维修脱不开身，退出演练",
                "A unit of the property company is held up elsewhere",
            ),
            expected=TemplateText(
                "指挥员发现缺口，改由其他力量负责开闸、引路和断电，并告知各方。",
                "The person who directs sees the gap, gives gate, guide and power to others, tells everyone.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY,),
            unit_of=PartnerKind.PROPERTY,
        ),
        TemplateInject(
            number=5,
            after_s=20,
            kind=InjectKind.CASUALTY,
            text=TemplateText(
                "老人右手被热油烫伤，手背起水疱",
                "The old woman's right hand is burnt by hot oil and blistered",
            ),
            expected=TemplateText(
                "流动冷水冲 15 至 20 分钟，摘除戒指，洁净纱布覆盖；不涂牙膏酱油、不挑水疱；拨打120或送医。",
                "Cool under running water for 15 to 20 minutes, take off rings, cover with clean gauze; no "
                "toothpaste or soy sauce, leave blisters whole; call 120 or bring her to hospital.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL, PartnerKind.COMMUNITY),
            waits_for=WaitsFor(kind=WaitKind.ON_SCENE),
        ),
        TemplateInject(
            number=6,
            after_s=240,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "火已扑灭，有住户要求马上回家做饭",
                "The fire is out; residents want to go home and cook",
            ),
            expected=TemplateText(
                "集合点按户清点；查清烟道无余火、燃气检漏合格、消防救援站同意后才放行；提醒不自行恢复供气。",
                "Count by household; let them in only when the flue is cold, the gas is found tight and "
                "the fire service agrees; no one turns the gas on by himself.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.PROPERTY),
            objective="counted",
            waits_for=WaitsFor(kind=WaitKind.ON_SCENE),
        ),
    ),
)
