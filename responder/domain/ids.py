"""Identifiers. Distinct types, so that a unit's id is never handed over as an incident's."""

from typing import NewType
from uuid import UUID

CircleId = NewType("CircleId", UUID)
PartnerId = NewType("PartnerId", UUID)
UnitId = NewType("UnitId", UUID)
ResponderId = NewType("ResponderId", UUID)
AccountId = NewType("AccountId", UUID)
BuildingId = NewType("BuildingId", UUID)
HazardId = NewType("HazardId", UUID)
FacilityId = NewType("FacilityId", UUID)
GateId = NewType("GateId", UUID)
ClosureId = NewType("ClosureId", UUID)
IncidentId = NewType("IncidentId", UUID)
AlertId = NewType("AlertId", UUID)
ImportId = NewType("ImportId", UUID)
ProposalId = NewType("ProposalId", UUID)
DrillId = NewType("DrillId", UUID)
ObservationId = NewType("ObservationId", UUID)
PhotoId = NewType("PhotoId", UUID)
FindingId = NewType("FindingId", UUID)
FeedbackId = NewType("FeedbackId", UUID)
HazardStepId = NewType("HazardStepId", UUID)
RollCallMarkId = NewType("RollCallMarkId", UUID)
HouseholdId = NewType("HouseholdId", UUID)
ReportId = NewType("ReportId", UUID)
InspectionId = NewType("InspectionId", UUID)
