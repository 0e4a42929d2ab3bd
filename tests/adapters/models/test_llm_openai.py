"""The OpenAI-compatible model over real HTTP on loopback, with every kind of bad reply."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.domain.identity import PseudonymisedText
from core.domain.model_runs import Completion, PromptRef
from core.errors import LeakDetected, ModelUnavailable
from core.llm import OpenAiModel

TEXT = PseudonymisedText("[NAME_1] kept the books.", (), ())
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}
GOOD = '{"answer": "yes"}'
QUESTION = Completion(prompt=PromptRef("screening", "1"), system="Judge.", text=TEXT, schema=SCHEMA)


@dataclass
class Provider:
    """A chat-completions server that gives prepared replies and keeps the requests."""

    url: str = ""
    replies: list[Response] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        self.requests.append(await request.json())
        return self.replies.pop(0)


def completion(content: str | None = GOOD, **message: Any) -> Response:
    finish = message.pop("finish_reason", "stop")
    said = {"role": "assistant", "content": content, **message}
    return JSONResponse(
        {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "message": said, "finish_reason": finish}],
        }
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    provider = Provider()
    app = Starlette(
        routes=[Route("/v1/chat/completions", provider.answer, methods=["POST"])],
    )
    listener = socket.create_server(("127.0.0.1", 0))
    provider.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    serving = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=serving.run, args=([listener],))
    thread.start()
    yield provider
    serving.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def provider(server: Provider) -> Provider:
    server.replies.clear()
    server.requests.clear()
    return server


def model(provider: Provider, **given: Any) -> OpenAiModel:
    settings = {"check": lambda _: None, "retries": 0, "timeout": 5.0, **given}
    return OpenAiModel(base_url=provider.url, api_key="k", model="m", **settings)


def ask(provider: Provider, *replies: Response, **given: Any) -> str:
    provider.replies.extend(replies)
    return model(provider, **given).complete(QUESTION)


def test_a_good_reply_is_given_back_as_it_came(provider: Provider) -> None:
    assert ask(provider, completion()) == GOOD


def test_the_request_is_strict_unstored_and_without_metadata(provider: Provider) -> None:
    ask(provider, completion())
    (sent,) = provider.requests
    assert sent["store"] is False
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    assert not {"metadata", "user", "safety_identifier"} & set(sent)


def test_the_resume_is_fenced_with_a_code_that_follows_from_it(provider: Provider) -> None:
    ask(provider, completion())
    ask(provider, completion())
    first, second = (r["messages"][1]["content"] for r in provider.requests)
    start, body, end = first.split("\n")
    assert first == second
    assert body == TEXT.text
    assert start.split()[2] == end.split()[4]
    assert start.split()[2] not in body


def test_every_outgoing_text_is_checked_before_anything_leaves(provider: Provider) -> None:
    def leaky(text: str) -> None:
        if "books" in text:
            raise LeakDetected("name")

    with pytest.raises(LeakDetected):
        ask(provider, completion(), check=leaky)
    assert provider.requests == []


@pytest.mark.parametrize(
    "bad", ["not json", '{"answer": 1}', '{"answer": "yes", "score": 99}', "[]", ""]
)
def test_an_unfit_reply_is_mended_once(provider: Provider, bad: str) -> None:
    assert ask(provider, completion(bad), completion()) == GOOD
    assert len(provider.requests[1]["messages"]) == 4


def test_two_unfit_replies_are_no_answer(provider: Provider) -> None:
    with pytest.raises(ModelUnavailable, match="does not fit"):
        ask(provider, completion("no"), completion("{}"))


@pytest.mark.parametrize(
    "reply",
    [
        completion(None, refusal="I cannot."),
        completion('{"answer": "y', finish_reason="length"),
        completion("", finish_reason="content_filter"),
        JSONResponse({"id": "c", "object": "chat.completion", "choices": []}),
        JSONResponse({"unexpected": True}),
        JSONResponse([]),
        Response("<html>gateway</html>", media_type="text/html"),
        Response("{broken", media_type="application/json"),
        JSONResponse({"error": {"message": "bad key"}}, status_code=401),
        JSONResponse({"error": {"message": "slow down"}}, status_code=429),
        JSONResponse({"error": {"message": "oops"}}, status_code=500),
    ],
    ids=[
        *("refusal", "cut", "filtered", "no choices", "other object", "a list", "html"),
        *("broken json", "401", "429", "500"),
    ],
)
def test_anything_but_a_usable_reply_is_model_unavailable(
    provider: Provider, reply: Response
) -> None:
    with pytest.raises(ModelUnavailable):
        ask(provider, reply)


def test_a_passing_failure_is_retried_within_bounds(provider: Provider) -> None:
    busy = [JSONResponse({}, status_code=503, headers={"retry-after-ms": "1"}) for _ in range(2)]
    assert ask(provider, *busy, completion(), retries=2) == GOOD
    assert len(provider.requests) == 3


def test_a_service_that_is_not_there_is_model_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    gone = Provider(url=f"http://127.0.0.1:{port}/v1")
    with pytest.raises(ModelUnavailable):
        model(gone).complete(QUESTION)


def test_a_service_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = Provider(url=f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        with pytest.raises(ModelUnavailable, match="Timeout"):
            model(mute, timeout=0.2).complete(QUESTION)


def test_errors_name_neither_text_nor_key(provider: Provider) -> None:
    echo = JSONResponse({"error": {"message": f"bad: {json.dumps(TEXT.text)} k"}}, status_code=400)
    with pytest.raises(ModelUnavailable) as raised:
        ask(provider, echo)
    assert "books" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_the_version_names_model_and_place(provider: Provider) -> None:
    assert model(provider).version == "m@127.0.0.1"
