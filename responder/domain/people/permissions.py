"""
What each endpoint and each message of the live protocol requires: the other half of the table in `access.py`.

Checks, the OpenAPI document, docs/api.md and the tests of each endpoint in each role follow from it. An
endpoint without a row refuses every request and fails the tests.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from responder.domain.people.access import Action


class Access(StrEnum):
    """Requirement of an endpoint that belongs to no circle."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed_in"
    ADMINISTRATOR = "administrator"
    """Of the platform."""


Requirement = Access | tuple[Action, ...]
"""With several rights, any of them is enough to enter; the service decides which one it needs."""

_VIEW: Final = (Action.VIEW,)
_RAISE: Final = (Action.RAISE_ALERT, Action.RAISE_EXERCISE)
_DIRECT: Final = (Action.DIRECT_INCIDENT, Action.DIRECT_EXERCISE)
_MANAGE_PEOPLE: Final = (Action.MANAGE_PEOPLE,)
_MANAGE_CHANNELS: Final = (Action.MANAGE_CHANNELS,)
_PLAN_DRILL: Final = (Action.PLAN_DRILL,)
_SEE_DRILL_PLAN: Final = (Action.SEE_DRILL_PLAN,)
_RUN_DRILL: Final = (Action.RUN_DRILL,)
_OBSERVE_DRILL: Final = (Action.OBSERVE_DRILL,)
_SEE_FINDINGS: Final = (Action.SEE_FINDINGS,)
_FOLLOW_HAZARD: Final = (Action.MANAGE_HAZARDS, Action.MEND_HAZARD)
_MANAGE_HOUSEHOLDS: Final = (Action.MANAGE_HOUSEHOLDS,)
_MANAGE_REPORTS: Final = (Action.MANAGE_REPORTS,)
_INSPECT: Final = (Action.INSPECT_FACILITIES,)
_EDIT_PACT: Final = (Action.EDIT_PACT,)
_RECORD_DUTY: Final = (Action.RECORD_DUTY,)
_EDIT_ROSTER: Final = (Action.EDIT_ROSTER,)
_READ_AUDIT: Final = (Action.READ_AUDIT,)

ENDPOINTS: Final[Mapping[str, Requirement]] = {
    "GET /healthz": Access.ANYBODY,
    "GET /readyz": Access.ANYBODY,
    "GET /config": Access.ANYBODY,
    # Without a session the answer holds no more than the row above.
    "POST /start": Access.ANYBODY,
    "POST /session": Access.ANYBODY,
    "GET /session": Access.SIGNED_IN,
    "DELETE /session": Access.SIGNED_IN,
    "GET /sessions": Access.SIGNED_IN,
    "DELETE /sessions": Access.SIGNED_IN,
    "DELETE /sessions/{session_id}": Access.SIGNED_IN,
    "POST /account/password": Access.SIGNED_IN,
    "POST /live-tickets": Access.SIGNED_IN,
    # The token of an invitation is what is asked for.
    "POST /invitations/preview": Access.ANYBODY,
    "POST /invitations/accept": Access.ANYBODY,
    # So is the token of a link in a message, and the one by which a service reports.
    "GET /answers/{token}": Access.ANYBODY,
    "POST /answers/{token}/{answer}": Access.ANYBODY,
    "POST /channel-replies/{token}": Access.ANYBODY,
    # And that of the link by which participants say something of a drill.
    "GET /feedback/{token}": Access.ANYBODY,
    "POST /feedback/{token}": Access.ANYBODY,
    # And that of the link by which residents report; what became of a report is asked for with its code.
    "GET /reports/{token}": Access.ANYBODY,
    "POST /reports/{token}": Access.ANYBODY,
    "GET /reports/{token}/echo": Access.ANYBODY,
    "GET /reports/{token}/photos/{report_id}": Access.ANYBODY,
    "GET /report-status": Access.ANYBODY,
    "GET /administration/circles": Access.ADMINISTRATOR,
    "GET /circles": Access.SIGNED_IN,
    "POST /circles": Access.ADMINISTRATOR,
    "GET /circles/{circle_id}": _VIEW,
    "GET /circles/{circle_id}/snapshot": _VIEW,
    "GET /circles/{circle_id}/buildings": _VIEW,
    "GET /circles/{circle_id}/hazards": _VIEW,
    "GET /circles/{circle_id}/facilities": _VIEW,
    "GET /circles/{circle_id}/gates": _VIEW,
    "GET /circles/{circle_id}/nearest": _VIEW,
    "GET /circles/{circle_id}/facilities/coverage": _VIEW,
    "GET /circles/{circle_id}/facilities/labels.html": _INSPECT,
    "GET /circles/{circle_id}/facilities/labels.pdf": _INSPECT,
    "PUT /circles/{circle_id}/facilities/{facility_id}/inspections/{inspection_id}": _INSPECT,
    "GET /circles/{circle_id}/inspections": _INSPECT,
    "PUT /circles/{circle_id}/inspections/{inspection_id}/photo": _INSPECT,
    "GET /circles/{circle_id}/inspections/{inspection_id}/photo": _INSPECT,
    "GET /circles/{circle_id}/units": _VIEW,
    "GET /circles/{circle_id}/tiles/{z}/{x}/{y}": _VIEW,
    "GET /circles/{circle_id}/alley-sheet.pdf": _VIEW,
    "GET /circles/{circle_id}/reach": _VIEW,
    "GET /circles/{circle_id}/isochrones": _VIEW,
    "GET /circles/{circle_id}/criticality": _VIEW,
    "POST /circles/{circle_id}/criticality": _VIEW,
    "GET /circles/{circle_id}/closures/{closure_id}/cost": _VIEW,
    "GET /circles/{circle_id}/hazards/{hazard_id}/cost": _VIEW,
    "GET /circles/{circle_id}/profiles": _VIEW,
    "PUT /circles/{circle_id}/profiles": (Action.EDIT_MAP,),
    "POST /circles/{circle_id}/{noun}/import": (Action.EDIT_MAP,),
    "POST /circles/{circle_id}/{noun}/import/preview": (Action.EDIT_MAP,),
    "POST /circles/{circle_id}/{noun}/remove": (Action.EDIT_MAP,),
    "GET /circles/{circle_id}/{noun}/features/{feature_id}": (Action.EDIT_MAP,),
    "POST /circles/{circle_id}/{noun}/features": (Action.EDIT_MAP,),
    "PUT /circles/{circle_id}/{noun}/features/{feature_id}": (Action.EDIT_MAP,),
    "GET /circles/{circle_id}/imports": (Action.EDIT_MAP,),
    "DELETE /circles/{circle_id}/imports/{import_id}": (Action.EDIT_MAP,),
    "PATCH /circles/{circle_id}/units/{unit_id}": (Action.SET_DUTY,),
    "PUT /circles/{circle_id}/units/{unit_id}/position": (Action.REPORT_POSITION,),
    "GET /circles/{circle_id}/closures": _VIEW,
    "POST /circles/{circle_id}/closures": (Action.SET_CLOSURE,),
    "POST /circles/{circle_id}/closures/preview": (Action.SET_CLOSURE,),
    "DELETE /circles/{circle_id}/closures/{closure_id}": (Action.SET_CLOSURE,),
    "GET /circles/{circle_id}/alert-catalogue": _VIEW,
    "PUT /circles/{circle_id}/alert-catalogue": (Action.CONFIGURE_ALERTS,),
    "GET /circles/{circle_id}/incidents": _VIEW,
    "POST /circles/{circle_id}/incidents": _RAISE,
    "GET /circles/{circle_id}/incidents/{incident_id}": _VIEW,
    "POST /circles/{circle_id}/incidents/{incident_id}/end": (Action.END_INCIDENT, Action.END_EXERCISE),
    "POST /circles/{circle_id}/incidents/{incident_id}/undo": (Action.END_INCIDENT, Action.END_EXERCISE),
    "PUT /circles/{circle_id}/incidents/{incident_id}/stage": _DIRECT,
    "PUT /circles/{circle_id}/incidents/{incident_id}/severity": _DIRECT,
    "PUT /circles/{circle_id}/incidents/{incident_id}/place": _DIRECT,
    "POST /circles/{circle_id}/incidents/{incident_id}/updates": _DIRECT,
    "POST /circles/{circle_id}/incidents/{incident_id}/merge": _DIRECT,
    "PUT /circles/{circle_id}/incidents/{incident_id}/roll-call": _DIRECT,
    "PUT /circles/{circle_id}/incidents/{incident_id}/roll-call/marks": (Action.ANSWER_ALERT,),
    "GET /circles/{circle_id}/incidents/{incident_id}/roll-call/marks": _DIRECT,
    "GET /circles/{circle_id}/alerts.atom": _VIEW,
    "GET /circles/{circle_id}/alerts/{alert_id}.cap": _VIEW,
    "GET /circles/{circle_id}/proposals": _RAISE,
    "POST /circles/{circle_id}/proposals": _RAISE,
    "GET /circles/{circle_id}/proposals/{proposal_id}": _RAISE,
    "POST /circles/{circle_id}/proposals/{proposal_id}/confirm": _RAISE,
    "POST /circles/{circle_id}/proposals/{proposal_id}/dismiss": _RAISE,
    "GET /circles/{circle_id}/incidents/{incident_id}/call-list": _RAISE,
    "POST /circles/{circle_id}/incidents/{incident_id}/ladder/take": _RAISE,
    "POST /circles/{circle_id}/incidents/{incident_id}/ladder/stop": _RAISE,
    "GET /circles/{circle_id}/drills": _VIEW,
    "POST /circles/{circle_id}/drills": _PLAN_DRILL,
    "GET /circles/{circle_id}/drill-templates": _PLAN_DRILL,
    "GET /circles/{circle_id}/drills/{drill_id}": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/drills/{drill_id}/planned-reach": _SEE_DRILL_PLAN,
    "PUT /circles/{circle_id}/drills/{drill_id}": _PLAN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/call-off": _PLAN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/rehearsal": _PLAN_DRILL,
    "GET /circles/{circle_id}/drills/{drill_id}/run": _SEE_DRILL_PLAN,
    "POST /circles/{circle_id}/drills/{drill_id}/start": _RUN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/pause": _RUN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/resume": _RUN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/end": _RUN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/injects/{number}/clear": _OBSERVE_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/injects/{number}/{deed}": _RUN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/roll-call": _OBSERVE_DRILL,
    "GET /circles/{circle_id}/drills/{drill_id}/observations": _OBSERVE_DRILL,
    "PUT /circles/{circle_id}/drills/{drill_id}/observations/{observation_id}": _OBSERVE_DRILL,
    "PUT /circles/{circle_id}/drills/{drill_id}/observations/{observation_id}/photo": _OBSERVE_DRILL,
    "GET /circles/{circle_id}/drills/{drill_id}/observations/{observation_id}/photo": _OBSERVE_DRILL,
    "PUT /circles/{circle_id}/drills/{drill_id}/photos/{photo_id}": _PLAN_DRILL,
    "GET /circles/{circle_id}/drills/{drill_id}/photos/{photo_id}": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/alerts/{alert_id}/photo": _VIEW,
    "GET /circles/{circle_id}/drills/{drill_id}/replay": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/drills/{drill_id}/score": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/drills/{drill_id}/report.html": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/drills/{drill_id}/report.pdf": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/drills/{drill_id}/evaluation-sheet.html": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/drills/{drill_id}/evaluation-sheet.pdf": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/drills/{drill_id}/feedback": _SEE_DRILL_PLAN,
    "DELETE /circles/{circle_id}/drills/{drill_id}/feedback/{feedback_id}/text": _PLAN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/feedback-link": _PLAN_DRILL,
    "DELETE /circles/{circle_id}/drills/{drill_id}/feedback-link": _PLAN_DRILL,
    "GET /circles/{circle_id}/drills/{drill_id}/feedback-link.svg": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/findings": _SEE_FINDINGS,
    "POST /circles/{circle_id}/findings": _PLAN_DRILL,
    "PUT /circles/{circle_id}/findings/{finding_id}": _PLAN_DRILL,
    "POST /circles/{circle_id}/findings/{finding_id}/close": _PLAN_DRILL,
    "GET /circles/{circle_id}/hazard-follow-up": _VIEW,
    "PUT /circles/{circle_id}/hazard-rules": (Action.MANAGE_HAZARDS,),
    "GET /circles/{circle_id}/hazards/{hazard_id}/life": _VIEW,
    "PUT /circles/{circle_id}/hazards/{hazard_id}/steps/{step_id}": _FOLLOW_HAZARD,
    "PUT /circles/{circle_id}/hazards/{hazard_id}/lane": (Action.SET_CLOSURE,),
    "PUT /circles/{circle_id}/hazards/{hazard_id}/photos/{photo_id}": _FOLLOW_HAZARD,
    "GET /circles/{circle_id}/hazards/{hazard_id}/photos/{photo_id}": _VIEW,
    "GET /circles/{circle_id}/drill-programme": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/drills/{drill_id}/replay.html": _SEE_DRILL_PLAN,
    "GET /circles/{circle_id}/calibration": _SEE_DRILL_PLAN,
    "POST /circles/{circle_id}/calibration": (Action.EDIT_MAP,),
    "GET /circles/{circle_id}/drills/{drill_id}/calendar.ics": _VIEW,
    "GET /circles/{circle_id}/drills/{drill_id}/injects.xlsx": _SEE_DRILL_PLAN,
    "POST /circles/{circle_id}/drills/{drill_id}/injects/import": _PLAN_DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/injects/import/preview": _PLAN_DRILL,
    "GET /circles/{circle_id}/ladders": (Action.SEE_LADDER,),
    "PUT /circles/{circle_id}/ladders": (Action.EDIT_LADDERS,),
    "GET /circles/{circle_id}/neighbours": (Action.EDIT_LADDERS,),
    "PUT /circles/{circle_id}/neighbours/{neighbour_id}": (Action.EDIT_LADDERS,),
    "DELETE /circles/{circle_id}/neighbours/{neighbour_id}": (Action.EDIT_LADDERS,),
    "POST /circles/{circle_id}/alerts/{alert_id}/receipts": (Action.ANSWER_ALERT,),
    "GET /circles/{circle_id}/incidents/{incident_id}/messages": _VIEW,
    "GET /circles/{circle_id}/channels": _VIEW,
    "POST /circles/{circle_id}/channels": _MANAGE_CHANNELS,
    "PUT /circles/{circle_id}/channels/policy": _MANAGE_CHANNELS,
    "GET /circles/{circle_id}/channels/fields": _VIEW,
    "GET /circles/{circle_id}/channels/report": _MANAGE_CHANNELS,
    "POST /circles/{circle_id}/channels/test": _MANAGE_CHANNELS,
    "PATCH /circles/{circle_id}/channels/{service_id}": _MANAGE_CHANNELS,
    "DELETE /circles/{circle_id}/channels/{service_id}": _MANAGE_CHANNELS,
    "POST /circles/{circle_id}/channels/{service_id}/reply-token": _MANAGE_CHANNELS,
    "GET /circles/{circle_id}/my-channels": (Action.ANSWER_ALERT,),
    "POST /circles/{circle_id}/my-channels": (Action.ANSWER_ALERT,),
    "PUT /circles/{circle_id}/my-channels/order": (Action.ANSWER_ALERT,),
    "PUT /circles/{circle_id}/my-channels/quiet-hours": (Action.ANSWER_ALERT,),
    "PUT /circles/{circle_id}/my-channels/language": (Action.ANSWER_ALERT,),
    "DELETE /circles/{circle_id}/my-channels/{contact_id}": (Action.ANSWER_ALERT,),
    "POST /circles/{circle_id}/my-channels/{contact_id}/code": (Action.ANSWER_ALERT,),
    "POST /circles/{circle_id}/my-channels/{contact_id}/verification": (Action.ANSWER_ALERT,),
    "POST /circles/{circle_id}/my-channels/{contact_id}/test": (Action.ANSWER_ALERT,),
    "GET /circles/{circle_id}/pacts": _VIEW,
    "POST /circles/{circle_id}/pacts": _EDIT_PACT,
    "GET /circles/{circle_id}/pacts/{pact_id}": _VIEW,
    "PUT /circles/{circle_id}/pacts/{pact_id}": _EDIT_PACT,
    "POST /circles/{circle_id}/pacts/{pact_id}/signature": (Action.SIGN_PACT,),
    "GET /circles/{circle_id}/pacts/{pact_id}/document.pdf": _VIEW,
    "GET /circles/{circle_id}/duty-score": _VIEW,
    "POST /circles/{circle_id}/duty-records": _RECORD_DUTY,
    "DELETE /circles/{circle_id}/duty-records/{record_id}": _RECORD_DUTY,
    "GET /circles/{circle_id}/roster": _VIEW,
    "POST /circles/{circle_id}/roster/shifts": _EDIT_ROSTER,
    "PUT /circles/{circle_id}/roster/shifts/{shift_id}": _EDIT_ROSTER,
    "DELETE /circles/{circle_id}/roster/shifts/{shift_id}": _EDIT_ROSTER,
    "POST /circles/{circle_id}/roster/shifts/{shift_id}/ask": (Action.SET_DUTY,),
    "POST /circles/{circle_id}/roster/shifts/{shift_id}/answer": (Action.SET_DUTY,),
    "POST /circles/{circle_id}/roster/patterns": _EDIT_ROSTER,
    "DELETE /circles/{circle_id}/roster/patterns/{pattern_id}": _EDIT_ROSTER,
    "GET /circles/{circle_id}/partners": (Action.VIEW, Action.MANAGE_PEOPLE),
    "GET /circles/{circle_id}/people": _MANAGE_PEOPLE,
    "PATCH /circles/{circle_id}/people/{account_id}": _MANAGE_PEOPLE,
    "DELETE /circles/{circle_id}/people/{account_id}": _MANAGE_PEOPLE,
    "GET /circles/{circle_id}/invitations": _MANAGE_PEOPLE,
    "POST /circles/{circle_id}/invitations": _MANAGE_PEOPLE,
    "DELETE /circles/{circle_id}/invitations/{invitation_id}": _MANAGE_PEOPLE,
    "GET /circles/{circle_id}/households": _MANAGE_HOUSEHOLDS,
    "POST /circles/{circle_id}/households/search": _MANAGE_HOUSEHOLDS,
    "PUT /circles/{circle_id}/households/retention": _MANAGE_HOUSEHOLDS,
    "GET /circles/{circle_id}/households/sheet.xlsx": _MANAGE_HOUSEHOLDS,
    "POST /circles/{circle_id}/households/sheet/import": _MANAGE_HOUSEHOLDS,
    "GET /circles/{circle_id}/buildings/{building_id}/households": _MANAGE_HOUSEHOLDS,
    "POST /circles/{circle_id}/buildings/{building_id}/households": _MANAGE_HOUSEHOLDS,
    "PUT /circles/{circle_id}/households/{household_id}": _MANAGE_HOUSEHOLDS,
    "DELETE /circles/{circle_id}/households/{household_id}": _MANAGE_HOUSEHOLDS,
    "POST /circles/{circle_id}/households/{household_id}/confirmation": _MANAGE_HOUSEHOLDS,
    "DELETE /circles/{circle_id}/households/{household_id}/consent": _MANAGE_HOUSEHOLDS,
    "GET /circles/{circle_id}/households/{household_id}/export": _MANAGE_HOUSEHOLDS,
    # The service asks beside the right whether the person comes to a real incident there.
    "GET /circles/{circle_id}/incidents/{incident_id}/households": (Action.ANSWER_ALERT,),
    "GET /circles/{circle_id}/report-link": _MANAGE_REPORTS,
    "POST /circles/{circle_id}/report-link": _MANAGE_REPORTS,
    "DELETE /circles/{circle_id}/report-link": _MANAGE_REPORTS,
    "GET /circles/{circle_id}/report-link.svg": _MANAGE_REPORTS,
    "GET /circles/{circle_id}/report-poster.html": _MANAGE_REPORTS,
    "GET /circles/{circle_id}/report-poster.pdf": _MANAGE_REPORTS,
    "GET /circles/{circle_id}/reports": _MANAGE_REPORTS,
    "GET /circles/{circle_id}/reports/{report_id}/photo": _MANAGE_REPORTS,
    "POST /circles/{circle_id}/reports/{report_id}/accept": _MANAGE_REPORTS,
    "POST /circles/{circle_id}/reports/{report_id}/dismiss": _MANAGE_REPORTS,
    "PUT /circles/{circle_id}/reports/{report_id}/shown": _MANAGE_REPORTS,
    "DELETE /circles/{circle_id}/reports/{report_id}/content": _MANAGE_REPORTS,
    "GET /circles/{circle_id}/audit": _READ_AUDIT,
    "GET /circles/{circle_id}/audit/verification": _READ_AUDIT,
}
"""By method and path, without the /api before it."""

MESSAGES: Final[Mapping[str, Requirement]] = {
    "ticket": Access.SIGNED_IN,
    "hello": _VIEW,
    "receipt": (Action.ANSWER_ALERT,),
    "report_position": (Action.REPORT_POSITION,),
}
"""By the `type` of what a client sends."""
