"""The world must be worth ranking: papers and outcomes follow from what people bring."""

from collections import Counter
from datetime import date
from itertools import combinations, pairwise
from statistics import mean

from hypothesis import given, settings
from hypothesis import strategies as st

from core.sandbox.icims.world import DemoWorld
from core.sandbox.icims.world.careers import month_of
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.merit import Band
from core.sandbox.icims.world.people import plain
from core.sandbox.icims.world.phrases import sentence, within
from core.sandbox.icims.world.population import Population
from core.sandbox.icims.world.resume import Resume, write_resume

AS_OF = date(2026, 11, 2)
PEOPLE = 500


def resume_of(population: Population, person: int) -> Resume:
    return write_resume(population.library, population.life(person), population.draw("r", person))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 5), customer=st.sampled_from(("4711", "8820")), place=st.floats(0, 0.999)
)
def test_positions_follow_one_another_without_overlap(
    seed: int, customer: str, place: float
) -> None:
    population = DemoWorld(seed, PEOPLE, AS_OF).population(customer)
    life = population.life(int(place * population.plan.people))
    positions = life.career.positions
    ends = [position.end or life.written for position in positions]
    assert all(p.start < end for p, end in zip(positions, ends, strict=True))
    assert all(older.end is not None for older in positions[1:])
    assert all((older.end or 0) <= newer.start for newer, older in pairwise(positions))
    assert max([*ends, 0]) <= month_of(AS_OF)
    first = min([life.written, *(p.start for p in positions)])
    assert all(s.start < s.end < first for s in life.career.schooling)
    assert life.career.born + 16 * 12 < first


def test_titles_of_one_trade_do_not_fall_over_time(world: DemoWorld) -> None:
    population = world.population("4711")
    for person in range(0, population.plan.people, 9):
        for newer, older in pairwise(population.life(person).career.positions):
            if newer.occupation == older.occupation:
                assert newer.level >= older.level


def test_months_in_the_trade_are_the_months_on_paper(world: DemoWorld) -> None:
    population = world.population("4711")
    for person in range(0, population.plan.people, 9):
        life = population.life(person)
        own = [p for p in life.career.positions if p.occupation == life.merit.occupation]
        on_paper = sum((p.end or life.written) - p.start for p in own)
        assert on_paper <= life.merit.months <= on_paper + 3 or len(life.career.positions) == 7


def test_strong_applicants_fit_better_than_partial_weak_and_changing_ones(
    world: DemoWorld,
) -> None:
    population = world.population("4711")
    fits: dict[Band, list[float]] = {band: [] for band in Band}
    for person in range(population.plan.people):
        fits[population.merit(person).band].append(next(population.candidacies(person)).fit)
    means = [mean(fits[band]) for band in (Band.STRONG, Band.PARTIAL, Band.WEAK, Band.CHANGER)]
    assert means == sorted(means, reverse=True)
    assert means[0] - means[2] > 0.3


def test_hired_fit_better_than_interviewed_and_these_better_than_rejected(
    world: DemoWorld,
) -> None:
    population = world.population("4711")
    fits: dict[str, list[float]] = {"hired": [], "interviewed": [], "rejected": []}
    for person in range(population.plan.past_people):
        candidacy = next(population.candidacies(person))
        how_far = "hired" if candidacy.reached("Hired") else "interviewed"
        fits[how_far if candidacy.reached("Interview") else "rejected"].append(candidacy.fit)
    assert mean(fits["hired"]) > mean(fits["interviewed"]) + 0.03
    assert mean(fits["interviewed"]) > mean(fits["rejected"]) + 0.15
    assert max(fits["rejected"]) > min(fits["hired"]), "outcomes carry noise"


def test_resumes_show_the_abilities_people_have_and_no_others(world: DemoWorld) -> None:
    population = world.population("4711")
    known = population.library.occupations["contact_centre"].abilities
    shown: Counter[bool] = Counter()
    for person in _applicants(population, "support_austin"):
        text = _text(resume_of(population, person))
        has = population.merit(person).abilities
        assert "zendesk" in has or "Zendesk queue" not in text
        shown.update(known[key].skill[""] in text for key in has)
    assert shown[True] > 0.8 * shown.total()


def test_nurses_do_not_read_alike(world: DemoWorld) -> None:
    lines: Counter[str] = Counter()
    resumes: list[set[str]] = []
    for customer, key in (("4711", "clinic_nurse_nyc"), ("8820", "icu_houston")):
        population = world.population(customer)
        for person in _applicants(population, key):
            experience = resume_of(population, person).section("experience")
            entries = experience.entries if experience else ()
            resumes.append({b for entry in entries for b in entry.bullets})
            lines.update(resumes[-1])
    assert len(resumes) > 200
    assert max(lines.values()) < 0.08 * len(resumes)
    full = [said for said in resumes if len(said) >= 6]
    assert len(full) > 100
    assert max(len(a & b) / len(a) for a, b in combinations(full, 2)) <= 0.5


def test_no_resume_says_the_same_thing_twice(world: DemoWorld) -> None:
    population = world.population("4711")
    for person in range(0, population.plan.people, 7):
        experience = resume_of(population, person).section("experience")
        said = [b for entry in experience.entries for b in entry.bullets] if experience else []
        assert len(said) == len(set(said))


def test_a_second_application_is_by_the_same_person_to_another_job(world: DemoWorld) -> None:
    population = world.population("4711")
    twice = [list(population.candidacies(person)) for person in range(0, population.plan.people, 5)]
    pairs = [found for found in twice if len(found) == 2]
    assert 0.1 < len(pairs) / len(twice) < 0.3
    assert all(first.job is not second.job for first, second in pairs)


@given(st.text(alphabet="abc {}|-0123456789/", max_size=30), st.integers(0, 99))
def test_a_phrase_without_braces_stays_as_written(text: str, seed: int) -> None:
    bare = text.replace("{", "").replace("}", "").upper()
    assert sentence(bare, {}, Draw(seed)) == bare


@given(st.integers(0, 300))
def test_a_filled_phrase_has_no_brace_left(seed: int) -> None:
    slots = {"ward": ("ICU", "oncology with {3-4} beds"), "n": ("one",)}
    filled = sentence("On {ward} and {ward}: {8-12/2} {a|b|c} {^n}", slots, Draw(seed))
    assert "{" not in filled
    assert "ICU" in filled
    assert "oncology" in filled


def test_no_sentence_claims_more_time_than_the_job_lasted() -> None:
    assert within(20, "no injury in 6 years") == "no injury in a year"
    assert within(40, "over five quarters") == "over five quarters"
    assert within(30, "unfallfrei seit 7 Jahren") == "unfallfrei seit 2 Jahren"


def test_german_and_polish_names_become_ascii_addresses() -> None:
    assert plain("Łukasz") == "lukasz"
    assert plain("Şeyma Öztürk") == "seymaoeztuerk"
    assert plain("Jörg") == "joerg"


def _applicants(population: Population, key: str) -> list[int]:
    return [
        person
        for person in range(population.plan.people)
        if population.plan.job_of(person).opening.key == key
        and population.life(person).opening.key == key
    ]


def _text(resume: Resume) -> str:
    parts = [
        *(line for section in resume.sections for line in section.lines),
        *(b for s in resume.sections for e in s.entries for b in (e.title, *e.bullets)),
    ]
    return "\n".join(parts)
