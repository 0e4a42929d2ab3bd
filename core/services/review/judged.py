"""An assessment with the verdicts that people put in the place of the assessor's."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.assessment import Assessment, Contribution, contributions
from core.domain.criteria import Criteria
from core.domain.ids import ApplicationId, RequisitionId
from core.domain.judgement import Override, judged
from core.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Judged:
    """The assessor's ``own`` assessment, the criteria it was made under, and people's overrides.

    ``overrides`` are all of the application's, oldest first. ``criteria`` are None where that
    version is no longer kept; then nothing can be added up anew.
    """

    own: Assessment
    criteria: Criteria | None
    overrides: Sequence[Override] = ()

    @property
    def assessment(self) -> Assessment:
        """The assessment as people judged it."""
        return judged(self.own, self.criteria, self.overrides) if self.criteria else self.own

    @property
    def sum(self) -> tuple[Contribution, ...]:
        """The judged score as a sum; empty where nothing was judged."""
        return _sum(self.assessment, self.criteria)

    @property
    def own_sum(self) -> tuple[Contribution, ...]:
        """The assessor's own score as a sum."""
        return _sum(self.own, self.criteria)


def latest_judged(uow: UnitOfWork, job: RequisitionId, id: ApplicationId) -> Judged | None:
    """Read an application's newest assessment as people judged it; None without any."""
    own = uow.assessments.latest(id)
    if own is None:
        return None
    criteria = uow.criteria.version(job, own.criteria_version)
    return Judged(own, criteria, uow.judgements.overrides(id))


def _sum(assessment: Assessment, criteria: Criteria | None) -> tuple[Contribution, ...]:
    if criteria is None or not assessment.verdicts:
        return ()
    return contributions(criteria.criteria, assessment.verdicts)
