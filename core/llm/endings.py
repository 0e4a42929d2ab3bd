"""How a request to a language model fails, in words for a screen: no raw text, no key."""

import re

from openai import APIStatusError

from core.domain.model_runs import Outcome
from core.errors import ModelUnavailable

_PASSING = (408, 409, 429)
_PERHAPS_NOT_UNDERSTOOD = (400, 404, 422)
_TOO_LONG = re.compile(r"context.{0,20}(length|size|window)|too long|too many tokens", re.I | re.S)
_UNREACHED = "the AI model's service cannot be reached"
_WORDS = {
    401: "the AI model's service does not accept our key",
    403: "the AI model's service does not let us in",
    404: "the AI model's service does not know the model or the address that is set",
    413: "the document is too long for the AI model",
    429: "the AI model is busy or its limit is reached",
}


class NoReply(ModelUnavailable):
    """One request brought no usable reply.

    ``again`` says whether another attempt can help: no, yes, or yes after a number of seconds.
    ``complaint`` is what a service said that did not understand the request; it may quote the
    request and is never shown.
    """

    def __init__(
        self,
        message: str,
        outcome: Outcome = Outcome.FAILED,
        *,
        again: bool | float = False,
        complaint: str = "",
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.again = again
        self.complaint = complaint


def refused_status(error: APIStatusError) -> NoReply:
    """Say what a status other than 200 means."""
    status = error.status_code
    again = _pause(error) if status in _PASSING or status >= 500 else False
    complaint = error.message if status in _PERHAPS_NOT_UNDERSTOOD else ""
    return NoReply(_words(status, complaint), again=again, complaint=complaint)


def failed_midway() -> NoReply:
    """Say that an error stood where a reply was to be."""
    return NoReply("the AI model's service failed while it answered")


def no_connection(left: bool) -> NoReply:
    """Say that the network failed, before or after the request ``left``."""
    words = "the connection to the AI model dropped" if left else _UNREACHED
    return NoReply(words, again=True)


def _words(status: int, complaint: str) -> str:
    if _TOO_LONG.search(complaint):
        return _WORDS[413]
    if 300 <= status < 400:
        return "the AI model's address leads elsewhere; an administrator must correct it"
    if status >= 500:
        return "the AI model's service is out of order"
    return _WORDS.get(status, f"the AI model's service turned the request down ({status})")


def _pause(error: APIStatusError) -> bool | float:
    asked = error.response.headers.get("retry-after", "")
    return float(asked) if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", asked) else True
