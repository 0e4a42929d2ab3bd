"""Where a score stands among past applicants of similar requisitions, under the same criteria."""

from dataclasses import dataclass
from datetime import timedelta

from core.domain.assessment import Assessment
from core.domain.ids import ApplicationId, RequisitionId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.domain.policy import Capability
from core.domain.records import Application, Requisition
from core.errors import DocumentRefused, LeakDetected, NotFound
from core.flow.assess import percentile as place
from core.ports import Ats, Clock, Trigger, UnitOfWork, UnitOfWorkFactory
from core.services.choices import stop_words
from core.services.scoring.grading import Grader
from core.services.scoring.intake import Intake, application_month
from core.services.scoring.model_runs import Recorder, subject_of
from core.services.scoring.sampling import drawn

_PAST = timedelta(days=548)
"""Eighteen months: long enough for a sample, short enough for the labour market to be the same."""
_MOST_JOBS_READ = 60
_SAMPLE = 40


def percentile(uow: UnitOfWork, assessment: Assessment) -> float | None:
    """Place an assessment among the baseline of its criteria; None while that is too small."""
    if assessment.score is None:
        return None
    return place(assessment.score.value, uow.baselines.scores(assessment.key.criteria))


def gather_request(requisition: Requisition) -> JobRequest:
    """Ask for a baseline of ``requisition``, behind all other work."""
    return JobRequest(
        kind=JobKind.GATHER_BASELINE,
        tenant=requisition.tenant,
        dedupe_key=f"{JobKind.GATHER_BASELINE}:{requisition.id}",
        payload={"requisition": requisition.id},
        priority=Priority.BACKLOG,
    )


@dataclass(frozen=True, slots=True)
class Baseline:
    """Samples past applicants and scores them; at most 40, three iCIMS calls each, once."""

    unit_of_work: UnitOfWorkFactory
    ats: Ats
    clock: Clock
    intake: Intake
    grader: Grader
    recorder: Recorder

    def gather(self, id: RequisitionId, trigger: Trigger) -> int:
        """Find past applicants of closed jobs in the same category and queue their scoring."""
        with self.unit_of_work() as uow:
            like = uow.requisitions.get(id)
        if like is None or not like.category:
            return 0
        ids = [
            application
            for requisition in self._similar(like, trigger)
            for application in self.ats.application_ids(trigger, requisition.id, None)
        ]
        sample = drawn(ids, like.id)[:_SAMPLE]
        for application_id in sample:
            try:
                application = self.ats.application(trigger, application_id)
            except NotFound:
                continue
            with self.unit_of_work() as uow:
                uow.applications.put(application, self.clock.now())
                uow.jobs.enqueue(_score_request(application, id), self.clock.now())
                uow.commit()
        return len(sample)

    def score(self, id: RequisitionId, application_id: ApplicationId, trigger: Trigger) -> None:
        """Score one past applicant under the frozen criteria of requisition ``id``.

        Not while scoring is stopped there.
        """
        with self.unit_of_work() as uow:
            criteria, requisition = uow.criteria.frozen(id), uow.requisitions.get(id)
            if requisition and stop_words(uow, Capability.SCREENING, requisition):
                return
        if criteria is None:
            return
        try:
            application, document = self.intake.file(application_id, trigger)
            reading = self.intake.read(application, document)
            month = application_month(application)
            subject = subject_of(application_id, document, criteria, self.grader.preferred)
            watch = self.recorder.watch(subject, trigger.stopping, reading.identities)
            graded = self.grader.grade(
                application_id, reading.parsed, reading.text, criteria, month, watch
            )
            score = graded.score.value if graded.score else None
        except (DocumentRefused, LeakDetected, NotFound):
            score = None
        with self.unit_of_work() as uow:
            uow.baselines.put(criteria.hash, application_id, score)
            uow.commit()

    def _similar(self, like: Requisition, trigger: Trigger) -> list[Requisition]:
        since = self.clock.now() - _PAST
        newest = list(self.ats.requisition_ids(trigger, since))[-_MOST_JOBS_READ:]
        jobs = [self._requisition(id, trigger) for id in newest if id != like.id]
        return [job for job in jobs if job.category == like.category and not job.is_open]

    def _requisition(self, id: RequisitionId, trigger: Trigger) -> Requisition:
        with self.unit_of_work() as uow:
            known = uow.requisitions.get(id)
        if known is not None:
            return known
        found = self.ats.requisition(trigger, id)
        with self.unit_of_work() as uow:
            uow.requisitions.put(found, self.clock.now())
            uow.commit()
        return found


def _score_request(application: Application, id: RequisitionId) -> JobRequest:
    return JobRequest(
        kind=JobKind.SCORE_BASELINE,
        tenant=application.tenant,
        dedupe_key=f"{JobKind.SCORE_BASELINE}:{id}:{application.id}",
        payload={"requisition": id, "application": application.id},
        priority=Priority.BACKLOG,
    )
