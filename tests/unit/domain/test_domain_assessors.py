"""What people call an assessor."""

import pytest

from core.domain.assessors import assessor_name


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("built-in-6 words-2.7 minilm-l6-v2-int8-1a2b3c4d", "Built-in assessor, version 6"),
        ("built-in/1", "Built-in assessor, version 1"),
        ("model-1 prompt-2 gpt-x@ai.example.com", "AI model gpt-x, instructions version 2"),
        ("twin", "Assessor twin"),
    ],
)
def test_an_assessor_is_named_in_plain_words(version: str, name: str) -> None:
    assert assessor_name(version) == name
