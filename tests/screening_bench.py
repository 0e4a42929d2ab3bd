"""Builders for postings, resumes and models that answer from memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from core.assist.screening import draft, requisition_from_text
from core.domain.assessment import AssessmentRequest
from core.domain.criteria import Criteria, Criterion, CriterionKind, Importance
from core.domain.document import Month, ResumeFacts
from core.domain.identity import PseudonymisedText
from core.domain.ids import CriterionId, RequisitionId, TenantId, UserId
from core.domain.model_runs import Completion
from core.errors import ModelUnavailable

NOW = datetime(2026, 7, 15, 9, 0, tzinfo=UTC)
AUTHOR = UserId("u1")

POSTING = """Assistant Store Manager
About the job
We run forty shops in the region.
What you will do:
- Open and close the shop and count the tills
- Train and schedule a team of ten sales assistants
Requirements:
- 3+ years of retail experience
- Experience with Excel and inventory
- High school diploma or GED, ideally a Bachelor's degree
- Spanish (conversational) is a plus
- Available on weekends
- OSHA 10 certified
Benefits: health insurance"""

RESUME = """[NAME_1]
[EMAIL_1] [PHONE_1]
Experience
Shift Lead, [ORG_1] March 2019 - present
Opened and closed the shop, counted the tills and trained new sales assistants.
Kept the inventory in Excel.
Education
High school diploma
Languages: English (fluent), Spanish (conversational)
"""


@dataclass
class WordVectors:
    """An embedder in memory: one direction per letter, so equal words are close."""

    version: str = "letters"
    calls: int = 0

    def embed(self, passages: Sequence[str]) -> list[list[float]]:
        self.calls += 1
        return [_letters(p) for p in passages]


@dataclass
class ScriptedModel:
    """A language model that gives prepared replies, or fails when it runs out of them."""

    replies: list[dict[str, Any]] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)
    version: str = "scripted"

    def complete(self, completion: Completion) -> str:
        self.systems.append(completion.system)
        if not self.replies:
            raise ModelUnavailable("no reply")
        return json.dumps(self.replies.pop(0))


def _letters(text: str) -> list[float]:
    counts = [float(text.lower().count(chr(97 + i))) for i in range(26)]
    length = sum(c * c for c in counts) ** 0.5 or 1.0
    return [round(c / length, 4) for c in counts]


def criterion(kind: CriterionKind, label: str = "Asked", **more: Any) -> Criterion:
    given = {"id": CriterionId("c1"), "importance": Importance.REQUIRED, "weight": 2.0, **more}
    return Criterion(kind=kind, label=label, **given)


def frozen(*criteria: Criterion) -> Criteria:
    return replace(drafted(), criteria=criteria).freeze(AUTHOR, NOW)


def drafted(posting: str = POSTING) -> Criteria:
    job = requisition_from_text(posting, id=RequisitionId("7"), tenant=TenantId("1"))
    return draft(job, now=NOW, author=AUTHOR)


def request_for(
    *criteria: Criterion,
    resume: str = RESUME,
    facts: ResumeFacts | None = None,
    as_of: Month | None = None,
) -> AssessmentRequest:
    return AssessmentRequest(
        text=PseudonymisedText(resume, (), ()),
        criteria=frozen(*criteria) if criteria else drafted().freeze(AUTHOR, NOW),
        facts=facts or ResumeFacts(),
        as_of=as_of,
    )
