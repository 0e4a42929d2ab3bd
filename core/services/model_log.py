"""What left for language models and what came back, for those who may look; and what to expect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.ids import ApplicationId, ModelRunId, RequisitionId
from core.domain.model_costs import AskedModel, Expected, Price, expect, use_by_text
from core.domain.model_log import RunFilter, RunLine, replaced
from core.domain.policy import TenantPolicy
from core.domain.views import RunPage, RunRow, RunView
from core.errors import NotAllowed, Unknown
from core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit, admit_to_application, admit_to_requisition
from core.services.choices import sight
from core.services.model_bodies import laid_out, messages_of

EVERY = RunFilter()
_HIDDEN = "The answer would tell the score, which you may not see now."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLog:
    """Requests to language models. Whoever reads the texts of one is recorded.

    ``connected`` gives the model that is asked first, None without any. Costs are at ``price`` as
    it is now.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    connected: Callable[[], AskedModel | None]
    price: Price
    default: TenantPolicy

    def page(
        self,
        actor: Actor,
        wanted: RunFilter = EVERY,
        *,
        before: int | None = None,
        limit: int = 100,
    ) -> RunPage:
        """Show up to ``limit`` requests, newest first, from before position ``before``."""
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_MODEL_RUNS, self.clock.now())
            totals = uow.model_runs.totals(wanted)
            lines = uow.model_runs.newest(wanted, before=before, limit=limit)
            return RunPage(
                rows=self._rows(uow, lines),
                totals=totals,
                cost=self.price.of(totals.tokens),
                currency=self.price.currency,
                connected=self.connected(),
            )

    def models(self, actor: Actor) -> tuple[str, ...]:
        """Name every model that was ever asked."""
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_MODEL_RUNS, self.clock.now())
            return tuple(uow.model_runs.models())

    def opened(self, actor: Actor, id: ModelRunId) -> RunView:
        """Open the texts of any request, for a compliance reviewer."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.SEE_MODEL_RUNS, now)
            return self._open(uow, actor, _found(uow, id), now)

    def of(self, actor: Actor, id: ApplicationId) -> tuple[RunRow, ...]:
        """List an application's requests, newest first; none while its score is hidden."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            _, job = admit_to_application(uow, actor, Command.SEE_APPLICATION, now, id)
            if sight(uow, actor, job, self.default).hides(id):
                return ()
            return self._rows(uow, uow.model_runs.of(id))

    def opened_of(self, actor: Actor, id: ApplicationId, run: ModelRunId) -> RunView:
        """Open the texts of one of an application's requests, for who may see the application.

        Raises ``NotAllowed`` while its score is hidden from this person.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            _, job = admit_to_application(uow, actor, Command.SEE_APPLICATION, now, id)
            if sight(uow, actor, job, self.default).hides(id):
                raise NotAllowed(_HIDDEN)
            line = _found(uow, run)
            if line.subject.application_id != id:
                raise Unknown("request", run)
            return self._open(uow, actor, line, now)

    def expected(self, actor: Actor, id: RequisitionId, count: int) -> Expected | None:
        """Say what scoring ``count`` of a requisition's applications will probably use.

        None where nothing leaves: no model is connected, or no criteria are frozen.
        """
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SCREEN, self.clock.now(), id)
            model, criteria = self.connected(), uow.criteria.frozen(id)
            if model is None or criteria is None:
                return None
            past = uow.model_runs.past_use(model.prompt.ref, model.model)
            by_text = use_by_text(model, criteria, uow.documents.usual_size(id))
        return expect(model, count, past, by_text, self.price)

    def _open(self, uow: UnitOfWork, actor: Actor, line: RunLine, now: datetime) -> RunView:
        body = uow.model_runs.body(line.id)
        (row,) = self._rows(uow, [line])
        if body is None:
            return RunView(row=row, currency=self.price.currency)
        messages = messages_of(body.sent)
        theirs = [message.text for message in messages if message.role == "user"]
        subject = line.subject.about(line.prompt)
        uow.audit.append(fact_by(actor, now, "model.run_viewed", subject, run=line.id))
        uow.commit()
        return RunView(
            row=row,
            currency=self.price.currency,
            body=body,
            messages=messages,
            reply=laid_out(body.received),
            replaced=tuple(replaced("\n".join(theirs)).items()),
        )

    def _rows(self, uow: UnitOfWork, lines: Sequence[RunLine]) -> tuple[RunRow, ...]:
        ids = {line.subject.requisition_id for line in lines}
        jobs = {id: job.title for id in ids if (job := uow.requisitions.get(id))}
        return tuple(
            RunRow(
                line=line,
                job=jobs.get(line.subject.requisition_id, ""),
                cost=self.price.of(line.tokens),
            )
            for line in lines
        )


def _found(uow: UnitOfWork, id: ModelRunId) -> RunLine:
    line = uow.model_runs.get(id)
    if line is None:
        raise Unknown("request", id)
    return line
