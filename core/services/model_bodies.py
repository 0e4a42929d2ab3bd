"""The texts of a request to a language model, laid out for reading; hostile until shown as text."""

import json
from typing import Any

from core.domain.views import RunMessage


def messages_of(sent: bytes) -> tuple[RunMessage, ...]:
    """Read the messages out of a chat request; empty where it has another shape."""
    found = _parsed(sent)
    messages = found.get("messages") if isinstance(found, dict) else None
    if not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
        return ()
    return tuple(RunMessage(str(m.get("role", "")), _text(m.get("content"))) for m in messages)


def laid_out(text: str) -> str:
    """Indent JSON; anything else as it is."""
    found = _parsed(text)
    return text if found is None else json.dumps(found, ensure_ascii=False, indent=2)


def _text(content: Any) -> str:
    """Give a message's text; one of several parts is shown as JSON, nothing of it left out."""
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def _parsed(text: bytes | str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
