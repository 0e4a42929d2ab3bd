"""What a request looks like, and what of OpenAI's API a server turned out not to know."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]
Message = Mapping[str, str]

_AS_TEXT = "\n\nAnswer with one JSON object that fits this JSON schema, nothing else:\n"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something a server may not know: how its complaint names it, and what to send instead."""

    name: str
    named: re.Pattern[str]
    without: Callable[[Body], Body]


class Dialect:
    """What one server understands, learned from its complaints; kept as long as the process."""

    def __init__(self, model: str, max_tokens: int) -> None:
        self._model, self._max_tokens = model, max_tokens
        self.unknown: frozenset[str] = frozenset()

    def body(
        self, messages: Sequence[Message], schema: Mapping[str, object], unknown: frozenset[str]
    ) -> Body:
        """Build a request without the features in ``unknown``. Nothing is stored at the service."""
        body: Body = {
            "model": self._model,
            "messages": [dict(message) for message in messages],
            "temperature": 0,
            "store": False,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_completion_tokens": self._max_tokens,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "reply", "strict": True, "schema": dict(schema)},
            },
        }
        for feature in FEATURES:
            if feature.name in unknown:
                body = feature.without(body)
        return body

    def learn(self, complaint: str, unknown: frozenset[str]) -> bool:
        """Note what ``complaint`` names of a request that lacked ``unknown``; False for nothing."""
        named = {f.name for f in FEATURES if f.named.search(complaint)} - unknown
        self.unknown |= named
        return bool(named)


def texts(body: Body) -> Iterator[str]:
    """List every text of a request: messages and what the schema says."""
    yield from (message["content"] for message in body["messages"])
    yield from strings(body["response_format"])


def asked(body: Body) -> dict[str, str | int | float]:
    """Name what was asked for beside the messages."""
    plain = {k: v for k, v in body.items() if isinstance(v, str | int | float) and k != "model"}
    return plain | {"response_format": body["response_format"]["type"]}


def strings(value: object) -> Iterator[str]:
    """List every string in a JSON value, keys too."""
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield from (*strings(key), *strings(inner))
        case list():
            for inner in value:
                yield from strings(inner)


def _schema_as_text(body: Body) -> Body:
    schema = json.dumps(body["response_format"]["json_schema"]["schema"], ensure_ascii=False)
    first, *others = body["messages"]
    told = {**first, "content": first["content"] + _AS_TEXT + schema}
    return body | {"messages": [told, *others], "response_format": {"type": "json_object"}}


def _older_bound(body: Body) -> Body:
    return _dropped("max_completion_tokens")(body) | {"max_tokens": body["max_completion_tokens"]}


def _dropped(key: str) -> Callable[[Body], Body]:
    return lambda body: {k: v for k, v in body.items() if k != key}


def _named(feature: str) -> re.Pattern[str]:
    """Find ``feature`` as a name: the same word in a resume that is quoted is no complaint."""
    return re.compile(rf"""['"`]{feature}['"`]|supplied: {feature}\b""")


FEATURES = (
    Feature("json_schema", re.compile(r"response_format|json_schema"), _schema_as_text),
    Feature("stream_options", re.compile(r"stream_options"), _dropped("stream_options")),
    Feature("store", _named("store"), _dropped("store")),
    Feature("max_completion_tokens", re.compile(r"max_completion_tokens"), _older_bound),
    Feature("temperature", _named("temperature"), _dropped("temperature")),
)
