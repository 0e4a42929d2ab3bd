"""Identifiers, one type each, so that one cannot be passed for another."""

from typing import NewType

TenantId = NewType("TenantId", str)
"""The numeric iCIMS customer id, as text."""
RequisitionId = NewType("RequisitionId", str)
"""iCIMS job id, as text."""
PersonId = NewType("PersonId", str)
"""iCIMS person id, as text."""
ApplicationId = NewType("ApplicationId", str)
"""iCIMS applicant workflow id, as text: one person on one job."""
UserId = NewType("UserId", str)
SessionId = NewType("SessionId", str)
DocumentHash = NewType("DocumentHash", str)
"""SHA-256 of a file's bytes, lower-case hex."""
ContentHash = NewType("ContentHash", str)
"""SHA-256 of a record's canonical JSON, lower-case hex."""
CriterionId = NewType("CriterionId", str)
AssessmentId = NewType("AssessmentId", str)
ProposalId = NewType("ProposalId", str)
ApprovalId = NewType("ApprovalId", str)
OutboxId = NewType("OutboxId", str)
JobId = NewType("JobId", str)
EventId = NewType("EventId", str)
OverrideId = NewType("OverrideId", str)
StopId = NewType("StopId", str)
SavedViewId = NewType("SavedViewId", str)
PromotionId = NewType("PromotionId", str)
EvaluationId = NewType("EvaluationId", str)
TrialId = NewType("TrialId", str)
ModelRunId = NewType("ModelRunId", str)
