"""What is quoted, and how much a worded skill and counted years are worth."""

import pytest

from core.assist.screening import BuiltInAssessor
from core.domain.assessment import AssessmentRequest, Standing, Verdict
from core.domain.criteria import Criterion, CriterionKind
from core.domain.document import (
    DegreeLevel,
    Education,
    LanguageSkill,
    Month,
    Position,
    ResumeFacts,
    Span,
)
from tests.screening_bench import WordVectors, criterion, drafted, request_for

ASSESSOR = BuiltInAssessor(WordVectors())


def judge(request: AssessmentRequest) -> Verdict:
    return ASSESSOR.assess(request)[0]


def skill(line: str) -> Criterion:
    made = drafted(f"Clerk\nRequirements:\n- {line}")
    return next(c for c in made.criteria if c.kind is CriterionKind.SKILL)


def quotes(asked: Criterion, resume: str) -> list[str]:
    return [e.quote for e in judge(request_for(asked, resume=resume)).evidence]


def standing(line: str, resume: str) -> Standing:
    return judge(request_for(skill(line), resume=resume)).standing


def test_a_quote_from_a_long_list_holds_the_term() -> None:
    many = ", ".join(f"Ledger task {n}" for n in range(30))
    resume = f"Skills: {many}, Zendesk, {many}\n"
    (quote,) = quotes(skill("Experience working tickets in Zendesk"), resume)
    assert "Zendesk" in quote
    assert len(quote) <= 160


def test_every_quote_of_a_met_skill_holds_what_was_asked_for() -> None:
    resume = "Worked a Zendesk queue of 40 tickets\nLogged every case in Salesforce tickets\n"
    assert quotes(skill("Experience working tickets in Zendesk"), resume) == [
        "Worked a Zendesk queue of 40 tickets"
    ]


def test_nothing_is_quoted_twice() -> None:
    resume = (
        "Counted stock in Excel weekly\nSales\nCounted stock in  Excel weekly\nExcel weekly ok\n"
    )
    found = [" ".join(q.split()) for q in quotes(skill("Advanced Excel"), resume)]
    assert len(found) == len(set(found))


def test_a_fragment_is_not_quoted_where_there_is_a_sentence() -> None:
    resume = "Excel\nBuilt the forecast in Excel and documented it\n"
    assert quotes(skill("Advanced Excel"), resume) == [
        "Built the forecast in Excel and documented it"
    ]


def test_a_sentence_is_quoted_before_a_list() -> None:
    resume = "Word, Excel, Access, Outlook, Visio\nBuilt the forecast in Excel for us\n"
    assert quotes(skill("Advanced Excel"), resume)[0].startswith("Built")


def test_a_sentence_cut_by_the_edge_of_the_paper_is_quoted_whole() -> None:
    resume = "Prepared the yearly accounts of twelve charities and taught\ntheir treasurers Excel\n"
    assert quotes(skill("Advanced Excel"), resume) == [resume.strip()]


def test_a_name_cut_by_the_edge_of_the_paper_is_found() -> None:
    resume = "Salesforce Service\nCloud\n"
    assert quotes(skill("Experience with Salesforce Service Cloud"), resume)


def test_no_quote_ends_in_an_open_bracket() -> None:
    asked = criterion(CriterionKind.CERTIFICATE, terms=("forklift certification",))
    assert quotes(asked, "Forklift Certification (OSHA [ID_1])\n") == ["Forklift Certification"]


@pytest.mark.parametrize("wording", ["Triaged 40 patients", "Triaging by phone", "Phone triage"])
def test_a_worded_skill_is_found_in_any_form(wording: str) -> None:
    assert standing("Triage experience in person or by phone", wording) is Standing.MET


def test_a_name_is_not_found_in_another_word() -> None:
    assert standing("Docker", "Loaded trucks at nine docks\n") is Standing.NOT_SHOWN


def test_a_short_name_in_small_letters_is_found() -> None:
    assert standing("dbt", "Moved all reporting to dbt last year\n") is Standing.MET


ORDERS = "Order management: tracing parcels, exchanges and refunds in an order system"


@pytest.mark.parametrize(
    ("resume", "found"),
    [
        ("Order management in SAP\n", Standing.MET),
        ("Keyed exchanges and refunds all day\n", Standing.MET),
        ("Checked refunds with finance\nMade exchanges at the desk\n", Standing.PARTLY),
        ("Traced lost parcels with carriers\n", Standing.PARTLY),
        ("Answered the phone\n", Standing.NOT_SHOWN),
    ],
)
def test_details_after_a_colon_show_a_skill_together_and_part_of_it_alone(
    resume: str, found: Standing
) -> None:
    assert standing(ORDERS, resume) is found


def test_a_duty_is_not_borne_out_by_a_single_shared_word() -> None:
    line = "Replenish wave docks by truck"
    asked = criterion(CriterionKind.DUTY, line, source=line, terms=("wave", "docks", "truck"))
    assert judge(request_for(asked, resume="Waved the finish flag\n")).evidence == ()


def test_nationality_is_no_evidence_of_a_language() -> None:
    resume = "Staatsangehörigkeit\ndeutsch\n"
    start = resume.index("deutsch")
    known = LanguageSkill("de", "", Span(start, start + 7))
    asked = criterion(CriterionKind.LANGUAGE, terms=("de", "deutsch"), level="B1")
    verdict = judge(request_for(asked, resume=resume, facts=ResumeFacts(languages=(known,))))
    assert verdict.evidence == ()


def test_the_degree_is_quoted_and_not_the_school() -> None:
    resume = "Calder College\nBachelor of Science in Nursing\n"
    entry = Education(span=Span(0, len(resume)), level=DegreeLevel.BACHELOR)
    asked = criterion(CriterionKind.EDUCATION, level="bachelor")
    verdict = judge(request_for(asked, resume=resume, facts=ResumeFacts(education=(entry,))))
    assert [e.quote for e in verdict.evidence] == ["Bachelor of Science in Nursing"]


POSTING = "Store Manager\nRequirements:\n- {line}\n- Sales floor, tills, stock and rosters\n"


def years(line: str, title: str, work: str, first: Month, last: Month) -> Verdict:
    resume = f"{title}\n{first.year} - {last.year}\n{work}\n"
    held = Position(title=title, employer="", span=Span(0, len(resume)), start=first, end=last)
    asked = drafted(POSTING.format(line=line)).criteria
    made = request_for(*asked, resume=resume, facts=ResumeFacts(positions=(held,)))
    number = next(n for n, c in enumerate(asked) if c.kind is CriterionKind.YEARS)
    return ASSESSOR.assess(made)[number]


MARCH_2019, MARCH_2023 = Month(2019, 3), Month(2023, 3)


def test_years_count_in_a_position_of_the_field_that_does_not_name_it() -> None:
    work = "Kept the tills, the stock and the sales floor"
    verdict = years("3 years in retail", "Key Holder", work, MARCH_2019, MARCH_2023)
    assert verdict.standing is Standing.MET


def test_years_in_another_field_do_not_count() -> None:
    verdict = years("3 years in retail", "Welder", "Welded steam pipes", MARCH_2019, MARCH_2023)
    assert verdict.standing is Standing.NOT_SHOWN


@pytest.mark.parametrize(
    ("title", "found"),
    [("Retail Supervisor", Standing.MET), ("Retail Assistant", Standing.NOT_SHOWN)],
)
def test_years_of_leading_count_only_where_somebody_led(title: str, found: Standing) -> None:
    verdict = years("3 years leading a retail team", title, "Tills", MARCH_2019, MARCH_2023)
    assert verdict.standing is found


def test_fewer_years_than_asked_for_are_never_called_met() -> None:
    verdict = years("5 years in retail", "Retail Clerk", "Tills", MARCH_2019, MARCH_2023)
    assert verdict.standing is Standing.PARTLY


def test_years_are_borne_out_by_title_and_dates_together() -> None:
    verdict = years("3 years in retail", "Retail Clerk", "Tills", MARCH_2019, MARCH_2023)
    assert verdict.evidence[0].quote == "Retail Clerk\n2019 - 2023"


def test_a_position_of_the_same_title_shows_the_field() -> None:
    posting = "Store Manager\nDuties:\n- Plan rosters\n- Count tills and stock\n"
    asked = next(c for c in drafted(posting).criteria if c.id == "field-of-work")
    resume = "Store Manager\nCounted tills\n"
    held = Position(title="Store Manager", employer="", span=Span(0, len(resume)))
    with_title = request_for(asked, resume=resume, facts=ResumeFacts(positions=(held,)))
    without = request_for(asked, resume=resume)
    assert (judge(with_title).credit or 0) > (judge(without).credit or 0)
