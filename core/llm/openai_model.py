"""A chat model behind any OpenAI-compatible address, answering in a closed JSON schema."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import httpx2
import jsonschema
from openai import OpenAI, OpenAIError
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

from core.domain.model_runs import Completion
from core.errors import ModelUnavailable

_AGAIN = "The reply did not fit the JSON schema. Answer again with JSON that fits it, nothing else."


class OpenAiModel:
    """Implements ``LanguageModel`` for OpenAI, Azure, vLLM, Ollama or a gateway.

    ``check`` is given every outgoing text and raises ``LeakDetected`` to stop it. Nothing is
    stored at the provider and no metadata goes along. ``timeout`` is in seconds per request;
    ``retries`` counts repeats after 408, 409, 429, 5xx and dropped connections.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        check: Callable[[str], None],
        http_client: httpx2.Client | None = None,
        timeout: float = 60.0,
        retries: int = 2,
        max_tokens: int = 4096,
    ) -> None:
        self._client = OpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            http_client=http_client,
            timeout=timeout,
            max_retries=retries,
        )
        self._model = model
        self._check = check
        self._max_tokens = max_tokens
        self.version = f"{model}@{self._client.base_url.host}"

    def complete(self, completion: Completion) -> str:
        """Return a JSON reply that fits the schema, after at most one request to mend it.

        Raises ``LeakDetected`` before anything leaves, ``ModelUnavailable`` for a refusal, a
        cut or unfit reply, a timeout or any error of the service.
        """
        messages: list[ChatCompletionMessageParam] = [
            {"role": "system", "content": completion.system},
            {"role": "user", "content": fenced(completion.text.text)},
        ]
        schema = dict(completion.schema)
        reply = self._ask(messages, schema)
        if not fits(reply, schema):
            messages += [
                {"role": "assistant", "content": reply},
                {"role": "user", "content": _AGAIN},
            ]
            reply = self._ask(messages, schema)
        if not fits(reply, schema):
            raise ModelUnavailable("the language model's reply does not fit the schema")
        return reply

    def _ask(self, messages: list[ChatCompletionMessageParam], schema: dict[str, object]) -> str:
        for message in messages:
            self._check(str(message.get("content", "")))
        try:
            reply = self._client.chat.completions.create(
                model=self._model,
                messages=messages,
                temperature=0,
                store=False,
                max_completion_tokens=self._max_tokens,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "reply", "strict": True, "schema": schema},
                },
            )
        except (OpenAIError, ValueError) as error:
            raise ModelUnavailable(f"the language model failed: {type(error).__name__}") from None
        return _content(reply)


def fenced(text: str) -> str:
    """Put ``text`` between marker lines whose code nobody who wrote the text could foresee."""
    code = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"=== DOCUMENT {code} ===\n{text}\n=== END OF DOCUMENT {code} ==="


def fits(reply: str, schema: dict[str, object]) -> bool:
    """Say whether ``reply`` is JSON that fits ``schema``."""
    try:
        jsonschema.validate(json.loads(reply), schema)
    except (ValueError, jsonschema.ValidationError):
        return False
    return True


def _content(reply: Any) -> str:
    """Take the text out of a completion; services that only resemble OpenAI's vary in shape."""
    choices = reply.choices if isinstance(reply, ChatCompletion) else None
    if not choices or choices[0].message is None:
        raise ModelUnavailable("the language model sent no reply")
    choice = choices[0]
    if choice.message.refusal:
        raise ModelUnavailable("the language model refused")
    if choice.finish_reason not in ("stop", None):
        raise ModelUnavailable(f"the language model stopped early: {choice.finish_reason}")
    return choice.message.content or ""
