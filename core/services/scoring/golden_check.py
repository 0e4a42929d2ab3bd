"""Puts golden cases before an assessor, prepared as any resume is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.assist.screening import GoldenCases, evaluate
from core.domain.assessment import AssessmentRequest
from core.domain.blind import blind_facts
from core.domain.criteria import Criteria
from core.domain.document import ExtractedDocument, Page, Span
from core.domain.evaluation import GateResult
from core.domain.identity import PseudonymisedText
from core.domain.ids import DocumentHash
from core.domain.model_runs import UNWATCHED, Watch
from core.flow.pseudonymise import name_like
from core.ports import Assessor
from core.services.scoring.intake import Parse


@dataclass(frozen=True, slots=True)
class Check:
    """Runs the golden cases; knows how any resume is prepared for an assessor."""

    golden: GoldenCases
    parse: Parse

    def run(
        self,
        assessor: Assessor,
        asked: Callable[[], None] = lambda: None,
        watch: Watch = UNWATCHED,
    ) -> tuple[GateResult, ...]:
        """Give one result per gate; raises ``ModelUnavailable`` and what ``asked`` raises.

        ``watch`` answers for what a language model is asked.
        """

        def prepare(text: str, criteria: Criteria) -> AssessmentRequest:
            return replace(self._request(text, criteria), watch=watch)

        return evaluate(assessor, self.golden, prepare, asked)

    def _request(self, text: str, criteria: Criteria) -> AssessmentRequest:
        parsed = self.parse(_document(text), self.golden.as_of)
        blind = PseudonymisedText(text, (), ())
        return AssessmentRequest(
            text=blind,
            criteria=criteria,
            facts=blind_facts(parsed.facts, blind),
            name_like=name_like(text) if parsed.facts.language == "en" else (),
            as_of=self.golden.as_of,
        )


def _document(text: str) -> ExtractedDocument:
    return ExtractedDocument(
        sha256=DocumentHash(hashlib.sha256(text.encode()).hexdigest()),
        name="golden case",
        media_type="text/plain",
        text=text,
        pages=(Page(1, Span(0, len(text))),),
    )
