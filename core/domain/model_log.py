"""Requests to language models as they are kept: what for, what of them lies open, what is asked."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.audit import about
from core.domain.canonical import content_hash
from core.domain.identity import IdentityKind
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    DocumentHash,
    ModelRunId,
    RequisitionId,
    TenantId,
)
from core.domain.model_costs import Tokens
from core.domain.model_runs import ModelCall, Outcome, PromptRef
from core.domain.policy import Capability

_NOBODY, _NO_JOB = ApplicationId(""), RequisitionId("")
_PLACEHOLDER = re.compile(r"\[([A-Z_]+)_\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSubject:
    """What a model is asked for: ids, versions and hashes only.

    ``assessor`` is the version that asks; ``input`` names document and criteria together.
    ``application_id`` and ``requisition_id`` are empty where instructions are checked: what is
    sent then are golden cases, nobody's own.
    """

    tenant: TenantId
    assessor: str
    input: ContentHash
    application_id: ApplicationId = _NOBODY
    requisition_id: RequisitionId = _NO_JOB
    capability: Capability = Capability.SCREENING

    def about(self, prompt: PromptRef) -> str:
        """Name what a fact is about: an application, or the instructions that were checked."""
        return about(self.application_id) if self.application_id else f"prompt:{prompt.name}"


def input_hash(document: DocumentHash, criteria: ContentHash) -> ContentHash:
    """Name what a model judged: a document and the criteria it was held against."""
    return content_hash((document, criteria))


@dataclass(frozen=True, slots=True)
class ModelRun:
    """One request to a model, with what it was for."""

    id: ModelRunId
    subject: RunSubject
    call: ModelCall


def sent_hash(sent: bytes) -> ContentHash:
    """SHA-256 of a request's body, lower-case hex."""
    return ContentHash(hashlib.sha256(sent).hexdigest())


class BodyState(StrEnum):
    """Whether the texts of a run can still be read."""

    KEPT = "kept"
    EXPIRED = "expired"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """What lies open of a run; a higher ``position`` was asked later.

    ``tokens`` are what it used, estimated where ``counted`` is False: the service did not say.
    """

    position: int
    id: ModelRunId
    subject: RunSubject
    prompt: PromptRef
    model: str
    host: str
    parameters: Mapping[str, str | int | float]
    outcome: Outcome
    asked_at: datetime
    seconds: float
    tokens: Tokens
    counted: bool
    sent_bytes: int
    received_bytes: int
    sent_hash: ContentHash
    body: BodyState


@dataclass(frozen=True, slots=True)
class RunBody:
    """The texts of a run: the request byte for byte and the reply as far as it came."""

    sent: bytes
    received: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs to show; empty means any."""

    requisition: str = ""
    application: str = ""
    model: str = ""
    outcome: Outcome | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunTotals:
    """Sums over runs."""

    runs: int
    tokens: Tokens
    sent_bytes: int


def replaced(text: str) -> Mapping[IdentityKind, int]:
    """Count the different placeholders in ``text`` by the class of identity they stand for."""
    kinds = {kind.name: kind for kind in IdentityKind}
    found = {match[0]: match[1] for match in _PLACEHOLDER.finditer(text)}
    counts: dict[IdentityKind, int] = {}
    for name in found.values():
        if kind := kinds.get(name):
            counts[kind] = counts.get(kind, 0) + 1
    return counts
