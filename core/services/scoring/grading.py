"""The one way from a read document to an assessment, for the worker and the command line alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.domain.assessment import Assessment, AssessmentRequest
from core.domain.blind import blind_facts
from core.domain.criteria import Criteria
from core.domain.document import Month, ParsedResume, ParseHealth
from core.domain.identity import PseudonymisedText
from core.domain.ids import ApplicationId, DocumentHash
from core.domain.model_runs import UNWATCHED, Watch
from core.flow.assess import Remark, Subject, assess
from core.flow.pseudonymise import name_like
from core.ports import Assessor, Clock

NOT_PSEUDONYMISED = "Not every personal detail could be removed, so no model was shown the text."
"""Why a document is not graded that ``LeakDetected`` stopped."""


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades with the first assessor that answers; ``assessors`` wires models on first use."""

    assessors: Callable[[], Sequence[Assessor]]
    remark: Remark
    clock: Clock

    @property
    def preferred(self) -> str:
        """Name the assessor that is asked first: the only one that asks a language model."""
        return self.assessors()[0].version

    def grade(
        self,
        application: ApplicationId,
        parsed: ParsedResume,
        text: PseudonymisedText,
        criteria: Criteria,
        as_of: Month | None,
        watch: Watch = UNWATCHED,
    ) -> Assessment:
        """Grade a document; the flags of its reader go along and move no score.

        ``watch`` answers for what a language model is asked.
        """
        request = AssessmentRequest(
            text=text,
            criteria=criteria,
            facts=blind_facts(parsed.facts, text),
            name_like=name_like(text.text) if parsed.facts.language == "en" else (),
            as_of=as_of,
            watch=watch,
        )
        made = self._assess(request, application, parsed.document.sha256, parsed.health)
        kinds = dict.fromkeys(flag.kind for flag in parsed.document.flags)
        return replace(made, flags=tuple(kinds))

    def ungraded(
        self, application: ApplicationId, document: DocumentHash, criteria: Criteria, why: str
    ) -> Assessment:
        """Record that a document could not be read, and why; never a low score."""
        request = AssessmentRequest(text=PseudonymisedText("", (), ()), criteria=criteria)
        return self._assess(request, application, document, ParseHealth(0.0, (why.rstrip("."),)))

    def _assess(
        self,
        request: AssessmentRequest,
        application: ApplicationId,
        document: DocumentHash,
        health: ParseHealth,
    ) -> Assessment:
        subject = Subject(
            tenant=request.criteria.tenant,
            application_id=application,
            document=document,
            health=health,
        )
        return assess(self.assessors(), self.remark, request, subject, now=self.clock.now())
