"""The words of a printed pact, Chinese and English."""

from typing import Final

from responder.domain.registers.pact.pact import DutyKind, PactState, Period

WORDS: Final[dict[str, tuple[str, str]]] = {
    "version": ("第 {n} 版", "Version {n}"),
    "illustrative": ("示例数据，并非真实的协议与签署", "Invented data: no real pact, and no real signatures"),
    "parties": ("签署单位", "Parties"),
    "party": ("单位", "Party"),
    "office": ("签署人职务", "Office of the signatory"),
    "validity": ("有效期", "Validity"),
    "from_to": ("自 {first} 起至 {last} 止。", "From {first} to {last}, both days included."),
    "renewal": ("期满前 60 日提醒续签。", "Its renewal is asked for 60 days before it ends."),
    "duties": ("职责", "Duties"),
    "duty": ("内容", "What"),
    "owner": ("负责单位", "Owner"),
    "everyone": ("各方共同", "All parties"),
    "often": ("频次", "How often"),
    "when_needed": ("随时", "Whenever needed"),
    "none": ("无", "None"),
    "calls_first": (
        "本协议不替代 119、120、110：发生险情，先拨报警电话，再呼叫响应圈。",
        "This pact does not replace 119, 120 and 110: in an emergency call these first, then the circle.",
    ),
    "signatures": ("签署", "Signatures"),
    "signed_by": ("签署人", "Signed by"),
    "signed_at": ("签署时间", "Signed at"),
    "signed_hash": ("所签文件校验值", "Hash of what was signed"),
    "unsigned": ("（待签署）", "(not signed yet)"),
    "signature_note": (
        "签署人以本人账号登录后在系统内签署；签署的是下列校验值所对应的文件，文件改动则签署作废。",
        "Signed in the system, by each with an account of their own; a changed document voids signatures.",
    ),
    "annex": ("附件：共享设施清单", "Annex: shared facilities"),
    "annex_signed": (
        "签署时由设施登记册生成，共 {n} 处。",
        "Taken from the register when it was signed: {n} in all.",
    ),
    "annex_draft": (
        "目前登记册中的设施，共 {n} 处；首个单位签署时定稿。",
        "As the register stands now: {n} in all. It is fixed with the first signature.",
    ),
    "number": ("号", "No."),
    "kind": ("类别", "Kind"),
    "name": ("名称", "Name"),
    "note": ("说明", "Note"),
    "hash": ("文件校验值（SHA-256）", "Hash of the document (SHA-256)"),
    "printed": ("打印时间", "Printed"),
}
STATES: Final[dict[PactState, tuple[str, str]]] = {
    PactState.DRAFT: ("草案，未生效", "Draft, not in force"),
    PactState.SIGNED: ("各方已签署", "Signed by all parties"),
    PactState.SUPERSEDED: ("已由新版取代", "Superseded by a later version"),
}
DUTY_KINDS: Final[dict[DutyKind, tuple[str, str]]] = {
    DutyKind.PUBLICITY: ("消防宣传", "Fire-safety publicity"),
    DutyKind.DRILLS: ("联合演练", "Joint drills"),
    DutyKind.FACILITIES: ("设施共享", "Shared facilities"),
    DutyKind.RESCUE: ("应急救援", "Emergency rescue"),
}
PERIODS: Final[dict[Period, tuple[str, str]]] = {
    Period.YEAR: ("每年 {n} 次", "{n}× a year"),
    Period.QUARTER: ("每季度 {n} 次", "{n}× a quarter"),
    Period.MONTH: ("每月 {n} 次", "{n}× a month"),
}
FACILITY_KINDS: Final[dict[str, tuple[str, str]]] = {
    "hydrant": ("消火栓", "Hydrant"),
    "extinguisher": ("灭火器", "Extinguisher"),
    "aed": ("自动体外除颤器", "AED"),
    "hose_box": ("水带箱", "Hose box"),
    "assembly_point": ("集合点", "Assembly point"),
    "gate": ("闸口", "Gate"),
    "key": ("钥匙", "Key"),
    "first_aid": ("急救箱", "First-aid box"),
    "power_cutoff": ("电源总闸", "Power cut-off"),
    "gas_valve": ("燃气阀门", "Gas valve"),
}
