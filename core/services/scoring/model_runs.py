"""Every request to a language model is within its budget and recorded, whatever becomes of it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.actor import model_actor
from core.domain.audit import fact_by
from core.domain.criteria import Criteria
from core.domain.identity import KnownIdentity
from core.domain.ids import ApplicationId, DocumentHash, ModelRunId, RequisitionId
from core.domain.model_costs import TokenLimits, estimated_tokens
from core.domain.model_log import ModelRun, RunFilter, RunSubject, input_hash, sent_hash
from core.domain.model_runs import ModelCall, Watch
from core.errors import LeakDetected, ModelWithheld
from core.flow.pseudonymise import check_outgoing
from core.ports import Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.choices import stop_words

_PERSONAL = "A personal detail of this person stood in what was to be sent, so nothing was sent."

_MODEL = re.compile(r'"model": ?"[^"\\]*"')
"""Where a request names the model: else nobody called Claude could be judged by one.

Inside a text its quotes would be escaped.
"""


def subject_of(
    application: ApplicationId, document: DocumentHash, criteria: Criteria, assessor: str
) -> RunSubject:
    """Say what a model is asked for when ``application`` is scored under ``criteria``."""
    return RunSubject(
        tenant=criteria.tenant,
        application_id=application,
        requisition_id=criteria.requisition_id,
        assessor=assessor,
        input=input_hash(document, criteria.hash),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Makes the watch over one document's assessment.

    Limits are held against what the database knows of, so they bind all processes together.
    Nothing is reserved: requests that are under way at once do not see each other, and a limit
    may be passed by at most what these use, all but one of them.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    limits: TokenLimits

    def watch(
        self,
        subject: RunSubject,
        stopping: Callable[[], bool],
        identities: Sequence[KnownIdentity] = (),
    ) -> Watch:
        """Answer for what a model is asked for ``subject``, until ``stopping`` says to end.

        Nothing leaves that holds one of ``identities``, wherever in the request it stands.
        """
        return _Watched(self, subject, stopping, identities)

    def admit(self, subject: RunSubject, tokens: int) -> None:
        """Raise ``ModelWithheld`` where ``tokens`` more are too many, or scoring is stopped."""
        with self.unit_of_work() as uow:
            why = _stop(uow, subject) or self._spent(uow, subject.requisition_id, tokens)
        if why:
            raise ModelWithheld(why)

    def record(self, run: ModelRun) -> None:
        """Keep a request and the fact that it was made, in one commit of its own."""
        asker = model_actor(run.subject.assessor, run.subject.tenant)
        call = run.call
        with self.unit_of_work() as uow:
            uow.model_runs.put(run)
            uow.audit.append(
                fact_by(
                    asker, self.clock.now(), "model.asked", run.subject.about(call.prompt),
                    run=run.id, outcome=call.outcome.value, prompt=call.prompt.name,
                    prompt_version=call.prompt.version, model=call.model, host=call.host,
                    tokens_in=call.tokens_in, tokens_out=call.tokens_out,
                    input=run.subject.input, sent=sent_hash(call.sent),
                )
            )  # fmt: skip
            uow.commit()

    def _spent(self, uow: UnitOfWork, id: RequisitionId, tokens: int) -> str:
        daily, for_job = self.limits.per_day, self.limits.per_requisition
        today = RunFilter(since=_midnight(self.clock.now()))
        if daily and uow.model_runs.totals(today).tokens.total + tokens > daily:
            return f"Today's limit of {daily:,} tokens for language models is used up."
        job = RunFilter(requisition=id)
        if id and for_job and uow.model_runs.totals(job).tokens.total + tokens > for_job:
            return f"The limit of {for_job:,} tokens for language models on this job is used up."
        return ""


@dataclass(frozen=True, slots=True)
class _Watched:
    """Implements ``Watch`` for one document's assessment."""

    recorder: Recorder
    subject: RunSubject
    stopping: Callable[[], bool]
    identities: Sequence[KnownIdentity]

    def admit(self, sent: bytes, most_tokens_out: int) -> None:
        try:
            # The document's text cannot hold one; criteria and instructions are people's words.
            check_outgoing(_MODEL.sub("", sent.decode()), self.identities)
        except LeakDetected:
            raise ModelWithheld(_PERSONAL) from None
        self.recorder.admit(self.subject, estimated_tokens(len(sent)) + most_tokens_out)

    def called(self, call: ModelCall) -> None:
        id = ModelRunId(self.recorder.ids.new())
        self.recorder.record(ModelRun(id, self.subject, call))


def _stop(uow: UnitOfWork, subject: RunSubject) -> str:
    requisition = uow.requisitions.get(subject.requisition_id)
    return stop_words(uow, subject.capability, requisition) if requisition else ""


def _midnight(now: datetime) -> datetime:
    """When this day began, UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
