"""The desk with scoring, judging and reviewing on it: documents are words, the ATS is in memory."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from core.assist.screening import remark
from core.domain.assessment import Assessment, AssessmentRequest, Standing, Verdict, locate
from core.domain.criteria import Criteria, Criterion, CriterionKind, Importance
from core.domain.document import (
    ExtractedDocument,
    FlagKind,
    Month,
    Page,
    PagePicture,
    ParsedResume,
    ParseHealth,
    PassageBox,
    ResumeFacts,
    Span,
)
from core.domain.document import Flag as DocumentFlag
from core.domain.ids import ApplicationId, CriterionId, DocumentHash, PersonId, StopId, UserId
from core.domain.judgement import Blinding, BlindMode
from core.domain.model_costs import TokenLimits
from core.domain.policy import Capability, Stop, StopScope, TenantPolicy
from core.domain.proposal import Proposal
from core.domain.records import FileRef
from core.errors import DocumentRefused
from core.flow.pseudonymise import Policy
from core.ports import Trigger
from core.services.decisions.approvals import Approvals
from core.services.decisions.following import Following
from core.services.decisions.proposing import ProposalRules, Proposer
from core.services.pipeline.pipeline import Pipeline
from core.services.pipeline.ranking import Ranking
from core.services.pipeline.roster import Roster
from core.services.pipeline.saved_views import SavedViews
from core.services.review.judging import Judging
from core.services.review.review import Review
from core.services.scoring.grading import Grader
from core.services.scoring.intake import Intake
from core.services.scoring.model_runs import Recorder
from core.services.scoring.rereading import Rereading
from core.services.scoring.screening import Screening
from core.services.sync import Sync
from tests.desk import TENANT, UNDO, Desk, open_desk
from tests.store_bench import CRITERION, NOON, CountedIds, application, candidate, criteria

POLL = Trigger("test", "service:test")
CLICK = Trigger("test", "rosa", person_waiting=True)
RESUME = b"Anna Berg\nDrove a forklift for six years at the harbour.\nForklift licence since 2015."
RULES = ProposalRules(
    fields={"ai_match_score", "ai_reasoning", "tags", "private_note"}, valid_for=timedelta(days=7)
)


def criterion(id: str, weight: float, importance: Importance = Importance.PREFERRED) -> Criterion:
    return Criterion(
        id=CriterionId(id),
        label=id.capitalize(),
        kind=CriterionKind.SKILL,
        importance=importance,
        weight=weight,
        terms=(id,),
    )


FORKLIFT = CRITERION
CRANE, ENGLISH = criterion("crane", 1), criterion("english", 2)
THREE = (FORKLIFT, CRANE, ENGLISH)


class TermAssessor:
    """Meets a criterion where one of its terms stands; quotes the word."""

    version = "terms/1"

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        return tuple(self._judge(request, c.id, c.terms) for c in request.criteria.criteria)

    def _judge(
        self, request: AssessmentRequest, id: CriterionId, terms: tuple[str, ...]
    ) -> Verdict:
        found = next((e for t in terms if (e := locate(request.text, t))), None)
        return Verdict(
            criterion_id=id,
            standing=Standing.MET if found else Standing.NOT_SHOWN,
            credit=1.0 if found else 0.0,
            evidence=(found,) if found else (),
            reason="by its words",
        )


@dataclass
class PlainReader:
    """Reads UTF-8 text; refuses anything that starts like a broken file."""

    reads: int = 0

    def read(self, name: str, content: bytes) -> ExtractedDocument:
        self.reads += 1
        if content.startswith(b"broken"):
            raise DocumentRefused("The file is damaged and cannot be opened.")
        text = content.decode()
        flags = (DocumentFlag(FlagKind.INSTRUCTION, "talks to a model"),) if "AI:" in text else ()
        return ExtractedDocument(
            sha256=DocumentHash(hashlib.sha256(content).hexdigest()),
            name=name,
            media_type="text/plain",
            text=text,
            pages=(Page(1, Span(0, len(text))),),
            flags=flags,
        )

    def picture(
        self, document: ExtractedDocument, content: bytes, number: int, passages: Sequence[Span]
    ) -> PagePicture:
        """Paint nothing, 100 by 200; every passage is found in a box of ten by twenty."""
        boxes = tuple(PassageBox(index, 10, 20, 20, 40) for index in range(len(passages)))
        return PagePicture(number=number, count=1, png=b"png", width=100, height=200, boxes=boxes)


def parse(document: ExtractedDocument, as_of: Month | None) -> ParsedResume:
    health = ParseHealth(0.1, ("too little text",)) if len(document.text) < 20 else ParseHealth(1.0)
    return ParsedResume(
        document=document, facts=ResumeFacts(), health=health, parser_version="test"
    )


@dataclass
class Shop:
    """The desk with every service of reviewing on it."""

    desk: Desk
    reader: PlainReader
    sync: Sync
    screening: Screening
    judging: Judging
    review: Review
    pipeline: Pipeline
    approvals: Approvals
    following: Following

    @property
    def id(self) -> ApplicationId:
        return self.desk.application.id

    def resume(self, content: bytes, person: str = "2101") -> None:
        """Put a resume into the ATS; what is cached stays."""
        of = self.desk.ats.people[PersonId(person)]
        ref = FileRef("anna.txt", f"/people/{person}/fields/resume/binary")
        self.desk.ats.people[of.id] = replace(of, resume=ref, updated_at=self.desk.clock.now())
        self.desk.ats.files[ref.path] = content

    def freeze(self, version: int = 1, asked: tuple[Criterion, ...] = (FORKLIFT,)) -> Criteria:
        with self.desk.store.unit_of_work() as uow:
            drafted = replace(criteria(TENANT, version), criteria=asked)
            frozen = drafted.freeze(UserId("rosa"), NOON)
            uow.criteria.put(frozen)
            uow.commit()
        return frozen

    def scored(self, asked: tuple[Criterion, ...] = THREE) -> Assessment:
        """Freeze three criteria and score the application: one met, two not shown, 50 points."""
        self.freeze(asked=asked)
        made = self.screening.screen(self.id, POLL)
        assert made is not None
        self.desk.clock.forward(seconds=1)
        return made

    def more(self, number: int, content: bytes = RESUME) -> tuple[ApplicationId, ...]:
        """Add scored applications of other people to the requisition."""
        ids = []
        with self.desk.store.unit_of_work() as uow:
            for each in range(number):
                person, id = f"{3000 + each}", f"{8000 + each}"
                made = application(TENANT, id, person)
                who = replace(candidate(TENANT, person), first_name=f"Person {each}")
                self.desk.ats.people[who.id] = replace(who, updated_at=self.desk.clock.now())
                self.resume(content, person)
                self.desk.ats.applications[made.id] = made
                uow.applications.put(made, self.desk.clock.now())
                uow.applications.put_candidate(self.desk.ats.people[who.id], self.desk.clock.now())
                ids.append(made.id)
            uow.commit()
        for id_ in ids:
            self.screening.screen(id_, POLL)
        self.desk.clock.forward(seconds=1)
        return tuple(ids)

    def open_proposal(self, id: ApplicationId | None = None) -> Proposal:
        with self.desk.store.unit_of_work() as uow:
            (made,) = uow.proposals.open_of(id or self.id)
        return made

    def facts(self, *actions: str) -> list[dict[str, object]]:
        """Give the data of every fact with one of ``actions``, in order."""
        with self.desk.store.unit_of_work() as uow:
            events = [event.fact for event in uow.audit.events()]
        return [
            {"action": f.action, "by": f.actor, **f.data} for f in events if f.action in actions
        ]

    def stop(self, capability: Capability = Capability.SCREENING) -> None:
        with self.desk.store.unit_of_work() as uow:
            uow.policies.put_stop(
                Stop(
                    id=StopId(f"stop-{capability.value}"),
                    capability=capability,
                    scope=StopScope.EVERYWHERE,
                    where="",
                    reason="A fault is looked into.",
                    by=UserId("ada"),
                    at=self.desk.clock.now(),
                )
            )
            uow.commit()

    def lift(self) -> None:
        now = self.desk.clock.now()
        with self.desk.store.unit_of_work() as uow:
            for stop in uow.policies.stops():
                uow.policies.put_stop(replace(stop, lifted_by=UserId("ada"), lifted_at=now))
            uow.commit()

    def blind(self) -> None:
        """Have everybody of the requisition reviewed before scores are shown."""
        always = Blinding(BlindMode.ALWAYS)
        self.pipeline.set_blinding(self.desk.recruiter(), self.desk.requisition.id, always)
        self.desk.clock.forward(seconds=1)

    def written(self, proposal: Proposal) -> None:
        """Approve, let it be written, and read the record again."""
        self.approvals.approve(self.desk.recruiter(), proposal.id, proposal.hash)
        self.desk.write_all()
        self.desk.clock.forward(seconds=1)
        self.sync.application(proposal.application_id, POLL)
        self.desk.clock.forward(seconds=1)


@contextmanager
def open_shop(folder: Path) -> Iterator[Shop]:
    """Set the shop up with one application, not yet scored."""
    desk = open_desk(folder)
    reader, unit, ids = PlainReader(), desk.store.unit_of_work, CountedIds()
    sync = Sync(unit, desk.ats, desk.clock, TENANT)
    proposer = Proposer(desk.clock, ids, RULES)
    ranking = Ranking(Roster(desk.ats.link_to), TenantPolicy())
    shop = Shop(
        desk=desk,
        reader=reader,
        sync=sync,
        screening=Screening(
            unit_of_work=unit,
            clock=desk.clock,
            intake=Intake(unit, desk.ats, desk.clock, reader, parse, Policy()),
            grader=Grader(lambda: (TermAssessor(),), remark, desk.clock),
            proposer=proposer,
            rereading=Rereading(sync),
            recorder=Recorder(unit_of_work=unit, clock=desk.clock, ids=ids, limits=TokenLimits()),
        ),
        judging=Judging(unit, desk.clock, ids, proposer),
        review=Review(unit, desk.clock, ranking, reader),
        pipeline=Pipeline(unit, desk.clock, ranking, SavedViews(unit, desk.clock, ids)),
        approvals=Approvals(unit, desk.clock, ids, UNDO, RULES),
        following=Following(unit, proposer),
    )
    shop.resume(RESUME)
    with unit() as uow:
        # The desk's ready-made proposal and person are in the way of stories about making them.
        uow.proposals.supersede(desk.proposal.id, desk.clock.now())
        uow.applications.put_candidate(desk.ats.people[PersonId("2101")], desk.clock.now())
        uow.commit()
    desk.clock.forward(seconds=1)
    yield shop
    desk.store.close()
