"""What the built-in assessor concludes, and what it never does."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.assist.screening import BuiltInAssessor, remark
from core.domain.assessment import AssessmentRequest, Standing, Verdict, contributions, score_of
from core.domain.criteria import CriterionKind, Importance
from core.domain.document import (
    DegreeLevel,
    Education,
    LanguageSkill,
    Month,
    ParseHealth,
    Position,
    ResumeFacts,
    Section,
    SectionKind,
    Span,
)
from core.domain.identity import PseudonymisedText
from tests.screening_bench import NOW, RESUME, WordVectors, criterion, drafted, request_for

HEALTHY = ParseHealth(1.0)
ASSESSOR = BuiltInAssessor(WordVectors())


def judge(request: AssessmentRequest) -> Verdict:
    (only,) = ASSESSOR.assess(request)
    return only


def at(text: str, resume: str = RESUME) -> Span:
    start = resume.index(text)
    return Span(start, start + len(text))


def worked(start: Month | None, end: Month | None, *, current: bool = False) -> ResumeFacts:
    span = Span(at("Shift Lead").start, at("Kept the inventory in Excel.").end)
    position = Position(
        title="Shift Lead", employer="", span=span, start=start, end=end, current=current
    )
    return ResumeFacts(positions=(position,))


def test_every_criterion_gets_one_verdict_in_order() -> None:
    request = request_for()
    verdicts = ASSESSOR.assess(request)
    assert [v.criterion_id for v in verdicts] == [c.id for c in request.criteria.criteria]


def test_same_input_same_score_three_times() -> None:
    request = request_for()
    runs = [BuiltInAssessor(WordVectors()).assess(request) for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]


def test_verdict_without_verbatim_quote_has_no_credit() -> None:
    request = request_for()
    for verdict in ASSESSOR.assess(request):
        for evidence in verdict.evidence:
            assert evidence.span.of(request.text.text) == evidence.quote
        assert bool(verdict.evidence) == bool(verdict.credit)


def test_no_quote_holds_an_identity_token() -> None:
    resume = "[NAME_1] used Excel at [ORG_1] and Excel again\nExcel for [NAME_1]\n"
    verdict = judge(request_for(criterion(CriterionKind.SKILL, terms=("excel",)), resume=resume))
    assert verdict.evidence
    assert not [e for e in verdict.evidence if "[" in e.quote]


def test_quotes_are_short_enough_to_read() -> None:
    resume = "Excel work and more of it, week after week, without an end " * 40
    verdict = judge(request_for(criterion(CriterionKind.SKILL, terms=("excel",)), resume=resume))
    assert verdict.evidence
    assert all(len(e.quote) <= 240 for e in verdict.evidence)


@given(st.text(max_size=600))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_judged_and_every_quote_is_in_it(resume: str) -> None:
    request = request_for(resume=resume)
    for verdict in ASSESSOR.assess(request):
        assert all(e.span.of(resume) == e.quote for e in verdict.evidence)


def test_one_very_long_line_is_judged() -> None:
    assert ASSESSOR.assess(request_for(resume="till " * 60_000))


def test_a_skill_in_dated_work_is_met() -> None:
    facts = worked(Month(2019, 3), Month(2023, 3))
    verdict = judge(request_for(criterion(CriterionKind.SKILL, terms=("excel",)), facts=facts))
    assert (verdict.standing, verdict.credit) == (Standing.MET, 1.0)


def test_a_skill_is_found_by_its_other_name() -> None:
    resume = "Warenwirtschaft\nKommissionierung von Sendungen\n"
    asked = criterion(CriterionKind.SKILL, terms=("order picking",))
    assert judge(request_for(asked, resume=resume)).standing is Standing.MET


def test_a_short_name_does_not_hit_an_ordinary_word() -> None:
    asked = criterion(CriterionKind.CERTIFICATE, terms=("pals",))
    assert judge(request_for(asked, resume="Trained new pals\n")).credit  # four letters: a word
    short = criterion(CriterionKind.SKILL, terms=("ap",))
    assert judge(request_for(short, resume="Ran the ap store\n")).standing is Standing.NOT_SHOWN


def test_what_is_not_there_is_not_shown() -> None:
    asked = criterion(CriterionKind.SKILL, terms=("welding",))
    verdict = judge(request_for(asked))
    assert (verdict.standing, verdict.credit, verdict.evidence) == (Standing.NOT_SHOWN, 0.0, ())


def test_one_shared_word_does_not_make_a_skill() -> None:
    asked = criterion(
        CriterionKind.SKILL, "Record of meeting sales targets", terms=("sales targets",)
    )
    assert judge(request_for(asked, resume="Sales Associate\n")).standing is Standing.NOT_SHOWN


def test_a_skill_worded_otherwise_is_partly_met() -> None:
    asked = criterion(CriterionKind.SKILL, "Loss prevention", terms=("loss prevention",))
    verdict = judge(request_for(asked, resume="Prevented losses at the tills\n"))
    assert verdict.standing is Standing.PARTLY


def test_the_special_shows_the_general_and_not_the_other_way_round() -> None:
    general = criterion(CriterionKind.SKILL, "CRM", terms=("crm",))
    special = criterion(CriterionKind.SKILL, "HubSpot", terms=("hubspot",))
    assert judge(request_for(general, resume="Kept leads in HubSpot\n")).standing is Standing.MET
    assert judge(request_for(special, resume="Kept leads in a CRM\n")).credit == 0.0


def test_years_are_counted_from_dated_positions() -> None:
    asked = criterion(CriterionKind.YEARS, minimum=3.0, terms=("shop",))
    facts = worked(Month(2019, 3), Month(2023, 2))
    verdict = judge(request_for(asked, facts=facts))
    assert (verdict.standing, verdict.credit) == (Standing.MET, 1.0)
    assert "4 years" in verdict.reason


def test_fewer_years_count_in_proportion() -> None:
    asked = criterion(CriterionKind.YEARS, minimum=8.0, terms=("shop",))
    verdict = judge(request_for(asked, facts=worked(Month(2019, 3), Month(2023, 2))))
    assert (verdict.standing, verdict.credit) == (Standing.PARTLY, 0.5)


def test_a_current_job_counts_up_to_the_month_of_the_application() -> None:
    asked = criterion(CriterionKind.YEARS, minimum=5.0, terms=("shop",))
    facts = worked(Month(2021, 8), None, current=True)
    verdict = judge(request_for(asked, facts=facts, as_of=Month(2026, 7)))
    assert verdict.credit == 1.0


def test_overlapping_jobs_are_counted_once() -> None:
    asked = criterion(CriterionKind.YEARS, minimum=4.0, terms=("shop",))
    facts = worked(Month(2019, 1), Month(2020, 12))
    twice = replace(facts, positions=facts.positions * 2)
    assert judge(request_for(asked, facts=twice)).credit == 0.5


def test_years_without_dates_are_unknown_not_missing() -> None:
    asked = criterion(CriterionKind.YEARS, minimum=3.0, terms=("shop",))
    assert judge(request_for(asked, facts=worked(None, None))).standing is Standing.NO_DATA


def test_years_stated_in_words_count() -> None:
    asked = criterion(CriterionKind.YEARS, minimum=5.0, terms=("retail",))
    resume = "Sales assistant with 6 years in retail\n"
    assert judge(request_for(asked, resume=resume)).credit == 1.0


@pytest.mark.parametrize(
    ("held", "credit"),
    [(DegreeLevel.MASTER, 1.0), (DegreeLevel.BACHELOR, 1.0), (DegreeLevel.ASSOCIATE, 0.5)],
)
def test_a_degree_is_compared_by_level(held: DegreeLevel, credit: float) -> None:
    facts = ResumeFacts(education=(Education(span=at("High school diploma"), level=held),))
    asked = criterion(CriterionKind.EDUCATION, level="bachelor")
    assert judge(request_for(asked, facts=facts)).credit == credit


def test_a_degree_is_read_from_the_text_when_facts_have_none() -> None:
    asked = criterion(CriterionKind.EDUCATION, level="secondary")
    assert judge(request_for(asked)).standing is Standing.MET


def test_a_resume_silent_on_education_is_unknown() -> None:
    asked = criterion(CriterionKind.EDUCATION, level="bachelor")
    assert judge(request_for(asked, resume="Counted the tills\n")).standing is Standing.NO_DATA


def test_a_language_below_the_level_is_partly_met() -> None:
    known = LanguageSkill("es", "A2", at("Spanish (conversational)"))
    asked = criterion(CriterionKind.LANGUAGE, terms=("es", "spanish"), level="B2")
    verdict = judge(request_for(asked, facts=ResumeFacts(languages=(known,))))
    assert verdict.standing is Standing.PARTLY


def test_either_language_will_do_where_one_of_two_is_asked_for() -> None:
    known = LanguageSkill("es", "B2", at("Spanish (conversational)"))
    asked = criterion(CriterionKind.LANGUAGE, terms=("zh", "chinese", "es", "spanish"))
    assert judge(request_for(asked, facts=ResumeFacts(languages=(known,)))).credit == 1.0


def test_years_are_borne_out_by_the_line_with_the_dates() -> None:
    asked = criterion(CriterionKind.YEARS, minimum=3.0, terms=("shop",))
    verdict = judge(request_for(asked, facts=worked(Month(2019, 3), Month(2023, 2))))
    assert "2019" in verdict.evidence[0].quote


def test_a_language_without_a_level_is_met_by_naming_it() -> None:
    known = LanguageSkill("es", "A2", at("Spanish (conversational)"))
    asked = criterion(CriterionKind.LANGUAGE, terms=("es", "spanish"))
    assert judge(request_for(asked, facts=ResumeFacts(languages=(known,)))).credit == 1.0


def test_writing_in_a_language_shows_it() -> None:
    facts = ResumeFacts(language="de")
    asked = criterion(CriterionKind.LANGUAGE, terms=("de", "deutsch"), level="C1")
    resume = "Verkauf und Kasse in einem Möbelhaus\n"
    assert judge(request_for(asked, resume=resume, facts=facts)).standing is Standing.MET


def test_a_list_of_languages_without_it_does_not_show_it() -> None:
    section = Section(SectionKind.LANGUAGES, "Languages", at("Languages: English (fluent)"))
    asked = criterion(CriterionKind.LANGUAGE, terms=("fr", "french"))
    verdict = judge(request_for(asked, facts=ResumeFacts(sections=(section,))))
    assert verdict.standing is Standing.NOT_SHOWN


@pytest.mark.parametrize("kind", [CriterionKind.SHIFT, CriterionKind.LOCATION])
def test_availability_nobody_wrote_down_never_counts_against_anyone(kind: CriterionKind) -> None:
    open_ = criterion(kind, terms=("weekends",))
    known = criterion(CriterionKind.SKILL, id="c2", terms=("excel",), weight=1.0)
    request = request_for(open_, known)
    verdicts = ASSESSOR.assess(request)
    assert verdicts[0].standing is Standing.NO_DATA
    lines = contributions(request.criteria.criteria, verdicts)
    assert lines[0].possible == 0.0
    assert lines[1].possible == 100.0


def test_the_duty_in_other_inflections_is_recognised() -> None:
    asked = criterion(
        CriterionKind.DUTY,
        "Open and close the shop and count the tills",
        source="Open and close the shop and count the tills",
        terms=("shop", "tills"),
    )
    verdict = judge(request_for(asked))
    assert verdict.credit
    assert "counted the tills" in verdict.evidence[0].quote


def test_bland_words_alone_earn_nothing() -> None:
    asked = criterion(CriterionKind.DUTY, "Weld pipes", source="Weld pipes", terms=("weld", "pipe"))
    bland = "Responsible team player with excellent communication and management skills\n" * 5
    assert judge(request_for(asked, resume=bland)).credit == 0.0


def test_a_resume_of_the_trade_scores_above_one_of_another() -> None:
    criteria = drafted()
    other = "Welded pipes and repaired boilers\nRead drawings of steam plants\n"
    scores = [
        score_of(criteria.criteria, ASSESSOR.assess(request_for(resume=r)), 1.0)
        for r in (RESUME, other)
    ]
    assert scores[0]
    assert scores[1]
    assert scores[0].value > scores[1].value + 20


def test_gap_is_a_question_not_a_penalty() -> None:
    first = worked(Month(2015, 1), Month(2017, 1)).positions
    later = worked(Month(2020, 1), Month(2023, 12)).positions
    gap = ResumeFacts(positions=(*first, *later))
    gapless = ResumeFacts(positions=(*first, *worked(Month(2017, 2), Month(2021, 1)).positions))
    asked = criterion(CriterionKind.YEARS, minimum=10.0, terms=("shop",))
    with_gap, without = (request_for(asked, facts=f) for f in (gap, gapless))
    assert judge(with_gap).credit == judge(without).credit
    said = remark(with_gap, ASSESSOR.assess(with_gap), HEALTHY)
    assert any("2017 to 2020" in q and "need not answer" in q for q in said.questions)
    assert not any("2017" in b for b in said.bullets)


def test_unknown_becomes_a_question() -> None:
    asked = criterion(CriterionKind.SHIFT, "Weekends", terms=("weekends",))
    known = criterion(CriterionKind.SKILL, "Excel", id="c2", terms=("excel",))
    request = request_for(asked, known)
    said = remark(request, ASSESSOR.assess(request), HEALTHY)
    assert "Can you work as the job needs: Weekends?" in said.questions


def test_three_bullets_say_what_is_shown_partly_shown_and_missing() -> None:
    met = criterion(CriterionKind.SKILL, "Excel", terms=("excel",))
    missing = criterion(CriterionKind.SKILL, "Welding", id="c2", terms=("welding",))
    request = request_for(met, missing)
    said = remark(request, ASSESSOR.assess(request), HEALTHY)
    assert said.bullets == (
        "Shown in the resume: Excel (1 of 2 criteria).",
        "Nothing is only partly shown.",
        "Not found: Welding.",
    )


def test_a_preferred_criterion_met_is_a_green_flag() -> None:
    met = criterion(CriterionKind.SKILL, "Excel", terms=("excel",), importance=Importance.PREFERRED)
    request = request_for(met)
    assert remark(request, ASSESSOR.assess(request), HEALTHY).green_flags == (
        "Also brings: Excel.",
    )


def test_poor_extraction_lowers_confidence() -> None:
    request = request_for(criterion(CriterionKind.SKILL, "Excel", terms=("excel",)))
    verdicts = ASSESSOR.assess(request)
    good, poor = (remark(request, verdicts, ParseHealth(h)).confidence for h in (1.0, 0.5))
    assert (good, poor) == (1.0, 0.5)


def test_the_version_names_rules_words_and_model() -> None:
    assert "letters" in ASSESSOR.version
    assert "words" in ASSESSOR.version


def test_a_resume_is_read_for_meaning_once_however_many_criteria() -> None:
    vectors = WordVectors()
    assessor = BuiltInAssessor(vectors)
    request = request_for()
    assessor.assess(request)
    before = vectors.calls
    assessor.assess(replace(request, text=PseudonymisedText(RESUME + "Tills\n", (), ())))
    assert vectors.calls == before + 1


def test_criteria_drafted_now_are_frozen_at_that_time() -> None:
    assert request_for().criteria.frozen_at == NOW
