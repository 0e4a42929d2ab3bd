"""A language model as the settings wire it."""

from collections.abc import Iterator

import pytest

from core.assist.screening import read_prompt
from core.bootstrap import connected_model, load_settings
from core.domain.assessment import Standing
from core.errors import InvalidInput, LeakDetected
from core.ports import Assessor
from tests.llm_bench import Provider, finding_nothing, serving
from tests.screening_bench import RESUME, request_for


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with serving() as running:
        monkeypatch.setenv("COPILOT_LLM_BASE_URL", running.url)
        monkeypatch.setenv("COPILOT_LLM_API_KEY", "k")
        monkeypatch.setenv("COPILOT_LLM_MODEL", "m")
        monkeypatch.setenv("COPILOT_LLM_MAX_TOKENS", "77")
        running.always = finding_nothing
        yield running


def judge() -> Assessor:
    """Connect the model of the settings."""
    model = connected_model(load_settings())
    assert model is not None
    return model.judge(read_prompt())


def test_the_model_is_asked_as_the_settings_say(provider: Provider) -> None:
    first = judge()
    verdicts = first.assess(request_for())
    assert {v.standing for v in verdicts} == {Standing.NOT_SHOWN}
    assert provider.requests[0]["max_completion_tokens"] == 77
    assert first.version.endswith("m@127.0.0.1")


def test_what_looks_like_an_identity_never_reaches_the_model(provider: Provider) -> None:
    with pytest.raises(LeakDetected):
        judge().assess(request_for(resume=f"{RESUME}\nrosa.delgado@example.com"))
    assert provider.bodies == []


def test_a_model_without_an_address_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_LLM_MODEL", "m")
    with pytest.raises(InvalidInput, match="COPILOT_LLM_BASE_URL"):
        connected_model(load_settings())


@pytest.mark.parametrize("name", ["SILENCE_SECONDS", "OVERALL_SECONDS", "MAX_TOKENS", "AT_ONCE"])
def test_a_bound_of_nothing_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"COPILOT_LLM_{name}", "0")
    with pytest.raises(InvalidInput, match=f"COPILOT_LLM_{name}"):
        load_settings()
