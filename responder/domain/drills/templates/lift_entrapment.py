"""People are stuck in a lift, and one of them falls ill."""

from typing import Final

from responder.domain.drills.plan import InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.template import (
    DrillTemplate,
    TemplateInject,
    TemplateObjective,
    TemplateText,
)
from responder.domain.people.partner import PartnerKind

LIFT_ENTRAPMENT: Final = DrillTemplate(
    key="lift_entrapment",
    name=TemplateText(
        "电梯困人救援演练",
        "Drill: people stuck in a lift",
    ),
    kind="trapped",
    duration_s=2400,
    scenario=TemplateText(
        "高峰时段电梯停在两层之间，轿厢内三人，其中一名孕妇感到胸闷；电梯维保人员在 20 分钟路程之外。",
        "At the rush hour a lift stops between two floors with three people; one, who is pregnant, finds "
        "it hard to breathe. The maintenance company is 20 minutes away.",
    ),
    notice=TemplateText(
        "届时本楼一部电梯将停用进行救援演练，请改走楼梯或乘另一部电梯，带来不便敬请谅解。",
        "One lift of this building is out of use for a rescue drill. Please take the stairs or the other "
        "lift.",
    ),
    partner_kinds=(
        PartnerKind.PROPERTY,
        PartnerKind.COMMUNITY,
        PartnerKind.HOSPITAL,
        PartnerKind.MINI_FIRE_STATION,
    ),
    objectives=(
        TemplateObjective(
            key="answered",
            text=TemplateText(
                "1 分钟内通过对讲安抚被困人员",
                "Those inside are spoken to within 1 minute",
            ),
            measure=Measure.OBSERVED,
            within_s=60,
        ),
        TemplateObjective(
            key="first_on_scene",
            text=TemplateText(
                "首支力量 5 分钟内到场",
                "First unit on scene within 5 minutes",
            ),
            measure=Measure.FIRST_ON_SCENE,
            within_s=300,
        ),
        TemplateObjective(
            key="medics",
            text=TemplateText(
                "医护人员 10 分钟内到厅门外",
                "Medical staff at the landing door within 10 minutes",
            ),
            measure=Measure.PARTNER_ON_SCENE,
            within_s=600,
            partner_kind=PartnerKind.HOSPITAL,
        ),
        TemplateObjective(
            key="rescued",
            text=TemplateText(
                "30 分钟内由持证人员救出全部人员",
                "All out within 30 minutes, by certified staff",
            ),
            measure=Measure.COUNTED,
            within_s=1800,
            count=3,
        ),
    ),
    injects=(
        TemplateInject(
            number=1,
            after_s=0,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "轿厢对讲来电：“电梯卡住了，里面三个人，灯也灭了，我们想把门扒开！”",
                "From the lift: “We are stuck, three of us, and the light is out. We want to force the "
                "door!”",
            ),
            expected=TemplateText(
                "制止扒门、跳动；告知轿厢有通风、不会坠落，靠壁坐好等待；问清楼层、人数和身体情况；"
                "保持每几分钟通话。",
                "Stop them from forcing the door or jumping; say that there is air and the car does not "
                "fall; sit along the wall; ask floor, number and health; speak to them every few minutes.",
            ),
            partner_kinds=(PartnerKind.PROPERTY,),
            objective="answered",
        ),
        TemplateInject(
            number=2,
            after_s=60,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "电梯停在三、四层之间，各层厅门前有人围观",
                "The car is between floors 3 and 4; people gather at the doors",
            ),
            expected=TemplateText(
                "通知维保单位和电梯应急平台（96333），要求 30 分钟内到场；各层厅门设围挡和专人；"
                "不用另一部电梯运送救援人员至困人层。",
                "Call the maintenance company and the lift emergency line (96333), due within 30 minutes; "
                "bar each landing door and post someone there.",
            ),
            partner_kinds=(PartnerKind.PROPERTY, PartnerKind.COMMUNITY),
        ),
        TemplateInject(
            number=3,
            after_s=180,
            kind=InjectKind.CASUALTY,
            text=TemplateText(
                "轿厢内孕妇胸闷、出汗、手脚发麻",
                "The pregnant woman is short of breath, sweats and feels numb",
            ),
            expected=TemplateText(
                "报119和120；通过对讲引导缓慢呼吸、松开衣物、左侧坐卧；同乘人腾出空间；"
                "医护携氧气和除颤器在厅门外待命。",
                "Call 119 and 120; by the intercom have her breathe slowly, loosen clothes and lie on her "
                "left; medical staff wait at the landing door with oxygen and an AED.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL, PartnerKind.PROPERTY),
            objective="medics",
        ),
        TemplateInject(
            number=4,
            after_s=300,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "一名热心邻居拿来撬棍要开厅门",
                "A helpful neighbour brings a crowbar for the landing door",
            ),
            expected=TemplateText(
                "劝阻：未断主电源、未确认轿厢位置，无证人员不得开门、盘车；清退无关人员，防止坠入井道。",
                "Stop him: with the mains on and the car's position unknown no one without a certificate "
                "opens doors or turns the winch; send onlookers away, the shaft is open to fall into.",
            ),
            partner_kinds=(PartnerKind.PROPERTY, PartnerKind.MINI_FIRE_STATION),
        ),
        TemplateInject(
            number=5,
            after_s=300,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "维保持证人员到场",
                "Certified maintenance staff arrive",
            ),
            expected=TemplateText(
                "断电梯主电源并上锁挂牌，两人配合确认轿厢位置后救援；接人时先稳住轿厢内人员，逐个出厢，"
                "孕妇优先。",
                "Cut and lock the lift's main switch; two people confirm the car's position before the "
                "rescue; one at a time, the pregnant woman first.",
            ),
            partner_kinds=(PartnerKind.PROPERTY,),
            objective="rescued",
            waits_for=WaitsFor(kind=WaitKind.INJECT, inject=4),
        ),
        TemplateInject(
            number=6,
            after_s=180,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "三人全部救出，有住户要求马上恢复电梯",
                "All three are out; residents want the lift back at once",
            ),
            expected=TemplateText(
                "医护检查三人；电梯停用挂牌，查明原因、检验合格后才恢复；登记事件并回访。",
                "Medical staff look at all three; the lift stays out of use until the cause is found and "
                "it is inspected; record it and call on them later.",
            ),
            partner_kinds=(PartnerKind.PROPERTY, PartnerKind.HOSPITAL, PartnerKind.COMMUNITY),
            waits_for=WaitsFor(kind=WaitKind.INJECT, inject=5),
        ),
    ),
)
