"""The language-model assessor: its verdicts count only as far as their quotes are found."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from core.assist.screening.passages import LONGEST_PASSAGE, TOKEN
from core.assist.screening.quoting import MOST_QUOTES
from core.assist.screening.tables import DATA, table
from core.assist.screening.tongue import readable
from core.domain.assessment import AssessmentRequest, Evidence, Standing, Verdict, locate
from core.domain.criteria import Criterion
from core.domain.identity import PseudonymisedText
from core.domain.model_runs import Completion
from core.domain.prompts import FIRST, FirstPrompt, Prompt, RequiredLine
from core.errors import ModelUnavailable
from core.ports import LanguageModel

PROMPT = "screening"
CREDIT = {Standing.MET: 1.0, Standing.PARTLY: 0.5, Standing.NOT_SHOWN: 0.0}
NO_EVIDENCE = "No evidence: what the model quoted is not in the document."
PLAIN = {
    Standing.MET: "The quotes show it.",
    Standing.PARTLY: "The quotes show a part of it.",
    Standing.NOT_SHOWN: "Not shown in the resume.",
    Standing.NO_DATA: "The resume gives nothing to judge it by.",
}
"""Reasons in the place of one that readers of the criteria could not read."""
SHORTEST_QUOTE = 4

_HEADER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What the model says about one criterion, before its quotes are checked."""

    standing: Standing
    quotes: tuple[str, ...]
    reason: str


class ModelAssessor:
    """Implements ``Assessor`` with a ``LanguageModel``; every quote is checked by ``locate``.

    A reason in another language or script than the criteria's is replaced by a plain one: the
    verdict then rests on its quotes alone.
    """

    def __init__(self, model: LanguageModel, prompt: Prompt) -> None:
        self._model = model
        self._prompt = prompt
        self.version = f"model-2 prompt-{prompt.version} {model.version}"

    def assess(self, request: AssessmentRequest) -> tuple[Verdict, ...]:
        """Give one verdict per criterion, in criteria order.

        Where quotes are not in the document the model is asked once more for those; what it
        still cannot quote becomes "no evidence". Raises ``ModelUnavailable``, also when it cannot
        be asked again: half a judgement would be frozen as if it were one.
        """
        criteria = request.criteria.criteria
        claims = self._claims(criteria, request)
        doubted = [c for c in criteria if _unproven(claims[c.id], request.text)]
        if doubted:
            claims |= self._second_look(doubted, request)
        labels = " ".join(c.label for c in criteria)
        legible = {id: _legible(claim, labels) for id, claim in claims.items()}
        return tuple(_verdict(c, legible[c.id], request.text) for c in criteria)

    def _claims(
        self, criteria: Sequence[Criterion], request: AssessmentRequest, note: str = ""
    ) -> dict[str, _Claim]:
        completion = Completion(
            prompt=self._prompt.ref,
            system=self._prompt.filled(criteria=_listed(criteria)) + note,
            text=request.text,
            schema=reply_schema(criteria),
            watch=request.watch,
        )
        reply = json.loads(self._model.complete(completion))
        claims = {entry["criterion"]: _claim(entry) for entry in reply["verdicts"]}
        if set(claims) != {c.id for c in criteria}:
            raise ModelUnavailable("the AI model left criteria out")
        if len(reply["verdicts"]) != len(claims):
            raise ModelUnavailable("the AI model judged a criterion more than once")
        return claims

    def _second_look(
        self, criteria: Sequence[Criterion], request: AssessmentRequest
    ) -> dict[str, _Claim]:
        note = (
            "\nYou judged these criteria before, but your quotes are not in the resume as you "
            "wrote them. Copy each quote exactly, or answer `not_shown`.\n"
        )
        return self._claims(criteria, request, note)


def reply_schema(criteria: Sequence[Criterion]) -> dict[str, object]:
    """Describe the closed JSON reply: one entry per criterion id."""
    entry = {
        "criterion": {"type": "string", "enum": [c.id for c in criteria]},
        "standing": {"type": "string", "enum": [s.value for s in Standing]},
        "quotes": {"type": "array", "items": {"type": "string"}},
        "reason": {"type": "string"},
    }
    verdicts = {"type": "array", "items": _closed(entry)}
    return _closed({"verdicts": verdicts})


def find_quote(text: PseudonymisedText, quote: str) -> Evidence | None:
    """Locate a quote, forgiving only how white space was broken; None when it is not there.

    A quote that is too short to mean anything, too long to read or holds an identity token
    is no evidence.
    """
    words = quote.split()
    match = words and re.search(r"\s+".join(map(re.escape, words)), text.text)
    if (
        not match
        or not SHORTEST_QUOTE <= len(match[0]) <= LONGEST_PASSAGE
        or TOKEN.search(match[0])
    ):
        return None
    return locate(text, match[0], match.start())


@cache
def read_prompt(version: str = FIRST) -> Prompt:
    """Read ``data/prompts/screening/<version>.md`` without its header."""
    path = DATA / "prompts" / PROMPT / f"{version}.md"
    return Prompt(PROMPT, version, _HEADER.sub("", path.read_text(encoding="utf-8")))


def first_prompt() -> FirstPrompt:
    """Give the version that comes with the product, and what every later one keeps."""
    lines = table(f"prompts/{PROMPT}/required")["line"]
    return FirstPrompt(read_prompt(), tuple(RequiredLine(**line) for line in lines))


def _closed(properties: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _listed(criteria: Sequence[Criterion]) -> str:
    rows = [
        {
            "criterion": c.id,
            "asks_for": c.label,
            "kind": c.kind.value,
            "importance": c.importance.value,
            "years": c.minimum,
            "level": c.level,
        }
        for c in criteria
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _claim(entry: Mapping[str, Any]) -> _Claim:
    reason = " ".join(entry["reason"].split())[:200]
    return _Claim(Standing(entry["standing"]), tuple(entry["quotes"]), reason)


def _legible(claim: _Claim, labels: str) -> _Claim:
    if readable(claim.reason, labels):
        return claim
    return replace(claim, reason=PLAIN[claim.standing])


def _evidence(claim: _Claim, text: PseudonymisedText) -> tuple[Evidence, ...]:
    found = (find_quote(text, quote) for quote in claim.quotes)
    return tuple(dict.fromkeys(e for e in found if e))[:MOST_QUOTES]


def _unproven(claim: _Claim, text: PseudonymisedText) -> bool:
    return claim.standing in (Standing.MET, Standing.PARTLY) and not _evidence(claim, text)


def _verdict(criterion: Criterion, claim: _Claim, text: PseudonymisedText) -> Verdict:
    if _unproven(claim, text):
        claim = _Claim(Standing.NOT_SHOWN, (), NO_EVIDENCE)
    shown = claim.standing in (Standing.MET, Standing.PARTLY)
    return Verdict(
        criterion_id=criterion.id,
        standing=claim.standing,
        credit=CREDIT.get(claim.standing),
        evidence=_evidence(claim, text) if shown else (),
        reason=claim.reason,
    )
