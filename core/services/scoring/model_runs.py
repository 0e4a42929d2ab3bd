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
from core.domain.model_costs import TokenLimits, used
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

    A request is kept before it leaves, so that what left is known even where the process dies
    before the answer; until then it counts with the most that its answer may have. Limits are
    held against what the database knows of, so they bind all processes together; requests
    admitted in the same moment may pass one by what these use, all but one of them.
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

    def begin(self, run: ModelRun) -> None:
        """Keep a request that is about to leave, and the fact, in one commit of its own.

        Raises ``ModelWithheld`` where its tokens would be too many, or scoring is stopped.
        """
        call, subject = run.call, run.subject
        with self.unit_of_work() as uow:
            tokens = used(call).total
            why = _stop(uow, subject) or self._spent(uow, subject.requisition_id, tokens)
            if why:
                raise ModelWithheld(why)
            uow.model_runs.put(run)
            self._record(
                uow, run, "model.asked", prompt=call.prompt.name,
                prompt_version=call.prompt.version, model=call.model, host=call.host,
                input=subject.input, sent=sent_hash(call.sent),
            )  # fmt: skip
            uow.commit()

    def end(self, run: ModelRun) -> None:
        """Keep what became of a request, and the fact, in one commit of its own."""
        call = run.call
        with self.unit_of_work() as uow:
            uow.model_runs.settle(run)
            self._record(
                uow, run, "model.ended", outcome=call.outcome.value,
                tokens_in=call.tokens_in, tokens_out=call.tokens_out,
            )  # fmt: skip
            uow.commit()

    def _record(
        self, uow: UnitOfWork, run: ModelRun, action: str, **data: str | int | None
    ) -> None:
        asker = model_actor(run.subject.assessor, run.subject.tenant)
        about = run.subject.about(run.call.prompt)
        uow.audit.append(fact_by(asker, self.clock.now(), action, about, run=run.id, **data))

    def _spent(self, uow: UnitOfWork, id: RequisitionId, tokens: int) -> str:
        daily, for_job = self.limits.per_day, self.limits.per_requisition
        today = RunFilter(since=_midnight(self.clock.now()))
        if daily and uow.model_runs.totals(today).tokens.total + tokens > daily:
            return f"Today's limit of {daily:,} tokens for language models is used up."
        job = RunFilter(requisition=id)
        if id and for_job and uow.model_runs.totals(job).tokens.total + tokens > for_job:
            return f"The limit of {for_job:,} tokens for language models on this job is used up."
        return ""


@dataclass(slots=True)
class _Watched:
    """Implements ``Watch`` for one document's assessment, whose requests come one by one."""

    recorder: Recorder
    subject: RunSubject
    stopping: Callable[[], bool]
    identities: Sequence[KnownIdentity]
    _under_way: ModelRunId = ModelRunId("")  # noqa: RUF009 - a string

    def admit(self, call: ModelCall) -> None:
        try:
            # The document's text cannot hold one; criteria and instructions are people's words.
            check_outgoing(_MODEL.sub("", call.sent.decode()), self.identities)
        except LeakDetected:
            raise ModelWithheld(_PERSONAL) from None
        self._under_way = ModelRunId(self.recorder.ids.new())
        self.recorder.begin(ModelRun(self._under_way, self.subject, call))

    def called(self, call: ModelCall) -> None:
        self.recorder.end(ModelRun(self._under_way, self.subject, call))


def _stop(uow: UnitOfWork, subject: RunSubject) -> str:
    requisition = uow.requisitions.get(subject.requisition_id)
    return stop_words(uow, subject.capability, requisition) if requisition else ""


def _midnight(now: datetime) -> datetime:
    """When this day began, UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
