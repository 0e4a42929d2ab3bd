"""The model over a real server, llama.cpp, with a model whose opinions do not matter."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest

from core.domain.identity import PseudonymisedText
from core.domain.model_runs import Completion, ModelCall, Outcome, PromptRef
from core.errors import ModelUnavailable, WorkStopped
from core.llm import Bounds, OpenAiModel
from tests.llm_bench import KeptWatch

if find_spec("xllamacpp") is None:
    pytest.skip("no xllamacpp, which exists for Linux on x86_64", allow_module_level=True)

ROOT = Path(__file__).parents[3]
# Every string is one of a few: a model of random weights would never close a free one.
VERDICTS: dict[str, object] = {
    "type": "object",
    "properties": {
        "verdicts": {
            "type": "array",
            "minItems": 2,
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {
                    "criterion": {"type": "string", "enum": ["tills", "excel"]},
                    "sure": {"type": "boolean"},
                },
                "required": ["criterion", "sure"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["verdicts"],
    "additionalProperties": False,
}
LONG: dict[str, object] = {"type": "string", "enum": ["long " * 2_400]}


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("model")
    with (place / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.tiny_model", str(place)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        with server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address, (place / "log").read_text()
            yield f"{address}/v1"
            # Closes its standard input, which ends it.
            server.communicate(timeout=60)


@pytest.fixture
def watch() -> KeptWatch:
    return KeptWatch()


def ask(
    url: str,
    watch: KeptWatch,
    *,
    schema: dict[str, object] = VERDICTS,
    text: str = "Kept the books of [ORG_1].",
    max_tokens: int = 4096,
) -> str:
    model = OpenAiModel(
        base_url=url,
        api_key="none",
        model="tiny",
        check=lambda _: None,
        clock=RealClock(),
        bounds=Bounds(max_tokens=max_tokens),
    )
    completion = Completion(
        prompt=PromptRef("screening", "1"),
        system="Judge.",
        text=PseudonymisedText(text, (), ()),
        schema=schema,
        watch=watch,
    )
    return model.complete(completion)


def only(watch: KeptWatch) -> ModelCall:
    (call,) = watch.calls
    return call


def test_a_reply_is_json_of_the_schema(url: str, watch: KeptWatch) -> None:
    reply = json.loads(ask(url, watch))
    jsonschema.validate(reply, VERDICTS)
    assert only(watch).outcome is Outcome.ANSWERED


def test_the_same_question_has_the_same_answer(url: str, watch: KeptWatch) -> None:
    assert ask(url, watch) == ask(url, watch)


def test_a_record_holds_what_was_sent_what_came_and_what_the_server_counted(
    url: str, watch: KeptWatch
) -> None:
    reply = ask(url, watch)
    call = only(watch)
    assert json.loads(call.sent)["response_format"]["json_schema"]["schema"] == VERDICTS
    assert watch.admitted == [(len(call.sent), 4096)]
    assert call.received == reply
    assert (call.tokens_in or 0) > len(json.loads(call.sent)["messages"][1]["content"])
    assert (call.tokens_out or 0) >= len(reply)


def test_a_document_that_is_too_long_is_said_in_words(url: str, watch: KeptWatch) -> None:
    with pytest.raises(ModelUnavailable, match="the document is too long for the AI model"):
        ask(url, watch, text="Kept the books. " * 2_000)
    assert only(watch).outcome is Outcome.FAILED


def test_a_reply_that_outgrows_its_bound_is_cut(url: str, watch: KeptWatch) -> None:
    with pytest.raises(ModelUnavailable, match="grew too long"):
        ask(url, watch, schema=LONG, max_tokens=50)
    assert only(watch).outcome is Outcome.CUT
    assert only(watch).received.lstrip().startswith('"long long')


def test_work_that_is_to_end_cuts_a_stream_short(url: str, watch: KeptWatch) -> None:
    watch.stop = lambda: bool(watch.admitted)
    with pytest.raises(WorkStopped):
        ask(url, watch, schema=LONG, max_tokens=15_000)
    assert only(watch).outcome is Outcome.STOPPED
    assert len(only(watch).received) < len("long " * 2_400)


def test_a_server_goes_on_after_a_stream_that_was_cut_short(url: str, watch: KeptWatch) -> None:
    test_work_that_is_to_end_cuts_a_stream_short(url, KeptWatch())
    jsonschema.validate(json.loads(ask(url, watch)), VERDICTS)
