"""Smoke beside a hospital, with patients who cannot walk."""

from typing import Final

from responder.domain.drills.plan import InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.template import (
    DrillTemplate,
    TemplateInject,
    TemplateObjective,
    TemplateText,
)
from responder.domain.people.partner import PartnerKind

SMOKE_HOSPITAL: Final = DrillTemplate(
    key="smoke_hospital",
    name=TemplateText(
        "医院旁冒烟联动演练",
        "Drill: smoke beside the hospital",
    ),
    kind="smoke",
    duration_s=2400,
    scenario=TemplateText(
        "医院外墙旁的临街店铺仓库冒烟，烟气飘入住院楼低层病房，病区内有卧床和吸氧病人。",
        "A shop's store beside the hospital wall smokes; smoke drifts into the lower wards, where patients "
        "lie in bed and some are on oxygen.",
    ),
    notice=TemplateText(
        "届时医院与社区将举行联动演练，急诊照常开放，救护车优先通行。听到演练广播请勿惊慌，"
        "按医护人员引导行动。",
        "Hospital and community hold a drill together. The emergency department stays open and ambulances "
        "go first. When you hear the drill announced, please follow the staff.",
    ),
    partner_kinds=(
        PartnerKind.HOSPITAL,
        PartnerKind.MINI_FIRE_STATION,
        PartnerKind.POLICE,
        PartnerKind.PROPERTY,
        PartnerKind.COMMUNITY,
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
            key="compartment",
            text=TemplateText(
                "5 分钟内完成病区水平疏散",
                "Ward moved to the next smoke compartment within 5 minutes",
            ),
            measure=Measure.OBSERVED,
            within_s=300,
            since_inject=3,
        ),
        TemplateObjective(
            key="lane_clear",
            text=TemplateText(
                "救护车通道 2 分钟内恢复",
                "Ambulance lane clear again within 2 minutes",
            ),
            measure=Measure.LANE_CLEAR,
            within_s=120,
            since_inject=4,
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
                "15 分钟内清点转移的病人",
                "Patients who were moved counted within 15 minutes",
            ),
            measure=Measure.COUNTED,
            within_s=900,
            count=10,
        ),
    ),
    injects=(
        TemplateInject(
            number=1,
            after_s=0,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "病区护士来电：“窗外有很大的烟，已经飘进一楼病房，不知道哪里烧。”",
                "A ward nurse calls: “There is much smoke outside, it drifts into the ground-floor ward, "
                "and we do not know what burns.”",
            ),
            expected=TemplateText(
                "报119和医院消防控制室；关病房窗和防火门，停新风空调；派人在外查明烟源，不乘电梯。",
                "Call 119 and the hospital's fire control room; shut ward windows and fire doors, stop "
                "ventilation; send someone to find the source from outside; no lifts.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL,),
        ),
        TemplateInject(
            number=2,
            after_s=60,
            kind=InjectKind.HAZARD,
            text=TemplateText(
                "临街店铺仓库冒烟，卷闸门锁着",
                "The shop's store smokes behind a locked shutter",
            ),
            expected=TemplateText(
                "断店铺电源，找到钥匙人；开门前试温，站侧面，备好水带再开；驱散围观人员。",
                "Cut the shop's power and find who has the key; feel the shutter, stand aside and have the "
                "hose ready before opening; keep onlookers away.",
            ),
            partner_kinds=(PartnerKind.MINI_FIRE_STATION, PartnerKind.PROPERTY),
            objective="first_on_scene",
        ),
        TemplateInject(
            number=3,
            after_s=120,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "一楼病区能见度下降，有四名卧床、一名吸氧病人",
                "Visibility falls in the ground-floor ward: four patients in bed, one on oxygen",
            ),
            expected=TemplateText(
                "先水平疏散到相邻防烟分区：近烟者先走，卧床者用床单或转运垫拖行，"
                "吸氧者换便携瓶后关病区氧气总阀；关好每道门，留人复查。",
                "First move sideways into the next smoke compartment: those near the smoke first, "
                "bedridden patients dragged on sheets, portable oxygen before the ward's valve is shut; "
                "close each door and check rooms.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL,),
            objective="compartment",
        ),
        TemplateInject(
            number=4,
            after_s=180,
            kind=InjectKind.CLOSURE,
            text=TemplateText(
                "围观车辆堵住医院旁的救护车通道",
                "Cars of onlookers block the ambulance lane beside the hospital",
            ),
            expected=TemplateText(
                "派出所疏导，物业开另一侧闸门；急诊改道并告知120；通道口留人。",
                "Police move the cars, property staff open the other gate; ambulances are sent round and "
                "120 is told; someone stays at the mouth of the lane.",
            ),
            partner_kinds=(PartnerKind.POLICE, PartnerKind.PROPERTY),
            objective="lane_clear",
        ),
        TemplateInject(
            number=5,
            after_s=60,
            kind=InjectKind.CASUALTY,
            text=TemplateText(
                "一名家属下楼梯时扭伤脚踝，无法行走",
                "A visitor sprains an ankle on the stairs and cannot walk",
            ),
            expected=TemplateText(
                "移离疏散通道再处理：制动、冷敷、抬高；担架转运并登记去向。",
                "Out of the escape route first, then rest, cold and raise it; carry by stretcher and write "
                "down where to.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL, PartnerKind.COMMUNITY),
            waits_for=WaitsFor(kind=WaitKind.INJECT, inject=3),
        ),
        TemplateInject(
            number=6,
            after_s=120,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "网络媒体来电：“听说医院着火死了人，是真的吗？”",
                "A reporter calls: “We hear the hospital burns and people died. Is it true?”",
            ),
            expected=TemplateText(
                "不猜测、不承诺；说明由指定发言人统一答复，记下对方姓名和电话，报告指挥员。",
                "Guess and promise nothing; say that the spokesperson answers, note name and number, and "
                "report it.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL, PartnerKind.COMMUNITY),
            waits_for=WaitsFor(kind=WaitKind.ON_SCENE),
        ),
        TemplateInject(
            number=7,
            after_s=240,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "烟源已控制，转移病人安置完毕",
                "The source is under control; moved patients are settled",
            ),
            expected=TemplateText(
                "逐床核对姓名、床号和去向，缺一人就复查原病区；通风、测烟合格后才回迁。",
                "Check name, bed and place of each patient; if one is missing search the ward again; go "
                "back only when it is aired and free of smoke.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL,),
            objective="counted",
            waits_for=WaitsFor(kind=WaitKind.OBJECTIVE, objective="compartment"),
        ),
    ),
)
