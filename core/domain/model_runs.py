"""What a language model was asked and what it answered: one record for every request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.identity import PseudonymisedText


class Outcome(StrEnum):
    """How one request to a model ended; UNDER_WAY while nothing is known of that."""

    UNDER_WAY = "under_way"
    ANSWERED = "answered"
    UNFIT = "unfit"
    REFUSED = "refused"
    CUT = "cut"
    SILENT = "silent"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PromptRef:
    """Which version of which instructions wrote a request."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One request, exactly as it left, and what came back.

    ``sent`` is the body byte for byte, ``received`` the reply as far as it came. ``tokens_in`` and
    ``tokens_out`` are what the service counted, None where it did not say.
    """

    prompt: PromptRef
    model: str
    host: str
    parameters: Mapping[str, str | int | float]
    asked_at: datetime
    seconds: float
    sent: bytes
    received: str
    outcome: Outcome
    tokens_in: int | None = None
    tokens_out: int | None = None


class Watch(Protocol):
    """Whoever answers for a completion: admits, records and may end its requests."""

    def admit(self, call: ModelCall) -> None:
        """Let a request go that is about to leave; raises ``ModelUnavailable`` when it may not.

        ``tokens_out`` are the most that its answer may have.
        """
        ...

    def called(self, call: ModelCall) -> None:
        """Take note of what became of the request that was admitted last."""
        ...

    def stopping(self) -> bool:
        """Say whether the work that the completion is for is to end."""
        ...


class Unwatched:
    """Implements ``Watch`` for plain files and measurements: nothing is kept or limited."""

    def admit(self, call: ModelCall) -> None:
        """Let every request go."""

    def called(self, call: ModelCall) -> None:
        """Forget it."""

    def stopping(self) -> bool:
        """Never."""
        return False


UNWATCHED = Unwatched()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One question to a model: instructions, the only text it may see, and the reply's shape.

    ``system`` is the filled-in prompt and holds nothing of a candidate. ``schema`` is a closed
    JSON schema.
    """

    prompt: PromptRef
    system: str
    text: PseudonymisedText
    schema: Mapping[str, object]
    watch: Watch = field(default=UNWATCHED, compare=False, repr=False)
