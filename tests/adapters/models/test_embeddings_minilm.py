"""The embedding model: offline, deterministic, close where the meaning is."""

from collections.abc import Sequence
from functools import cache
from math import isclose

import pytest

from core.embeddings import MiniLm
from core.embeddings.minilm import SHA256


@cache
def model(threads: int = 1) -> MiniLm:
    return MiniLm(threads)


def cosine(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def test_vectors_have_384_numbers_and_length_one() -> None:
    (vector,) = model().embed(["Administered medication on a surgical ward"])
    assert len(vector) == 384
    assert isclose(cosine(vector, vector), 1.0, abs_tol=1e-3)


def test_nothing_gives_nothing() -> None:
    assert model().embed([]) == []


def test_an_empty_passage_has_a_vector_too() -> None:
    assert len(model().embed([""])[0]) == 384


def test_like_meaning_is_closer_than_like_words() -> None:
    asked, same, other = model().embed(
        ["Registered nurse", "Cared for patients on a hospital ward", "Registered a trade mark"]
    )
    assert cosine(asked, same) > cosine(asked, other)


def test_the_same_text_has_the_same_vector_in_any_company() -> None:
    alone = model().embed(["Balanced the ledgers"])[0]
    crowd = model().embed(["Fried fish", "Balanced the ledgers", "word " * 200])
    assert crowd[1] == alone


def test_the_same_text_has_the_same_vector_on_any_number_of_threads() -> None:
    text = ["Reconciled bank statements and closed the books each month"]
    assert model(1).embed(text) == model(2).embed(text)


def test_a_very_long_passage_is_cut_not_refused() -> None:
    assert len(model().embed(["ledger " * 5000])[0]) == 384


def test_the_version_names_the_model_file() -> None:
    assert SHA256[:8] in model().version
    assert SHA256.startswith("8199be6f")


@pytest.mark.parametrize("text", ["naïve café", "日本語の履歴書", "\x00\ufffd", "🙂"])
def test_any_characters_can_be_embedded(text: str) -> None:
    assert len(model().embed([text])[0]) == 384
