"""Reads replies: events of a stream or one whole object, and whether the text fits a schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import jsonschema

from core.domain.model_runs import Outcome
from core.llm.endings import NoReply, failed_midway

_MOST_TOKENS = 2**31
_LONGEST_NUMBER = 20


@dataclass(slots=True)
class Reply:
    """What has come of one reply. Services only resemble OpenAI's, so every shape is checked."""

    text: str = ""
    refusal: str = ""
    finish: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None

    def take(self, event: object) -> None:
        """Add an event, or a reply that came whole; raises ``NoReply`` for anything else."""
        if not isinstance(event, dict):
            raise _not_a_reply()
        if event.get("error"):
            raise failed_midway()
        match event.get("choices"):
            case []:
                pass
            case [dict(choice)] if choice.get("index", 0) == 0:
                self._take_choice(choice)
            case [_, *_]:
                raise NoReply("the AI model gave more than one answer")
            case _:
                raise _not_a_reply()
        self._count(event.get("usage"))

    def complete(self) -> None:
        """Raise ``NoReply`` unless the reply is whole."""
        if self.refusal or self.finish == "content_filter":
            raise NoReply("the AI model refused to answer", Outcome.REFUSED)
        if self.finish == "length":
            raise NoReply("the AI model's answer grew too long and was cut", Outcome.CUT)
        if not self.finish:
            raise NoReply("the AI model's answer broke off", Outcome.CUT)
        if self.finish != "stop":
            raise NoReply("the AI model stopped early", Outcome.CUT)

    def _take_choice(self, choice: Mapping[str, Any]) -> None:
        part = choice.get("delta") or choice.get("message") or {}
        finish = choice.get("finish_reason") or ""
        if not isinstance(part, dict) or not isinstance(finish, str):
            raise _not_a_reply()
        if part.get("tool_calls") or part.get("function_call"):
            raise NoReply("the AI model wanted to use a tool instead of answering")
        self.text += _text(part.get("content"))
        self.refusal += _text(part.get("refusal"))
        self.finish = finish or self.finish

    def _count(self, usage: object) -> None:
        if isinstance(usage, dict):
            # Nothing is asked with no token at all: some servers say 0 of what they had cached.
            self.tokens_in = _tokens(usage.get("prompt_tokens")) or None
            self.tokens_out = _tokens(usage.get("completion_tokens"))


def fits(reply: str, schema: Mapping[str, object]) -> bool:
    """Say whether ``reply`` is JSON that fits ``schema``, to the letter.

    What readers of JSON take differently is unfit: a key said twice, NaN, infinite or endless
    numbers, half a character.
    """
    try:
        value = json.loads(
            reply,
            object_pairs_hook=_said_once,
            parse_constant=_number,
            parse_float=_number,
            parse_int=_number,
        )
        json.dumps(value, ensure_ascii=False).encode()
        jsonschema.validate(value, schema)
    except (ValueError, RecursionError, jsonschema.ValidationError):
        return False
    return "\\u0000" not in reply


def _said_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is said twice")
    return found


def _number(digits: str) -> int | float:
    if len(digits) > _LONGEST_NUMBER or not isfinite(value := float(digits)):
        raise ValueError("not a number to reckon with")
    return int(digits) if digits.lstrip("-").isdigit() else value


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise _not_a_reply()


def _tokens(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < _MOST_TOKENS else None


def _not_a_reply() -> NoReply:
    return NoReply("what answered is no AI model, or not one of this kind")
