"""What language models use up: tokens, money, limits, and what to expect before asking."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.domain.criteria import Criteria
from core.domain.model_runs import ModelCall
from core.domain.prompts import Prompt

_BYTES_A_TOKEN = 3
"""English is nearer to four; other scripts, JSON's escapes and identity tokens need more."""
_MILLION = 1_000_000
_CRITERION_SENT, _CRITERION_RECEIVED = 300, 450
"""Bytes of a criterion with its place in the reply's schema, and of a verdict with quotes."""
_TYPICAL_RESUME = 5_000
"""Bytes; stands in while no resume of a job has been read."""


def estimated_tokens(size: int) -> int:
    """Estimate the tokens of ``size`` bytes of UTF-8: a third, rounded up; rather too many."""
    return -(-size // _BYTES_A_TOKEN)


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many tokens went to a model and came back."""

    sent: int
    received: int

    @property
    def total(self) -> int:
        """Both together, as limits count them."""
        return self.sent + self.received


def used(call: ModelCall) -> Tokens:
    """Count what a request used: what the service said, an estimate where it did not."""
    sent, received = call.tokens_in, call.tokens_out
    return Tokens(
        estimated_tokens(len(call.sent)) if sent is None else sent,
        estimated_tokens(len(call.received.encode(errors="surrogatepass")))
        if received is None
        else received,
    )


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost in ``currency`` (ISO 4217); both 0 where nobody said."""

    sent: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    currency: str = "USD"

    def of(self, tokens: Tokens) -> Decimal | None:
        """Price ``tokens``; None where no price is known."""
        if not self.sent and not self.received:
            return None
        return (self.sent * tokens.sent + self.received * tokens.received) / _MILLION


@dataclass(frozen=True, slots=True)
class TokenLimits:
    """How many tokens may be used in a day (UTC) and for one requisition; 0 is no limit."""

    per_day: int = 0
    per_requisition: int = 0


@dataclass(frozen=True, slots=True)
class AskedModel:
    """The model that is asked first, and the instructions it is given."""

    prompt: Prompt
    model: str
    host: str


@dataclass(frozen=True, slots=True)
class PastUse:
    """What ``assessed`` documents used in the past, every request counted."""

    assessed: int
    tokens: Tokens


class Basis(StrEnum):
    """What an expectation rests on."""

    PAST = "past"
    TEXT_SIZES = "text_sizes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What scoring ``count`` applications will probably use; ``cost`` is None without a price.

    ``assessed`` is how many past ones it rests on where ``basis`` is PAST.
    """

    model: AskedModel
    count: int
    tokens: Tokens
    cost: Decimal | None
    currency: str
    basis: Basis
    assessed: int = 0


def use_by_text(model: AskedModel, criteria: Criteria, resume: float | None) -> Tokens:
    """Estimate one application from sizes: instructions, criteria and a resume of that many bytes.

    One request each; a second look at doubtful quotes is not foreseen.
    """
    asked = len(criteria.criteria)
    sent = len(model.prompt.text.encode()) + asked * _CRITERION_SENT
    sent += round(_TYPICAL_RESUME if resume is None else resume)
    return Tokens(estimated_tokens(sent), estimated_tokens(asked * _CRITERION_RECEIVED))


def expect(model: AskedModel, count: int, past: PastUse, by_text: Tokens, price: Price) -> Expected:
    """Expect of ``count`` applications what past ones used on average, else what sizes tell."""
    assessed = past.assessed
    each = (
        Tokens(past.tokens.sent // assessed, past.tokens.received // assessed)
        if assessed
        else by_text
    )
    tokens = Tokens(each.sent * count, each.received * count)
    return Expected(
        model=model,
        count=count,
        tokens=tokens,
        cost=price.of(tokens),
        currency=price.currency,
        basis=Basis.PAST if assessed else Basis.TEXT_SIZES,
        assessed=assessed,
    )
