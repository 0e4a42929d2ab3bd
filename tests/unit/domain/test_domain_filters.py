"""Narrowing a pipeline, and the question as part of an address."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.assessment import Score, Standing
from core.domain.document import FlagKind
from core.domain.filters import (
    NAMES,
    Asked,
    Choice,
    Looked,
    PipelineFilter,
    Range,
    SavedView,
    decode,
    encode,
)
from core.domain.ids import (
    ApplicationId,
    CriterionId,
    PersonId,
    RequisitionId,
    SavedViewId,
    UserId,
)
from core.domain.judgement import Hidden, Leaning
from core.domain.routing import Eyes, Suggestion
from core.domain.rows import PipelineRow, WorkState
from core.errors import InvalidInput
from tests.store_bench import NOON

LICENCE, SAP = CriterionId("licence"), CriterionId("sap")
ROW = PipelineRow(
    application_id=ApplicationId("7001"),
    person_id=PersonId("2101"),
    name="Anna-Lena Berg",
    stage="Phone screen",
    applied_at=NOON - timedelta(days=4),
    days_waiting=4,
    state=WorkState.PROPOSED,
    score=Score(value=64, band=5),
    confidence=0.71,
    parse_health=0.9,
    standings={Standing.MET: 1, Standing.NOT_SHOWN: 1},
    required_met=1,
    required_total=2,
    suggestion=Suggestion.REVIEW,
    close_call=False,
    ungraded="",
    flags=("photo", "tiny_text"),
    proposal_id=None,
    icims_url="https://example.invalid/1",
    verdicts={LICENCE: Standing.MET, SAP: Standing.NOT_SHOWN},
    own_view=Leaning.ADVANCE,
    looks=1,
    looked=False,
    reasons=(Eyes.FLAGGED,),
)
UNSCORED = replace(
    ROW,
    score=None,
    confidence=None,
    parse_health=None,
    verdicts={},
    standings={},
    required_met=0,
    required_total=0,
    suggestion=None,
    days_waiting=None,
    own_view=None,
    looks=0,
    reasons=(),
    flags=(),
)
HOLD = {
    "nothing": PipelineFilter(),
    "name": PipelineFilter(name="BERG anna"),
    "met": PipelineFilter(criteria=(Asked(LICENCE, Standing.MET),)),
    "not met": PipelineFilter(criteria=(Asked(SAP, Standing.MET, negated=True),)),
    "score": PipelineFilter(score=Range(64, 64)),
    "confidence": PipelineFilter(confidence=Range(71, 71)),
    "health": PipelineFilter(health=Range(high=90)),
    "days": PipelineFilter(days=Range(low=4)),
    "required": PipelineFilter(required=Range(1, 1)),
    "stage": PipelineFilter(stage=Choice(frozenset({"Phone screen", "Offer"}))),
    "not the stage": PipelineFilter(stage=Choice(none=frozenset({"Offer"}))),
    "state": PipelineFilter(state=Choice(frozenset({"proposed"}))),
    "flag": PipelineFilter(flag=Choice(frozenset({"photo"}), frozenset({"hidden_text"}))),
    "view": PipelineFilter(view=Choice(frozenset({"advance"}))),
    "looked": PipelineFilter(looked=Looked.NOT_ME),
    "eyes": PipelineFilter(eyes=True),
    "words are left to the search": PipelineFilter(words="cobol"),
}
DO_NOT = {
    "name": PipelineFilter(name="berg otto"),
    "met": PipelineFilter(criteria=(Asked(SAP, Standing.MET),)),
    "all criteria": PipelineFilter(
        criteria=(Asked(LICENCE, Standing.MET), Asked(SAP, Standing.MET))
    ),
    "score": PipelineFilter(score=Range(65)),
    "flag": PipelineFilter(flag=Choice(none=frozenset({"photo"}))),
    "stage": PipelineFilter(stage=Choice(none=frozenset({"Phone screen"}))),
    "nobody looked": PipelineFilter(looked=Looked.NOBODY),
    "one part of two": PipelineFilter(name="Berg", days=Range(high=3)),
}


@pytest.mark.parametrize("asked", HOLD.values(), ids=HOLD.keys())
def test_a_row_answers(asked: PipelineFilter) -> None:
    assert asked.holds(ROW)


@pytest.mark.parametrize("asked", DO_NOT.values(), ids=DO_NOT.keys())
def test_a_row_does_not_answer(asked: PipelineFilter) -> None:
    assert not asked.holds(ROW)


def test_what_is_unknown_is_in_no_range_and_satisfies_only_a_not() -> None:
    for part in ("score", "confidence", "health", "days", "required"):
        assert not PipelineFilter(**{part: Range(low=0)}).holds(UNSCORED)  # type: ignore[arg-type]
    assert not PipelineFilter(criteria=(Asked(SAP, Standing.NO_DATA),)).holds(UNSCORED)
    assert PipelineFilter(criteria=(Asked(SAP, Standing.MET, negated=True),)).holds(UNSCORED)


def test_an_empty_question_shows_everybody() -> None:
    assert PipelineFilter().is_empty
    for row in (ROW, UNSCORED, replace(UNSCORED, hidden=Hidden.OWN_VIEW_FIRST)):
        assert PipelineFilter().holds(row)


_END = st.none() | st.integers(0, 999_999)
_RANGES = st.tuples(_END, _END).map(
    lambda ends: Range(*sorted(ends)) if None not in ends else Range(*ends)  # type: ignore[type-var]
)
_TEXT = st.text(max_size=60).map(lambda text: " ".join(text.split()))
_LABEL = st.text(st.sampled_from(list("ab!=: é.")), min_size=1, max_size=9) | st.text(
    min_size=1, max_size=20
)


def _choices(labels: st.SearchStrategy[str]) -> st.SearchStrategy[Choice]:
    sets = st.frozensets(labels, max_size=5)
    return st.builds(Choice, sets, sets)


_ASKED = st.builds(
    Asked,
    st.text(st.sampled_from(list("abc-:1")), min_size=1, max_size=9).map(CriterionId),
    st.sampled_from(Standing),
    st.booleans(),
)
_FILTERS = st.builds(
    PipelineFilter,
    name=_TEXT,
    words=_TEXT,
    criteria=st.lists(_ASKED, max_size=4).map(tuple),
    score=_RANGES,
    confidence=_RANGES,
    health=_RANGES,
    days=_RANGES,
    required=_RANGES,
    stage=_choices(_LABEL),
    state=_choices(st.sampled_from([state.value for state in WorkState])),
    flag=_choices(st.sampled_from([flag.value for flag in FlagKind])),
    view=_choices(st.sampled_from([leaning.value for leaning in Leaning])),
    looked=st.none() | st.sampled_from(Looked),
    eyes=st.booleans(),
)


@given(_FILTERS)
def test_a_question_comes_back_from_its_address(asked: PipelineFilter) -> None:
    address = encode(asked)
    assert set(address) <= NAMES
    assert all(values and all(values) for values in address.values())
    assert decode({name: tuple(values) for name, values in address.items()}) == asked


@given(
    st.dictionaries(
        st.sampled_from(sorted(NAMES)) | st.text(max_size=5),
        st.lists(st.text(max_size=20), max_size=80).map(tuple),
    )
)
def test_any_address_can_be_read_and_read_again(junk: dict[str, tuple[str, ...]]) -> None:
    asked = decode(junk)
    again = {name: tuple(values) for name, values in encode(asked).items()}
    assert decode(again) == asked


JUNK = {
    "score": ("40", "a..b", "-1..5", "80..40", "4²..", "1000000..", "..1e5", "1..2..3"),
    "state": ("Proposed", "nonsense", "!nonsense", "!"),
    "flag": ("resume", ""),
    "view": ("reject",),
    "criterion": ("licence", "licence:good", ":met", "!:met"),
    "looked": ("everybody",),
    "eyes": ("yes", "0"),
    "elsewhere": ("x",),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in JUNK.items() for value in values],
    ids=[f"{name} {place}" for name, values in JUNK.items() for place, _ in enumerate(values)],
)
def test_what_an_address_cannot_mean_asks_nothing(name: str, value: str) -> None:
    assert decode({name: (value,)}).is_empty


def test_an_address_cannot_ask_without_end() -> None:
    asked = decode({"name": ("a" * 9_999,), "stage": tuple(str(n) for n in range(999))})
    assert len(asked.name) == 400
    assert len(asked.stage.some) == 60


@pytest.mark.parametrize("name", ["", "  ", "n" * 61], ids=["none", "blank", "long"])
def test_a_saved_view_needs_a_short_name(name: str) -> None:
    with pytest.raises(InvalidInput):
        SavedView(
            id=SavedViewId("v"),
            requisition_id=RequisitionId("101"),
            name=name,
            asked=PipelineFilter(),
            by=UserId("rosa"),
        )
