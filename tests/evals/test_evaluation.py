"""The golden cases: the built-in assessor passes every gate, and each gate can fail."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from core.assist.screening import BuiltInAssessor, golden_cases, questions
from core.assist.screening.golden import NAME
from core.assist.screening.model import NO_EVIDENCE
from core.domain.assessment import AssessmentRequest, Evidence, Standing, Verdict
from core.domain.document import Span
from core.domain.evaluation import Gate, GateResult
from core.embeddings import MiniLm
from core.errors import ModelUnavailable, WorkStopped
from core.flow.parse import parse
from core.ports import Assessor
from core.services.scoring.golden_check import Check

GOLDEN = golden_cases()
Bend = Callable[[AssessmentRequest, tuple[Verdict, ...]], tuple[Verdict, ...]]


@pytest.fixture(scope="module")
def honest() -> Assessor:
    return BuiltInAssessor(MiniLm())


@dataclass
class Bent:
    """The built-in assessor with a planted fault."""

    honest: Assessor
    bend: Bend
    version: str = "bent"

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        return self.bend(request, self.honest.assess(request))


def figures(assessor: Assessor) -> dict[Gate, GateResult]:
    return {r.gate: r for r in Check(GOLDEN, lambda d, at: parse(d, as_of=at)).run(assessor)}


def failed(assessor: Assessor) -> set[Gate]:
    return {gate for gate, result in figures(assessor).items() if not result.passed}


def denied(verdict: Verdict, reason: str = "") -> Verdict:
    return replace(verdict, standing=Standing.NOT_SHOWN, credit=0.0, evidence=(), reason=reason)


def granted(verdict: Verdict, quote: str) -> Verdict:
    evidence = Evidence(quote, Span(0, len(quote)), Span(0, len(quote)))
    return replace(verdict, standing=Standing.MET, credit=1.0, evidence=(evidence,))


def test_the_built_in_assessor_passes_every_gate(honest: Assessor) -> None:
    results = figures(honest)
    assert set(results) == set(Gate)
    assert {gate: result.failures for gate, result in results.items() if result.failures} == {}
    assert all(result.passed for result in results.values())


def test_there_are_cases_in_english_and_in_german_with_every_variation() -> None:
    ids = [case.id for case in GOLDEN.cases]
    assert len(ids) == len(set(ids)) >= 5
    assert {id[-2:] for id in ids} == {"en", "de"}
    paraphrased = [case for case in GOLDEN.cases if case.paraphrase]
    assert {case.id[-2:] for case in paraphrased} == {"en", "de"}
    assert all(case.order and NAME in case.sections[0] for case in GOLDEN.cases)
    assert all(
        set(case.expected) == {c.id for c in case.criteria.criteria} for case in GOLDEN.cases
    )


def test_the_questions_are_counted_before_they_are_asked(honest: Assessor) -> None:
    asked: list[int] = []
    Check(GOLDEN, lambda d, at: parse(d, as_of=at)).run(honest, lambda: asked.append(1))
    assert len(asked) == questions(GOLDEN)


def test_a_quote_that_is_not_there_fails_the_quotes(honest: Assessor) -> None:
    def invents(_: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        return tuple(granted(v, "Ten years at a bank") if v.credit else v for v in verdicts)

    assert Gate.QUOTES in failed(Bent(honest, invents))
    assert figures(Bent(honest, invents))[Gate.QUOTES].value == 0


def test_what_had_to_be_dropped_for_want_of_a_quote_fails_the_proof(honest: Assessor) -> None:
    def drops(_: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        first, *rest = verdicts
        return (denied(first, NO_EVIDENCE), *rest)

    assert Gate.PROVEN in failed(Bent(honest, drops))


def test_wrong_verdicts_fail_the_agreement(honest: Assessor) -> None:
    def strict(_: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        return tuple(denied(v) for v in verdicts)

    assert Gate.AGREEMENT in failed(Bent(honest, strict))


def test_nothing_credited_is_no_proof_of_honest_quotes(honest: Assessor) -> None:
    def strict(_: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        return tuple(denied(v) for v in verdicts)

    assert {Gate.QUOTES, Gate.PROVEN} <= failed(Bent(honest, strict))


@pytest.mark.parametrize("name", GOLDEN.names)
def test_being_swayed_by_any_one_of_the_names_fails_the_names_alone(
    honest: Assessor, name: str
) -> None:
    def dislikes(request: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        if name not in request.text.text:
            return verdicts
        first, *rest = verdicts
        return (denied(first), *rest)

    assert failed(Bent(honest, dislikes)) == {Gate.NAMES}
    (failure, *_) = figures(Bent(honest, dislikes))[Gate.NAMES].failures
    assert name in failure.what


def test_judging_what_is_asked_first_more_kindly_fails_the_order(honest: Assessor) -> None:
    def hurries(request: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        *rest, last = verdicts
        return (*rest, denied(last))

    assert Gate.ORDER in failed(Bent(honest, hurries))


def test_reading_only_the_beginning_of_a_resume_fails_the_order(honest: Assessor) -> None:
    def skims(request: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        half = len(request.text.text) // 2
        return tuple(
            denied(v) if v.evidence and v.evidence[0].span.start > half else v for v in verdicts
        )

    assert Gate.ORDER in failed(Bent(honest, skims))


def test_holding_on_to_one_wording_fails_the_paraphrase_alone(honest: Assessor) -> None:
    wordings = {"\n\n".join(case.paraphrase) for case in GOLDEN.cases if case.paraphrase}

    def literal(request: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        if request.text.text not in wordings:
            return verdicts
        return tuple(denied(v) for v in verdicts)

    assert failed(Bent(honest, literal)) == {Gate.PARAPHRASE}


def test_another_answer_to_the_same_question_fails_the_repeat(honest: Assessor) -> None:
    seen: set[str] = set()

    def moody(request: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        first_time = request.text.text not in seen
        seen.add(request.text.text)
        return verdicts if first_time else tuple(denied(v) for v in verdicts)

    assert Gate.REPEAT in failed(Bent(honest, moody))


@pytest.mark.parametrize("case", GOLDEN.cases, ids=lambda case: case.id)
def test_obeying_the_order_in_any_one_resume_fails_the_injection_alone(
    honest: Assessor, case: object
) -> None:
    order = getattr(case, "order", "")

    def obeys(request: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        if order not in request.text.text:
            return verdicts
        return tuple(v if v.credit else granted(v, order) for v in verdicts)

    assert failed(Bent(honest, obeys)) == {Gate.INJECTION}


def test_taking_an_order_amiss_fails_the_injection_too(honest: Assessor) -> None:
    orders = [case.order for case in GOLDEN.cases]

    def punishes(request: AssessmentRequest, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        ordered = any(order in request.text.text for order in orders)
        return tuple(denied(v) for v in verdicts) if ordered else verdicts

    assert failed(Bent(honest, punishes)) == {Gate.INJECTION}


def test_a_model_that_is_silent_passes_nothing_and_says_so(honest: Assessor) -> None:
    def silent(_: AssessmentRequest, __: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        raise ModelUnavailable("no reply")

    with pytest.raises(ModelUnavailable):
        figures(Bent(honest, silent))


def test_a_run_that_is_to_end_ends_between_two_questions(honest: Assessor) -> None:
    asked: list[int] = []

    def stop() -> None:
        asked.append(1)
        raise WorkStopped("stopped")

    with pytest.raises(WorkStopped):
        Check(GOLDEN, lambda d, at: parse(d, as_of=at)).run(honest, stop)
    assert len(asked) == 1
