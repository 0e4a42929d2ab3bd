"""Which wordings are stopped, which are questioned, which are fine."""

import pytest

from core.assist.screening import lint, require_lawful
from core.assist.screening.lint import trait_rules
from core.domain.criteria import CriterionKind, Severity
from core.errors import CriteriaRefused
from tests.screening_bench import criterion, drafted, frozen

BLOCKED = [
    ("Young cashier", "age"),
    ("Between 25 and 35 years old", "age"),
    ("Nicht älter als 40", "age"),
    ("Junger Mitarbeiter gesucht", "age"),
    ("Female receptionist", "sex-gender"),
    ("Nur Männer", "sex-gender"),
    ("No pregnancy planned", "pregnancy-family"),
    ("Ledig, kinderlos", "pregnancy-family"),
    ("German-born", "origin"),
    ("Akzentfreies Deutsch", "origin"),
    ("Christian values", "religion"),
    ("Able-bodied", "disability"),
    ("Only people without disabilities", "disability"),
    ("Körperlich fit", "disability"),
    ("Heterosexual", "orientation"),
    ("No union members", "politics-union"),
    ("No reserve obligations", "veteran"),
]
QUESTIONED = [
    ("Recent graduate", "age-proxy"),
    ("Digital native", "age-proxy"),
    ("Native English speaker", "native-speaker"),
    ("Deutsch auf Muttersprachniveau", "native-speaker"),
    ("Canadian experience", "local-experience"),
    ("Good culture fit", "culture-fit"),
    ("Lives in ZIP code 60601", "address"),
    ("Ivy League degree", "pedigree"),
    ("No employment gaps", "gap"),
    ("Clean criminal record", "criminal-record"),
    ("Salary history", "credit-pay-history"),
    ("Must lift 50 lbs", "disability-proxy"),
    ("U.S. citizens only", "citizenship"),
    ("Salesman", "gendered-title"),
]
FINE = [
    "3+ years of retail experience",
    "Teaching young children to read",
    "Answer within under 10 minutes",
    "Teach pupils aged 10 to 14",
    "Care for pregnant patients on the maternity ward",
    "Lessons at a Catholic school",
    "Care for children with chronic illnesses",
    "Manages a team of 25 people",
    "Sehr gute Deutschkenntnisse",
    "Right to work in the UK",
    "German C1",
    "Bachelor's degree or equivalent experience",
    "Wound care and medication administration",
]


@pytest.mark.parametrize(("wording", "rule"), BLOCKED)
def test_protected_attributes_are_blocked(wording: str, rule: str) -> None:
    assert (Severity.BLOCK, rule) in {(c.severity, c.rule) for c in lint(wording)}


@pytest.mark.parametrize(("wording", "rule"), QUESTIONED)
def test_proxies_are_warned_about_and_not_blocked(wording: str, rule: str) -> None:
    found = lint(wording)
    assert rule in {c.rule for c in found}
    assert all(c.severity is Severity.WARN for c in found)


@pytest.mark.parametrize("wording", FINE)
def test_what_the_work_needs_is_left_alone(wording: str) -> None:
    assert lint(wording) == ()


def test_a_blocked_word_hidden_among_the_terms_is_found() -> None:
    asked = criterion(CriterionKind.SKILL, "Cashier", terms=("till", "young cashier"))
    assert [c.rule for c in lint(frozen(asked))] == ["age"]


def test_protected_attribute_blocks_freeze() -> None:
    with pytest.raises(CriteriaRefused, match="Young"):
        require_lawful(frozen(criterion(CriterionKind.SKILL, "Young cashier")))


def test_a_warning_does_not_block_freeze() -> None:
    require_lawful(frozen(criterion(CriterionKind.LANGUAGE, "Native speaker", terms=("en",))))


def test_blocking_concerns_come_first() -> None:
    severities = [c.severity for c in lint("Native speaker, energetic, young")]
    assert severities == sorted(severities, key=lambda s: s is Severity.WARN)


def test_a_draft_of_an_ordinary_posting_is_lawful() -> None:
    require_lawful(drafted())


def test_every_rule_says_why_and_on_what_ground() -> None:
    rules = trait_rules()
    assert all(r.message and r.source for r in rules)
    assert len({r.id for r in rules}) == len(rules)
