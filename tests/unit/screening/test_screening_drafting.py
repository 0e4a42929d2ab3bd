"""What a draft makes of a posting."""

import pytest

from core.assist.screening import draft, lint, requisition_from_text
from core.domain.criteria import CriteriaStatus, Criterion, CriterionKind, Importance, Severity
from core.domain.ids import RequisitionId, TenantId, UserId
from core.domain.records import ListNode, Requisition
from tests.screening_bench import NOW, drafted


def of_kind(kind: CriterionKind, posting: str | None = None) -> list[Criterion]:
    made = drafted(posting) if posting else drafted()
    return [c for c in made.criteria if c.kind is kind]


def requirement(line: str) -> list[Criterion]:
    made = drafted(f"Clerk\nRequirements:\n- {line}")
    return [c for c in made.criteria if c.id != "field-of-work"]


def test_a_draft_cannot_score() -> None:
    assert drafted().status is CriteriaStatus.DRAFT


def test_drafting_twice_gives_the_same_criteria() -> None:
    assert drafted().hash == drafted().hash


def test_every_drafted_criterion_names_its_sentence() -> None:
    assert all(c.source for c in drafted().criteria)


def test_responsibilities_become_duties() -> None:
    labels = [c.label for c in of_kind(CriterionKind.DUTY)]
    assert "Open and close the shop and count the tills" in labels


def test_the_field_of_work_is_one_criterion_led_by_the_title() -> None:
    (field,) = (c for c in drafted().criteria if c.id == "field-of-work")
    assert field.terms[:3] == ("assistant", "store", "manager")


def test_years_are_read_with_their_subject() -> None:
    (years,) = of_kind(CriterionKind.YEARS)
    assert (years.minimum, "retail" in years.terms) == (3.0, True)


@pytest.mark.parametrize(
    ("line", "minimum"),
    [
        ("At least two years of nursing", 2.0),
        ("5-7 years in accounting", 5.0),
        ("Mindestens drei Jahre Erfahrung im Einzelhandel", 3.0),
        ("10+ yrs of plumbing", 10.0),
    ],
)
def test_years_are_understood_in_words_ranges_and_german(line: str, minimum: float) -> None:
    assert [c.minimum for c in requirement(line) if c.kind is CriterionKind.YEARS] == [minimum]


def test_an_age_is_never_drafted_as_years() -> None:
    assert not requirement("Must be between 25 and 35 years old")


def test_a_line_that_would_be_blocked_is_left_out() -> None:
    assert not requirement("Young male cashier")


def test_no_draft_holds_a_blocked_wording() -> None:
    made = drafted("Young energetic waiter\nDuties:\n- Serve young gentlemen with excel skills")
    assert not [c for c in lint(made) if c.severity is Severity.BLOCK]


def test_the_lower_of_two_degrees_is_the_one_asked_for() -> None:
    (degree,) = requirement("Bachelor's or Master's degree in nursing")
    assert (degree.kind, degree.level) == (CriterionKind.EDUCATION, "bachelor")


def test_a_wish_after_a_comma_does_not_soften_the_must_before_it() -> None:
    levels = {c.level: c.importance for c in of_kind(CriterionKind.EDUCATION)}
    assert levels == {"secondary": Importance.REQUIRED, "bachelor": Importance.PREFERRED}


def test_a_plus_is_preferred() -> None:
    (language,) = of_kind(CriterionKind.LANGUAGE)
    assert (language.terms[0], language.level) == ("es", "B1")
    assert language.importance is Importance.PREFERRED


def test_each_language_has_its_own_level() -> None:
    made = requirement("Sehr gute Deutschkenntnisse und gute Englischkenntnisse")
    assert {c.terms[0]: c.level for c in made} == {"de": "C1", "en": "B2"}


def test_native_is_drafted_as_a_level() -> None:
    (language,) = requirement("Native English speaker")
    assert (language.label, language.level) == ("English C1", "C1")


def test_a_language_alone_on_a_line_is_a_language() -> None:
    (language,) = requirement("Spanish")
    assert (language.kind, language.level) == (CriterionKind.LANGUAGE, "")


def test_either_of_two_languages_is_one_criterion() -> None:
    (language,) = requirement("Spanish or Mandarin")
    assert language.label == "Spanish or Chinese"
    assert {"es", "zh", "mandarin"} <= set(language.terms)


def test_a_list_of_names_becomes_one_criterion_each() -> None:
    assert [c.label for c in requirement("AWS and Terraform")] == ["AWS", "Terraform"]


def test_alternatives_stay_one_criterion() -> None:
    (certificate,) = requirement("ACCA or CIMA qualified")
    assert {"acca", "cima"} <= set(certificate.terms)


def test_a_line_of_ordinary_words_stays_whole() -> None:
    (skill,) = requirement("Order management: tracing parcels, exchanges and refunds")
    assert skill.label == "Order management: tracing parcels, exchanges and refunds"


def test_places_and_firms_do_not_stand_for_the_field() -> None:
    made = drafted("Cashier\nOverview\nYou will count tills for Northmere in Croydon every day.")
    (field,) = made.criteria
    assert not {"northmere", "croydon"} & set(field.terms)


def test_a_duty_that_says_nothing_is_left_out() -> None:
    made = drafted("Cashier\nDuties:\n- Improve what we do by hand today")
    assert [c.id for c in made.criteria] == ["field-of-work"]


def test_certificates_carry_their_other_names() -> None:
    (certificate,) = of_kind(CriterionKind.CERTIFICATE)
    assert "osha 10" in certificate.terms


def test_skills_carry_their_synonyms() -> None:
    terms = {t for c in of_kind(CriterionKind.SKILL) for t in c.terms}
    assert {"microsoft excel", "stocktaking"} <= terms


def test_shifts_weigh_less_than_skills() -> None:
    (shift,) = of_kind(CriterionKind.SHIFT)
    assert shift.weight < min(c.weight for c in of_kind(CriterionKind.SKILL))


def test_benefits_are_not_criteria() -> None:
    assert not [c for c in drafted().criteria if "insurance" in " ".join((c.label, *c.terms))]


def test_a_german_posting_is_read_like_an_english_one() -> None:
    made = drafted(
        "Buchhalter (m/w/d)\nIhre Aufgaben\n- Erstellung der Monatsabschlüsse nach HGB\n"
        "Ihr Profil\n- Abgeschlossene kaufmännische Ausbildung\n- Sicherer Umgang mit DATEV\n"
    )
    kinds = {c.kind for c in made.criteria}
    assert {CriterionKind.DUTY, CriterionKind.EDUCATION, CriterionKind.SKILL} <= kinds


def test_an_icims_job_is_drafted_from_its_three_texts() -> None:
    job = Requisition(
        id=RequisitionId("9"),
        tenant=TenantId("1"),
        title="Registered Nurse",
        folder=ListNode("D1", "Open"),
        responsibilities="- Administer medication on the ward",
        qualifications="- RN license\n- BLS preferred",
    )
    made = draft(job, now=NOW, author=UserId("u1"))
    names = {c.label: c.importance for c in made.criteria if c.kind is CriterionKind.CERTIFICATE}
    assert names == {
        "Registered nurse licence": Importance.REQUIRED,
        "BLS": Importance.PREFERRED,
    }


def test_an_empty_posting_gives_an_empty_draft() -> None:
    job = requisition_from_text("", id=RequisitionId("9"), tenant=TenantId("1"))
    assert draft(job, now=NOW, author=UserId("u1")).criteria == ()


@pytest.mark.parametrize(
    ("line", "shown_by"),
    [
        ("Triage experience in person or by phone", {"triage"}),
        ("Giving immunizations to adults and children", {"immunizations", "vaccines"}),
        ("Work with RF scanners", {"rf scanners", "rf scanner"}),
        ("Calm conflict resolution with upset customers", {"conflict resolution"}),
        ("Writing grant proposals", {"grant proposals"}),
        ("Running tills and counting cash", {"tills"}),
        ("Supervision of apprentices", {"apprentice supervision"}),
        ("Education of patients with chronic disease", {"chronic disease", "diabetes"}),
        ("Erfahrung im Umgang mit Gabelstaplern", {"gabelstaplern"}),
        (
            "Order management: tracing parcels, exchanges and refunds in an order system",
            {"order management", "tracing parcels", "exchanges", "refunds"},
        ),
    ],
)
def test_a_skill_is_asked_for_by_its_nouns(line: str, shown_by: set[str]) -> None:
    (skill,) = requirement(line)
    assert shown_by <= set(skill.terms)


@pytest.mark.parametrize(
    ("line", "broad"),
    [
        ("Education of patients with chronic disease", "patients"),
        ("Work with RF scanners", "rf"),
        ("Epic EHR", "cerner"),
        ("Triage experience in person or by phone", "experience"),
    ],
)
def test_a_skill_is_not_asked_for_by_words_that_many_share(line: str, broad: str) -> None:
    (skill,) = requirement(line)
    assert broad not in skill.terms


def test_words_that_only_frame_make_no_criterion() -> None:
    assert not requirement("Proven ability to work in a team")


def test_a_certificate_asks_for_no_less_than_the_line_does() -> None:
    (certificate,) = requirement("OSHA 10")
    assert "osha 10" in certificate.terms
    assert "osha" not in certificate.terms


def test_a_subject_nobody_names_is_not_asked_for() -> None:
    (degree,) = requirement("Bachelor's degree in a quantitative subject")
    assert degree.terms == ()


RESPONSIBILITIES = (
    "Nurse\nDuties:\n- Dress wounds and change drips\n- Weigh infants and chart fevers\n"
)
QUALIFICATIONS = "Requirements:\n- Wound care\n- BLS\n- 2 years of nursing\n"


def weights(posting: str) -> tuple[float, float]:
    duties = of_kind(CriterionKind.DUTY, posting)
    field = sum(c.weight for c in duties if c.id == "field-of-work")
    return field, sum(c.weight for c in duties) - field


def test_qualifications_lead_where_a_posting_has_them() -> None:
    field, duties = weights(RESPONSIBILITIES + QUALIFICATIONS)
    asked = [c for c in drafted(RESPONSIBILITIES + QUALIFICATIONS).criteria if c.kind != "duty"]
    assert duties < field <= max(c.weight for c in asked)


def test_responsibilities_lead_where_a_posting_has_nothing_else() -> None:
    alone, beside = weights(RESPONSIBILITIES), weights(RESPONSIBILITIES + QUALIFICATIONS)
    assert alone[0] > beside[0]
    assert alone[1] > beside[1]


def test_meeting_all_that_is_required_outweighs_all_that_is_preferred() -> None:
    made = drafted(QUALIFICATIONS.join(("Nurse\n", "Preferred:\n- Epic EHR\n- Phlebotomy\n")))
    required = sum(c.weight for c in made.criteria if c.importance is Importance.REQUIRED)
    preferred = sum(c.weight for c in made.criteria if c.importance is Importance.PREFERRED)
    assert preferred
    assert required > 4 * preferred


def test_the_field_is_named_in_words_a_recruiter_would_use() -> None:
    (field,) = (c for c in drafted().criteria if c.id == "field-of-work")
    assert field.label == "Experience in this kind of work: Assistant Store Manager"
