"""Instructions to language models, each an immutable version of a name, and who lets them in."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.evaluation import Evaluation
from core.domain.ids import EvaluationId, PromotionId, UserId
from core.domain.model_runs import PromptRef
from core.errors import InvalidInput

FIRST = "1"
"""The version of every name that comes with the product; people write from 2 on."""
LONGEST_TEXT = 20_000
EVALUATION_HOLDS = timedelta(days=30)
"""How long an evaluation speaks for a version: models change behind an unchanged name."""

_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of the instructions called ``name``; ``text`` is Markdown with placeholders."""

    name: str
    version: str
    text: str

    @property
    def ref(self) -> PromptRef:
        """Name this version."""
        return PromptRef(self.name, self.version)

    @property
    def sha256(self) -> str:
        """Fingerprint of the text, lower-case hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def filled(self, **values: str) -> str:
        """Give the text with ``values`` in the places that are named for them."""
        return _PLACEHOLDER.sub(lambda found: values[found[1]], self.text)


@dataclass(frozen=True, slots=True)
class RequiredLine:
    """A sentence that every version keeps word for word, and why."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class FirstPrompt:
    """The version that comes with the product, in production until another is promoted.

    ``required`` are the sentences that later versions keep; placeholders are kept as well.
    """

    prompt: Prompt
    required: tuple[RequiredLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptVersion:
    """A version that a person wrote; nothing of it ever changes. ``note`` says why."""

    prompt: Prompt
    author: UserId
    created_at: datetime
    note: str


class Label(StrEnum):
    """What points to one version of a name: the one to try next, and the one in use."""

    STAGING = "staging"
    PRODUCTION = "production"


class MoveKind(StrEnum):
    """How a label came to a version."""

    STAGED = "staged"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMove:
    """A label put on a version; the newest move of a label says where it stands."""

    ref: PromptRef
    label: Label
    kind: MoveKind
    by: UserId
    at: datetime
    reason: str = ""


class PromotionState(StrEnum):
    """An open promotion waits for a second person."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One person asks for a version to go into production; another answers."""

    id: PromotionId
    ref: PromptRef
    evaluation: EvaluationId
    reason: str
    asked_by: UserId
    asked_at: datetime
    state: PromotionState = PromotionState.OPEN
    ended_by: UserId | None = None
    ended_at: datetime | None = None


def require_fit(text: str, first: FirstPrompt) -> None:
    """Raise ``InvalidInput`` unless ``text`` can take the place of the first version."""
    if not text.strip():
        raise InvalidInput("The instructions are empty.")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            f"The instructions have {len(text):,} characters; at most {LONGEST_TEXT:,} are sent."
        )
    _require_placeholders(_PLACEHOLDER.findall(text), _PLACEHOLDER.findall(first.prompt.text))
    said = " ".join(text.split())
    for line in first.required:
        if " ".join(line.text.split()) not in said:
            raise InvalidInput(f"Please keep this sentence as it is: “{line.text}” {line.why}")


def _require_placeholders(given: Sequence[str], wanted: Sequence[str]) -> None:
    for name in wanted:
        if given.count(name) != 1:
            raise InvalidInput(
                f"{{{{{name}}}}} has to stand in the instructions exactly once: the copilot puts"
                f" the {name} of the job there."
            )
    for name in given:
        if name not in wanted:
            raise InvalidInput(f"Nothing can be filled in for {{{{{name}}}}}; please take it out.")


@dataclass(frozen=True, slots=True)
class Today:
    """What an evaluation must have been made with, and when, to count at ``now``.

    ``model`` is the connected one's version, empty without one; ``cases`` the golden cases'.
    """

    model: str
    cases: str
    now: datetime


def speaks_for(evaluation: Evaluation, prompt: Prompt, today: Today) -> bool:
    """Say whether an evaluation allows ``prompt`` into production today."""
    return (
        evaluation.passed
        and evaluation.ref == prompt.ref
        and evaluation.sha256 == prompt.sha256
        and (evaluation.model, evaluation.cases) == (today.model, today.cases)
        and evaluation.ended_at is not None
        and today.now - evaluation.ended_at <= EVALUATION_HOLDS
    )


def was_in_production(moves: Sequence[LabelMove], first: Prompt) -> tuple[str, ...]:
    """List the versions that were in production before the present one, latest first.

    What production went back from is not among them: it needs two people again.
    """
    stood = [first.version]
    for move in (move for move in moves if move.label is Label.PRODUCTION):
        if move.kind is MoveKind.ROLLED_BACK and move.ref.version in stood:
            del stood[len(stood) - stood[::-1].index(move.ref.version) :]
        else:
            stood.append(move.ref.version)
    earlier = dict.fromkeys(reversed(stood))
    return tuple(version for version in earlier if version != stood[-1])


def labelled(moves: Sequence[LabelMove], first: Prompt) -> Mapping[Label, str]:
    """Say which version each label is on; staging may be on none."""
    return {Label.PRODUCTION: first.version} | {move.label: move.ref.version for move in moves}
