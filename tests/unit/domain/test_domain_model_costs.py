"""Tokens are estimated rather too high, money is exact, expectations say what they rest on."""

from decimal import Decimal

import pytest

from core.domain.identity import IdentityKind
from core.domain.ids import ContentHash, DocumentHash, TenantId
from core.domain.model_costs import (
    AskedModel,
    Basis,
    PastUse,
    Price,
    Tokens,
    estimated_tokens,
    expect,
    use_by_text,
    used,
)
from core.domain.model_log import input_hash, replaced
from core.domain.prompts import Prompt
from tests.model_runs_bench import call
from tests.store_bench import criteria

MODEL = AskedModel(Prompt("screening", "1", "x" * 900), "model-x", "model.example")
PRICE = Price(Decimal("0.15"), Decimal("0.60"), "USD")


@pytest.mark.parametrize(("size", "tokens"), [(0, 0), (1, 1), (3, 1), (4, 2), (3_000, 1_000)])
def test_a_token_is_taken_for_three_bytes(size: int, tokens: int) -> None:
    assert estimated_tokens(size) == tokens


@pytest.mark.parametrize(
    ("said", "tokens"),
    [
        ({"tokens_in": 7, "tokens_out": 0}, Tokens(7, 0)),
        ({"tokens_in": None, "tokens_out": 2}, Tokens(10, 2)),
        ({"tokens_in": None, "tokens_out": None}, Tokens(10, 2)),
    ],
)
def test_what_the_service_counted_goes_before_any_estimate(
    said: dict[str, int | None], tokens: Tokens
) -> None:
    assert used(call(sent=b"x" * 30, received="äöü", **said)) == tokens


def test_a_price_is_for_a_million_tokens_and_exact() -> None:
    assert PRICE.of(Tokens(1_000_000, 1_000_000)) == Decimal("0.75")
    assert PRICE.of(Tokens(1, 0)) == Decimal("0.00000015")
    assert Price().of(Tokens(9, 9)) is None


def test_an_expectation_is_the_average_of_the_past_times_the_number() -> None:
    by_text = Tokens(1, 1)
    found = expect(MODEL, 10, PastUse(4, Tokens(4_000, 400)), by_text, PRICE)
    assert (found.tokens, found.basis, found.assessed) == (Tokens(10_000, 1_000), Basis.PAST, 4)
    assert found.cost == Decimal("0.0021")


def test_without_a_past_sizes_tell() -> None:
    asked = criteria(TenantId("t"))
    by_text = use_by_text(MODEL, asked, 1_800.0)
    assert by_text == Tokens(1_000, 150)
    assert use_by_text(MODEL, asked, None).sent > by_text.sent
    found = expect(MODEL, 10, PastUse(0, Tokens(0, 0)), by_text, PRICE)
    assert (found.tokens, found.basis) == (Tokens(10_000, 1_500), Basis.TEXT_SIZES)


def test_placeholders_are_counted_by_class_each_once() -> None:
    text = "[NAME_1] and [NAME_2], [NAME_1] again, [EMAIL_1], [NONSENSE_1], NAME_3, [BIRTH_DATE_1]"
    assert replaced(text) == {
        IdentityKind.NAME: 2,
        IdentityKind.EMAIL: 1,
        IdentityKind.BIRTH_DATE: 1,
    }


def test_another_document_or_other_criteria_are_another_input() -> None:
    one, other = DocumentHash("1"), DocumentHash("2")
    asked, changed = ContentHash("a"), ContentHash("b")
    assert len({input_hash(d, c) for d in (one, other) for c in (asked, changed)}) == 4
