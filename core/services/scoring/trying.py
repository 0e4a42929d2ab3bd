"""Instructions on a sample of resumes that were scored: what would change, and nothing kept of it.

Neither an assessment, a proposal nor a baseline comes of it; what stays are the requests, recorded
as any are, and figures that lead to nobody.
"""

from dataclasses import dataclass, replace
from itertools import islice
from typing import ClassVar

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.assessment import Assessment
from core.domain.audit import fact_by
from core.domain.criteria import Criteria
from core.domain.ids import ApplicationId, RequisitionId, TrialId
from core.domain.jobs import JobKind
from core.domain.model_costs import Tokens, used
from core.domain.model_runs import ModelCall, PromptRef, Watch
from core.domain.policy import Capability, stopped
from core.domain.prompt_views import SampleJob
from core.domain.trials import (
    LEAST_RESUMES,
    MOST_RESUMES,
    Pair,
    Trial,
    criterion_changes,
    resume_changes,
)
from core.errors import InvalidInput, NotFound
from core.ports import Assessor, UnitOfWork
from core.services.access import admit
from core.services.choices import stop_words
from core.services.scoring.grading import Grader
from core.services.scoring.intake import Reading, application_month
from core.services.scoring.model_runs import subject_of
from core.services.scoring.prompt_runs import (
    Progress,
    PromptRuns,
    find_prompt,
    production_version,
)
from core.services.scoring.sampling import drawn

_TOO_FEW = (
    f"This job has fewer than {LEAST_RESUMES} resumes that are scored under its present criteria"
    " and can still be read; so few would tell nothing."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying(PromptRuns[Trial]):
    """Start, run and cancel trials; ``grader`` grades as it does for scores."""

    grader: Grader

    kind: ClassVar = JobKind.TRY_PROMPT
    payload: ClassVar = "trial"

    def jobs(self, actor: Actor) -> tuple[SampleJob, ...]:
        """List the jobs that instructions can be tried on, by title; no candidate is read."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.WRITE_PROMPT, now)
            counts, stops = uow.overview.counts(now), uow.policies.stops()
            found = [
                SampleJob(job.id, job.title, counts[job.id].assessed)
                for job in uow.requisitions.all()
                if job.id in counts and counts[job.id].assessed >= LEAST_RESUMES
                if not stopped(stops, Capability.SCREENING, job) and uow.criteria.frozen(job.id)
            ]
        return tuple(sorted(found, key=lambda job: (job.title.casefold(), job.id)))

    def start(self, actor: Actor, ref: PromptRef, job: RequisitionId) -> TrialId:
        """Queue a trial with the connected model on resumes of ``job``.

        Raises ``InvalidInput`` without a model, for a version that is unknown, in production or
        being tried already, and where ``job`` is not to be scored.
        """
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.WRITE_PROMPT, self.clock.now())
            run = self._begin(uow, actor, ref, job)
            uow.prompts.put_trial(run)
            _record(uow, actor, "prompt.trial_asked", run)
            self._queue(uow, run)
            uow.commit()
        return run.id

    def _begin(self, uow: UnitOfWork, actor: Actor, ref: PromptRef, job: RequisitionId) -> Trial:
        model, prompt = self._connected(), find_prompt(uow, self.firsts, ref)
        if production_version(uow, self.firsts[ref.name].prompt) == ref.version:
            raise InvalidInput(f"Version {ref.version} is in production: scores are made with it.")
        if any(run.under_way and run.ref == ref for run in uow.prompts.trials(ref.name)):
            raise InvalidInput(f"Version {ref.version} is being tried already.")
        criteria = _criteria(uow, job)
        return Trial(
            id=TrialId(self.ids.new()),
            ref=ref,
            sha256=prompt.sha256,
            model=model.version,
            requisition_id=job,
            criteria=criteria.hash,
            criteria_version=criteria.version,
            asked_by=actor.id,
            asked_at=self.clock.now(),
            total=MOST_RESUMES,
        )

    def _ask(self, judge: Assessor, progress: Progress[Trial]) -> Trial:
        with self.unit_of_work() as uow:
            criteria = _criteria(uow, progress.run.requisition_id)
            sample = _sample(uow, criteria)
        under = replace(
            progress.run,
            criteria=criteria.hash,
            criteria_version=criteria.version,
            total=len(sample),
        )
        progress.keep(under)
        asked = (self._pair(id, criteria, judge, progress) for id in sample)
        pairs = [pair for pair in asked if pair]
        _require_enough(len(pairs))
        return replace(
            progress.run,
            resumes=resume_changes(pairs),
            criteria_changes=criterion_changes(criteria.criteria, pairs),
        )

    def _pair(
        self, id: ApplicationId, criteria: Criteria, judge: Assessor, progress: Progress[Trial]
    ) -> Pair | None:
        """Have one resume judged; None where it was erased or scored otherwise meanwhile."""
        with self.unit_of_work() as uow:
            scored = _scored(uow, id, criteria)
        if scored is None:
            return None
        before, reading = scored
        subject = subject_of(id, reading.document, criteria, judge.version)
        watch = self.recorder.watch(subject, progress.stopping, reading.identities)
        month = application_month(reading.application)
        after = replace(self.grader, assessors=lambda: (judge,)).grade(
            id, reading.parsed, reading.text, criteria, month, _Counted(watch, progress)
        )
        progress.step()
        return Pair(before, after)

    def _known(self, uow: UnitOfWork, id: str) -> Trial:
        run = uow.prompts.trial(TrialId(id))
        if run is None:
            raise NotFound(f"trial {id} does not exist")
        return run

    def _move(self, uow: UnitOfWork, run: Trial) -> bool:
        return uow.prompts.move_trial(run)

    def _record_cancelled(self, uow: UnitOfWork, actor: Actor, run: Trial) -> None:
        _record(uow, actor, "prompt.trial_cancelled", run)

    def _record_ended(self, uow: UnitOfWork, actor: Actor, run: Trial) -> None:
        _record(uow, actor, "prompt.tried", run)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Implements ``Watch``: counts the requests and tokens of a trial."""

    watch: Watch
    progress: Progress[Trial]

    def admit(self, call: ModelCall) -> None:
        self.watch.admit(call)

    def called(self, call: ModelCall) -> None:
        self.watch.called(call)
        run, more = self.progress.run, used(call)
        tokens = Tokens(run.tokens.sent + more.sent, run.tokens.received + more.received)
        self.progress.run = replace(run, requests=run.requests + 1, tokens=tokens)

    def stopping(self) -> bool:
        return self.watch.stopping()


def _criteria(uow: UnitOfWork, id: RequisitionId) -> Criteria:
    """Give a job's frozen criteria; raises ``InvalidInput`` where it is not to be scored."""
    job, criteria = uow.requisitions.get(id), uow.criteria.frozen(id)
    if job is None or criteria is None:
        raise InvalidInput("This job has no frozen criteria, so none of its resumes has a score.")
    if why := stop_words(uow, Capability.SCREENING, job):
        raise InvalidInput(why)
    return criteria


def _sample(uow: UnitOfWork, criteria: Criteria) -> list[ApplicationId]:
    """Draw resumes of a job, whatever their scores, the same ones for every version."""
    job = criteria.requisition_id
    order = drawn(uow.applications.present(job), job)
    sample = list(islice((id for id in order if _scored(uow, id, criteria)), MOST_RESUMES))
    _require_enough(len(sample))
    return sample


def _scored(
    uow: UnitOfWork, id: ApplicationId, criteria: Criteria
) -> tuple[Assessment, Reading] | None:
    """Open a resume and its score under ``criteria``; None unless both are kept and belong."""
    cached, before = uow.applications.get(id), uow.assessments.latest(id)
    if cached is None or cached.gone_at or cached.resume is None:
        return None
    if before is None or before.score is None:
        return None
    if (before.key.criteria, before.key.document) != (criteria.hash, cached.resume):
        return None
    person = cached.application.person_id
    parsed = uow.documents.parsed(person, cached.resume)
    blind = uow.documents.pseudonymised(person, cached.resume)
    if parsed is None or blind is None:
        return None
    return before, Reading(cached.application, cached.resume, parsed, *blind)


def _require_enough(count: int) -> None:
    if count < LEAST_RESUMES:
        raise InvalidInput(_TOO_FEW)


def _record(uow: UnitOfWork, actor: Actor, action: str, run: Trial) -> None:
    uow.audit.append(
        fact_by(
            actor, run.ended_at or run.asked_at, action, f"prompt:{run.ref.name}",
            version=run.ref.version, trial=run.id, hash=run.sha256, model=run.model,
            requisition=run.requisition_id, criteria=run.criteria,
            criteria_version=run.criteria_version, resumes=len(run.resumes),
            requests=run.requests,
        )
    )  # fmt: skip
