"""What people think: verdicts in the place of the assessor's, and views of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.assessment import Evidence, Score, Standing, locate
from core.domain.audit import about, fact_by
from core.domain.criteria import Criterion
from core.domain.ids import ApplicationId, CriterionId, OverrideId
from core.domain.judgement import (
    Hidden,
    Leaning,
    Override,
    OverrideReason,
    OwnView,
    in_force,
)
from core.domain.policy import TenantPolicy
from core.domain.records import Requisition
from core.errors import InvalidInput, NotAllowed, NotFound
from core.ports import CachedApplication, Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_to_application
from core.services.choices import blind_since, sight
from core.services.decisions.proposing import Proposer
from core.services.review.document import paper_of
from core.services.review.judged import Judged, latest_judged

_LONGEST_NOTE = 500
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NOT_SCORED = "This application has not been scored yet, so there is no verdict to change."
_UNREAD = "There is no readable resume here to quote from. Leave the quote out."
_NOT_THERE = (
    "These words do not stand like that in the resume as the assessor saw it."
    " Copy them from there, or leave the quote out."
)
_HIDDEN: Mapping[Hidden, str] = {
    Hidden.OWN_VIEW_FIRST: "Say what you think first; then the verdicts are shown.",
    Hidden.STOPPED: "Scoring is switched off here, so its verdicts cannot be changed now.",
}


@dataclass(frozen=True, slots=True)
class Judging:
    """Override verdicts and record views; each is one commit with its fact and its proposal."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    proposer: Proposer

    def override(
        self,
        actor: Actor,
        application_id: ApplicationId,
        criterion_id: CriterionId,
        standing: Standing | None,
        *,
        reason: OverrideReason,
        note: str = "",
        quote: str = "",
    ) -> None:
        """Put a person's verdict in the place of the newest assessment's; None takes it back.

        The score is added up again and proposed by this person, in place of the open proposal.
        ``quote`` must stand, character for character, in the text as the assessor saw it. Raises
        ``InvalidInput``, ``NotFound``, and ``NotAllowed`` while the score is hidden.
        """
        note = _fitting(note)
        with self.unit_of_work() as uow:
            cached, given = self._admitted(uow, actor, application_id)
            criterion = _criterion(given, criterion_id)
            override = Override(
                id=OverrideId(self.ids.new()),
                application_id=application_id,
                assessment_id=given.own.key.id,
                criterion_id=criterion.id,
                standing=standing,
                reason=reason,
                by=actor.id,
                at=self.clock.now(),
                note=note,
                evidence=_evidence(uow, cached, given, quote) if standing and quote else (),
            )
            if _says_nothing_new(given, override):
                return
            self._keep(uow, actor, given, override)
            uow.commit()

    def preview(
        self,
        actor: Actor,
        application_id: ApplicationId,
        criterion_id: CriterionId,
        standing: Standing | None,
    ) -> Score | None:
        """Say what the score would be with such a verdict; nothing is kept."""
        with self.unit_of_work() as uow:
            _, given = self._admitted(uow, actor, application_id)
            override = Override(
                id=OverrideId("preview"),
                application_id=application_id,
                assessment_id=given.own.key.id,
                criterion_id=_criterion(given, criterion_id).id,
                standing=standing,
                reason=OverrideReason.OVERLOOKED,
                by=actor.id,
                at=self.clock.now(),
            )
        return _with(given, override).assessment.score

    def record_view(
        self, actor: Actor, application_id: ApplicationId, leaning: Leaning, note: str = ""
    ) -> None:
        """Keep what a person thinks beside what they thought before; it decides nothing.

        What repeats their newest view, as a second click does, is not recorded again.
        """
        note, now = _fitting(note), self.clock.now()
        with self.unit_of_work() as uow:
            _, job = admit_to_application(uow, actor, Command.RECORD_VIEW, now, application_id)
            said = [view for view in uow.judgements.views(application_id) if view.by == actor.id]
            if said and (said[-1].leaning, said[-1].note) == (leaning, note):
                return
            view = OwnView(
                application_id=application_id,
                by=actor.id,
                leaning=leaning,
                at=now,
                blind=_is_blind(uow, actor, job, application_id, self.default),
                note=note,
            )
            uow.judgements.put_view(view)
            uow.audit.append(
                fact_by(
                    actor, now, "view.recorded", about(application_id),
                    leaning=leaning.value, blind=view.blind,
                )
            )  # fmt: skip
            uow.commit()

    @property
    def default(self) -> TenantPolicy:
        """The policy where no administrator has set one."""
        return self.proposer.rules.default

    def _admitted(
        self, uow: UnitOfWork, actor: Actor, id: ApplicationId
    ) -> tuple[CachedApplication, Judged]:
        """Admit ``actor`` to change verdicts that they may see."""
        now = self.clock.now()
        cached, job = admit_to_application(uow, actor, Command.OVERRIDE, now, id)
        hidden = sight(uow, actor, job, self.default).hides(id)
        if hidden is not None:
            raise NotAllowed(_HIDDEN[hidden])
        given = latest_judged(uow, job.id, id)
        if given is None or given.criteria is None:
            raise NotFound(_NOT_SCORED)
        return cached, given

    def _keep(self, uow: UnitOfWork, actor: Actor, given: Judged, override: Override) -> None:
        after = _with(given, override)
        uow.judgements.put_override(override)
        uow.audit.append(
            fact_by(
                actor, override.at,
                "verdict.overridden" if override.standing else "verdict.restored",
                about(override.application_id),
                assessment=override.assessment_id, criterion=override.criterion_id,
                standing_before=_standing(given, override.criterion_id),
                standing_after=_standing(after, override.criterion_id),
                reason=override.reason.value,
                score_before=_value(given), score_after=_value(after),
            )
        )  # fmt: skip
        self.proposer.renew(uow, actor, after)


def _fitting(note: str) -> str:
    if len(note) > _LONGEST_NOTE:
        raise InvalidInput(f"Keep the note under {_LONGEST_NOTE} characters.")
    return note.strip()


def _criterion(given: Judged, id: CriterionId) -> Criterion:
    asked = given.criteria.criteria if given.criteria else ()
    found = next((criterion for criterion in asked if criterion.id == id), None)
    if found is None:
        raise NotFound("This criterion is not among those the score rests on.")
    return found


def _evidence(
    uow: UnitOfWork, cached: CachedApplication, given: Judged, quote: str
) -> tuple[Evidence, ...]:
    paper = paper_of(uow, cached)
    if paper is None or not paper.bears(given.own):
        raise InvalidInput(_UNREAD)
    hidden = uow.documents.pseudonymised(paper.person, paper.sha256)
    if hidden is None:
        raise InvalidInput(_UNREAD)
    found = locate(hidden[0], quote.strip())
    if found is None:
        raise InvalidInput(_NOT_THERE)
    return (found,)


def _says_nothing_new(given: Judged, override: Override) -> bool:
    """Say whether it repeats what is in force, as a second click does; None for None too."""
    holding = in_force(override.assessment_id, given.overrides).get(override.criterion_id)
    if holding is None or override.standing is None:
        return holding is None and override.standing is None

    def said(each: Override) -> tuple[object, ...]:
        return each.standing, each.reason, each.note, each.evidence, each.by

    return said(holding) == said(override)


def _with(given: Judged, override: Override) -> Judged:
    return Judged(given.own, given.criteria, (*given.overrides, override))


def _standing(given: Judged, id: CriterionId) -> str:
    verdicts = given.assessment.verdicts
    found = next((v.standing for v in verdicts if v.criterion_id == id), Standing.NO_DATA)
    return found.value


def _value(given: Judged) -> int | None:
    score = given.assessment.score
    return score.value if score else None


def _is_blind(
    uow: UnitOfWork, actor: Actor, job: Requisition, id: ApplicationId, default: TenantPolicy
) -> bool:
    """Say whether this person cannot have seen a score here; in doubt they can.

    Nobody could while there was none. A score counts as unseen only by who had not recorded a
    view, may not read the log, which holds it, and from whom blind-first reviewing has hidden it
    without a break since the first score was made. A stop hides scores and makes none unseen.
    """
    first = _first_score(uow, id)
    if first is None:
        return True
    spoken = any(view.by == actor.id for view in uow.judgements.views(id))
    if spoken or may(actor, Command.SEE_AUDIT_LOG):
        return False
    since = blind_since(uow, job, id, default)
    return since is not None and since <= first


def _first_score(uow: UnitOfWork, id: ApplicationId) -> datetime | None:
    """Say when an application first had a score, by the assessor or by a person's verdict."""
    times = [each.made_at or _LONG_AGO for each in uow.assessments.of(id) if each.score]
    times += [each.at for each in uow.judgements.overrides(id) if each.standing]
    return min(times, default=None)
