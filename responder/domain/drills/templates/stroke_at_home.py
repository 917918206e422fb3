"""An old man has a stroke at home, up a narrow staircase."""

from typing import Final

from responder.domain.drills.plan import InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.template import (
    DrillTemplate,
    TemplateInject,
    TemplateObjective,
    TemplateText,
)
from responder.domain.people.partner import PartnerKind

STROKE_AT_HOME: Final = DrillTemplate(
    key="stroke_at_home",
    name=TemplateText(
        "居家老人突发中风演练",
        "Drill: stroke at home",
    ),
    kind="medical",
    duration_s=1800,
    scenario=TemplateText(
        "清晨，四楼无电梯住户家中老人突发中风，家属慌乱；途中病情变化，一度无呼吸。",
        "In the morning an old man on the fourth floor of a house without a lift has a stroke, and his "
        "family panics. Later he stops breathing for a time.",
    ),
    notice=TemplateText(
        "届时将举行居家急救演练，会有急救人员和担架进出本楼，请保持楼道和巷口畅通。",
        "A first-aid drill takes place in this house, with medical staff and a stretcher. Please keep "
        "stairs and alley free.",
    ),
    partner_kinds=(PartnerKind.HOSPITAL, PartnerKind.COMMUNITY, PartnerKind.PROPERTY, PartnerKind.VOLUNTEERS),
    objectives=(
        TemplateObjective(
            key="first_aider",
            text=TemplateText(
                "首名急救人员 4 分钟内到患者身边",
                "First aid at the patient within 4 minutes",
            ),
            measure=Measure.FIRST_ON_SCENE,
            within_s=240,
        ),
        TemplateObjective(
            key="onset_time",
            text=TemplateText(
                "问清并记录最后正常的时间",
                "The time he was last well is asked and written down",
            ),
            measure=Measure.OBSERVED,
            within_s=300,
        ),
        TemplateObjective(
            key="aed",
            text=TemplateText(
                "无呼吸后 4 分钟内用上自动体外除颤器",
                "AED in use within 4 minutes of the arrest",
            ),
            measure=Measure.OBSERVED,
            within_s=240,
            since_inject=4,
        ),
        TemplateObjective(
            key="hospital",
            text=TemplateText(
                "医院急救人员 10 分钟内到场",
                "Hospital crew on scene within 10 minutes",
            ),
            measure=Measure.PARTNER_ON_SCENE,
            within_s=600,
            partner_kind=PartnerKind.HOSPITAL,
        ),
    ),
    injects=(
        TemplateInject(
            number=1,
            after_s=0,
            kind=InjectKind.TELEPHONE,
            text=TemplateText(
                "家属来电：“我爸嘴歪了，右手抬不起来，说话听不清，我给他吃点阿司匹林行不行？”",
                "His son calls: “My father's mouth droops, he cannot lift his right arm or speak clearly. "
                "Shall I give him an aspirin?”",
            ),
            expected=TemplateText(
                "先打120，按“1看脸、2查臂、0听话”说明疑似中风；不喂水、不喂药、不摇晃；"
                "问清最后正常时间并记录；门打开、留人接应。",
                "Call 120 first and say face, arm and speech: stroke. Nothing to eat, drink or swallow, do "
                "not shake him; ask when he was last well and write it down; open the door.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.HOSPITAL),
            objective="onset_time",
        ),
        TemplateInject(
            number=2,
            after_s=30,
            kind=InjectKind.CASUALTY,
            text=TemplateText(
                "患者卧室地上，清醒，呕吐一次",
                "The patient lies on the bedroom floor, awake, and was sick once",
            ),
            expected=TemplateText(
                "侧卧，清理口鼻，松衣领，记录呼吸和意识；不让其自己走动；备好病历、用药单和医保卡。",
                "On his side, airway clear, collar loose; note breathing and response; he does not walk; "
                "get his records and list of medicines.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.VOLUNTEERS, PartnerKind.HOSPITAL),
            objective="first_aider",
        ),
        TemplateInject(
            number=3,
            after_s=90,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "巷口闸门锁着，楼道堆着杂物，担架难以转弯",
                "The gate is locked, and clutter on the stairs is in the stretcher's way",
            ),
            expected=TemplateText(
                "物业开闸，志愿者在巷口和楼下接力引路；清理楼道，改用软担架；车辆让出掉头位置。",
                "Property staff open the gate, volunteers guide from alley to door; clear the stairs, use "
                "a soft stretcher; leave room for the ambulance to turn.",
            ),
            partner_kinds=(PartnerKind.PROPERTY, PartnerKind.VOLUNTEERS),
        ),
        TemplateInject(
            number=4,
            after_s=60,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "患者突然呼之不应，没有正常呼吸",
                "The patient no longer responds and does not breathe normally",
            ),
            expected=TemplateText(
                "立即胸外按压（每分钟 100 至 120 次，深 5 至 6 厘米），派一人取最近的自动体外除颤器，"
                "到手即用，听语音提示；轮换按压。",
                "Chest compressions at once, 100 to 120 a minute, 5 to 6 cm deep; one person fetches the "
                "nearest AED and uses it as it says; take turns.",
            ),
            partner_kinds=(PartnerKind.COMMUNITY, PartnerKind.VOLUNTEERS, PartnerKind.HOSPITAL),
            objective="aed",
            waits_for=WaitsFor(kind=WaitKind.ON_SCENE),
        ),
        TemplateInject(
            number=5,
            after_s=120,
            kind=InjectKind.MESSAGE,
            text=TemplateText(
                "患者恢复呼吸，准备转运",
                "The patient breathes again and is to be taken to hospital",
            ),
            expected=TemplateText(
                "预先通知医院卒中绿色通道：最后正常时间、症状、用药；送往有溶栓能力的医院；"
                "除颤电极片不取下。",
                "Tell the stroke unit ahead: last well time, signs, medicines; go to a hospital that can "
                "give thrombolysis; leave the AED's pads on.",
            ),
            partner_kinds=(PartnerKind.HOSPITAL,),
            waits_for=WaitsFor(kind=WaitKind.INJECT, inject=4),
        ),
    ),
)
