"""Requests to a language model, made up for tests."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.domain.ids import (
    ApplicationId,
    ContentHash,
    DocumentHash,
    ModelRunId,
    RequisitionId,
    TenantId,
)
from core.domain.model_log import ModelRun, RunSubject, input_hash
from core.domain.model_runs import ModelCall, Outcome, PromptRef
from tests.store_bench import NOON, CountedIds

SCREENING = PromptRef("screening", "1")
SENT = (
    b'{"model":"model-x","messages":[{"role":"system","content":"Judge the resume."},'
    b'{"role":"user","content":"[NAME_1] drove a forklift. [EMAIL_1] [EMAIL_2]"}]}'
)
RECEIVED = '{"choices":[{"message":{"content":"{}"}}]}'
_ids = CountedIds()


def call(**more: Any) -> ModelCall:
    """A request of 150 bytes and its answer; the service counted 90 tokens and 10."""
    made = ModelCall(
        prompt=SCREENING,
        model="model-x",
        host="model.example",
        parameters={"temperature": 0},
        asked_at=NOON,
        seconds=1.5,
        sent=SENT,
        received=RECEIVED,
        outcome=Outcome.ANSWERED,
        tokens_in=90,
        tokens_out=10,
    )
    return replace(made, **more)


def leaving(sent: bytes = SENT, most: int = 10) -> ModelCall:
    """A request that is about to leave; its answer may have ``most`` tokens."""
    return call(
        sent=sent, received="", seconds=0.0, outcome=Outcome.UNDER_WAY, tokens_in=None,
        tokens_out=most,
    )  # fmt: skip


def subject(tenant: TenantId, application: str = "7001", requisition: str = "101") -> RunSubject:
    return RunSubject(
        tenant=tenant,
        application_id=ApplicationId(application),
        requisition_id=RequisitionId(requisition),
        assessor="model-1 prompt-1 model-x@model.example",
        input=input_hash(DocumentHash("d0c"), ContentHash("c0c")),
    )


def run(of: RunSubject, asked_at: datetime = NOON, **more: Any) -> ModelRun:
    return ModelRun(ModelRunId(_ids.new()), of, call(asked_at=asked_at, **more))


def day(number: int) -> datetime:
    return NOON + timedelta(days=number)
