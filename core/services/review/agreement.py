"""How far the people of a job and the assessor agree: read only, and nothing is learned from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.agreement import AgreementReport, Reviewed
from core.domain.assessment import Assessment
from core.domain.criteria import Criteria
from core.domain.ids import ApplicationId, RequisitionId
from core.domain.judgement import OwnView, in_force
from core.domain.routing import Thresholds, suggest
from core.oversight.agreement import report
from core.ports import Clock, ProposalState, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_to_requisition
from core.services.choices import sight, tenant_policy
from core.services.pipeline.ranking import Ranking

_ACCEPTED: Mapping[ProposalState, bool] = {
    ProposalState.APPROVED: True,
    ProposalState.REFUSED: False,
}


@dataclass(frozen=True, slots=True)
class AgreementDesk:
    """The report on one job, for the people of that job."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ranking: Ranking

    def of(self, actor: Actor, id: RequisitionId) -> AgreementReport | None:
        """Compare verdicts, views and answers with the assessor's; None before criteria are frozen.

        Only applications scored under the frozen criteria count, and none whose score is hidden
        from ``actor``, so that the report tells nobody what they are not shown.
        """
        with self.unit_of_work() as uow:
            job = admit_to_requisition(uow, actor, Command.SEE_REQUISITION, self.clock.now(), id)
            frozen = uow.criteria.frozen(id)
            if frozen is None:
                return None
            default = self.ranking.default
            seen = sight(uow, actor, job, default)
            scored = {
                entry.application_id: entry.digest.verdicts
                for entry in self.ranking.roster.entries(uow, id)
                if entry.digest
                and entry.digest.criteria_version == frozen.version
                and seen.hides(entry.application_id) is None
            }
            thresholds = tenant_policy(uow, default).thresholds
            reviewed = _reviewed(uow, frozen, thresholds, scored)
            return report(frozen.criteria, tuple(scored.values()), reviewed)


def _reviewed(
    uow: UnitOfWork,
    criteria: Criteria,
    thresholds: Thresholds,
    scored: Collection[ApplicationId],
) -> list[Reviewed]:
    """Gather what people made of the ``scored`` applications that somebody looked at."""
    job = criteria.requisition_id
    lookers = uow.judgements.lookers(job)
    looked = [id for id in scored if lookers.get(id)]
    overrides = uow.judgements.overrides_among(looked)
    standings = uow.overview.standings(job)

    def one(id: ApplicationId, assessment: Assessment) -> Reviewed:
        standing = standings.get(id)
        return Reviewed(
            application_id=id,
            own={verdict.criterion_id: verdict.standing for verdict in assessment.verdicts},
            score=assessment.score.value if assessment.score else None,
            suggestion=suggest(assessment.score, thresholds) if assessment.score else None,
            overrides=in_force(assessment.key.id, overrides.get(id, ())),
            views=_newest(uow.judgements.views(id)),
            accepted=_ACCEPTED.get(standing.state) if standing else None,
        )

    return [one(id, each) for id, each in uow.assessments.latest_among(looked).items()]


def _newest(views: Sequence[OwnView]) -> tuple[OwnView, ...]:
    """Keep each person's newest view before they saw the score, and their newest after."""
    return tuple({(view.by, view.blind): view for view in views}.values())
