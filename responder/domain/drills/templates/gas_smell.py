"""A smell of gas in a stairwell."""

from typing import Final

from responder.domain.drills.plan import InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.template import (
    DrillTemplate,
    TemplateInject,
    TemplateObjective,
    TemplateText,
)
from responder.domain.people.partner import PartnerKind

GAS_SMELL: Final = DrillTemplate(
    key="gas_smell",
    name=TemplateText(
        "楼道燃气异味处置演练",
        "Drill: smell of gas in a stairwell",
    ),
    kind="gas",
    duration_s=1800,
    scenario=TemplateText(
        "租户更换灶具后接口松脱，外出时燃气持续泄漏，气味弥漫整个单元；屋内无人，冰箱仍在通电。",
        "A tenant fitted a new stove, the joint came loose and gas has leaked since he went out. The whole "
        "stairwell smells of it; no one is in the flat and its refrigerator is running.",
    ),
    notice=TemplateText(
        "届时本单元将举行燃气泄漏处置演练，不会真正停气。工作人员会敲门请您下楼，请勿惊慌。"
        "如真的闻到燃气味，请到室外拨打119和燃气抢修电话。",
        "A gas leak drill takes place in this stairwell; the gas is not really cut. Staff knock and ask "
        "you to come down. If you really smell gas, go outside and call 119 and the gas company.",
    ),
    partner_kinds=(
        PartnerKind.PROPERTY,
        PartnerKind.COMMUNITY,
        PartnerKind.MINI_FIRE_STATION,
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
            key="valve_shut",
            text=TemplateText(
                "5 分钟内在楼外关闭本单元燃气阀",
                "Gas valve of the stairwell shut outside within 5 minutes",
            ),
            measure=Measure.OBSERVED,
            within_s=300,
        ),
        TemplateObjective(
            key="no_spark",
            text=TemplateText(
                "无人在气味区按铃、开关电器或使用手机",
                "No one rings, switches or telephones where it smells",
            ),
            measure=Measure.OBSERVED,
            within_s=900,
        ),
        TemplateObjective(
            key="police",
            text=TemplateText(
                "派出所 5 分钟内到场警戒",
                "Police on scene within 5 minutes",
            ),
            measure=Measure.PARTNER_ON_SCENE,
            within_s=300,
            partner_kind=PartnerKind.POLICE,
        ),
        TemplateObjective(
            key="counted",
            text=TemplateText(
                "10 分钟内在上风集合点清点住户",
                "Residents counted upwind within 10 minutes",
            ),
            measure=Measure.COUNTED,
            within_s=600,
            count=10,
        ),
    ),
    injects=(
        TemplateInject(
            number=1,
            after_s=0,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "居民在楼道里来电：“楼道煤气味很重，我先把灯打开看看是哪家。”",
                "A resident calls from the stairs: “It smells of gas. I will put the light on to see where "
                "from.”",
            ),
            expected=TemplateText(
                "让其不开关任何电器、不按门铃，立即到楼外上风处再打电话；记下地址和气味最重的楼层；"
                "报119和燃气抢修电话。",
                "Tell him to switch and ring nothing, go outside upwind and call from there; note address "
                "and floor; call 119 and the gas company.",
            ),
            partner_kinds=(PartnerKind.PROPERTY, PartnerKind.COMMUNITY),
        ),
        TemplateInject(
            number=2,
            after_s=30,
            kind=InjectKind.HAZARD,
            text=TemplateText(
                "燃气泄漏点：二楼租户家中，门锁着",
                "Leaking gas: a locked flat on the second floor",
            ),
            expected=TemplateText(
                "在楼外关立管总阀；人员不穿化纤、关手机和对讲机（非防爆）；楼道窗全部打开自然通风，"
                "不用排风扇；不破门制造火花。",
                "Shut the riser outside; enter without phones or radios that are not explosion-proof; open "
                "stairwell windows, run no fan; do not force the door where it could spark.",
            ),
            partner_kinds=(PartnerKind.PROPERTY, PartnerKind.MINI_FIRE_STATION),
            objective="valve_shut",
        ),
        TemplateInject(
            number=3,
            after_s=90,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "本单元还有九户在家，其中一户老人听力差",
                "Nine households are in; one old man hardly hears",
            ),
            expected=TemplateText(
                "敲门、喊话通知，不按门铃；走楼梯到上风集合点，不乘电梯；重点户派专人陪护。",
                "Knock and call, do not ring; walk down to the assembly point upwind, not by lift; someone "
                "stays with those who need help.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY,),
            objective="no_spark",
        ),
        TemplateInject(
            number=4,
            after_s=150,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "一名外卖员要骑电动车进单元门，有人在楼下抽烟",
                "A courier rides his e-bike to the door; a man smokes below",
            ),
            expected=TemplateText(
                "划定警戒区，禁止明火、车辆和手机进入；从区外远处断电，不在气味区内拉闸。",
                "Cordon the area: no flames, vehicles or phones; cut power from a distance, never at a "
                "switch where it smells.",
            ),
            partner_kinds=(PartnerKind.POLICE, PartnerKind.PROPERTY),
            objective="no_spark",
        ),
        TemplateInject(
            number=5,
            after_s=60,
            kind=InjectKind.CASUALTY,
            text=TemplateText(
                "邻居头晕、恶心，站不稳",
                "A neighbour is dizzy, sick and unsteady",
            ),
            expected=TemplateText(
                "移到上风空旷处，松开衣领，侧卧防呕吐；拨打120；无呼吸时心肺复苏，"
                "在警戒区外使用自动体外除颤器。",
                "Bring her upwind into the open, loosen her collar, on her side if she is sick; call 120; "
                "CPR if she does not breathe, and the AED outside the cordon.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL, PartnerKind.COMMUNITY),
            waits_for=WaitsFor(kind=WaitKind.ON_SCENE),
        ),
        TemplateInject(
            number=6,
            after_s=120,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "燃气公司报告：阀门已关，室内检测浓度降到安全值",
                "The gas company reports: valve shut, indoor reading safe",
            ),
            expected=TemplateText(
                "清点住户，逐户检漏合格、由燃气公司恢复供气后才解除警戒；登记租户更换灶具隐患。",
                "Count residents; lift the cordon only when each flat is tight and the gas company has "
                "restored the supply; record the badly fitted stove as a hazard.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.PROPERTY),
            objective="counted",
            waits_for=WaitsFor(kind=WaitKind.OBJECTIVE, objective="valve_shut"),
        ),
    ),
)
