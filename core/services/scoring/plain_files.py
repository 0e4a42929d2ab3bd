"""The engine on plain files, without iCIMS or a database: anyone can judge it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from pydantic import TypeAdapter

from core.domain.assessment import Assessment
from core.domain.criteria import Criteria
from core.domain.document import Month, ParsedResume
from core.domain.identity import IdentityKind, KnownIdentity
from core.domain.ids import ApplicationId, DocumentHash
from core.errors import DocumentRefused, InvalidInput, LeakDetected
from core.flow.pseudonymise import Policy, pseudonymise
from core.ports import DocumentReader
from core.services.scoring.grading import NOT_PSEUDONYMISED, Grader
from core.services.scoring.intake import Parse

_PARSED = TypeAdapter(ParsedResume)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlainFiles:
    """Extract, pseudonymise and assess single files; answers are plain JSON objects."""

    reader: DocumentReader
    parse: Parse
    policy: Policy
    grader: Callable[[], Grader]

    def extract(self, name: str, content: bytes) -> Json:
        """Read a file: text, pages, flags, facts and parse health; raises ``DocumentRefused``."""
        parsed = self.parse(self.reader.read(PurePath(name).name, content), None)
        found: Json = _PARSED.dump_python(parsed, mode="json")
        document = found.pop("document")
        return {"file": name, **document, **found}

    def pseudonymise(self, line: Mapping[str, Any]) -> Json:
        """Replace what identifies a person in ``line["text"]``; ``spans`` point into that text.

        ``identities`` are optional objects of ``kind`` and ``value``; other keys are handed
        through. Raises ``InvalidInput`` for a line of another shape, ``LeakDetected``.
        """
        text = line.get("text")
        if not isinstance(text, str):
            raise InvalidInput('a line needs a "text"')
        done = pseudonymise(text, _identities(line.get("identities") or ()), self.policy).text
        spans = [
            {
                "kind": r.kind.value,
                "start": r.original.start,
                "end": r.original.end,
                "token": r.token,
            }
            for r in done.replacements
        ]
        rest = {key: value for key, value in line.items() if key not in ("text", "identities")}
        return {**rest, "text": done.text, "spans": spans}

    def assess(self, name: str, content: bytes, criteria: Criteria, as_of: Month | None) -> Json:
        """Score a file against frozen criteria, or say why it could not be graded."""
        grader, id = self.grader(), ApplicationId(name)
        try:
            parsed = self.parse(self.reader.read(PurePath(name).name, content), as_of)
            text = pseudonymise(parsed, (), self.policy).text
            made = grader.grade(id, parsed, text, criteria, as_of)
        except (DocumentRefused, LeakDetected) as error:
            why = NOT_PSEUDONYMISED if isinstance(error, LeakDetected) else str(error)
            document = DocumentHash(hashlib.sha256(content).hexdigest())
            made = grader.ungraded(id, document, criteria, why)
        return _line(name, made, criteria)


def _identities(given: object) -> Sequence[KnownIdentity]:
    if not isinstance(given, Sequence) or not all(isinstance(i, Mapping) for i in given):
        raise InvalidInput('"identities" is a list of objects with "kind" and "value"')
    kinds = ", ".join(kind.value for kind in IdentityKind)
    try:
        return tuple(KnownIdentity(IdentityKind(i["kind"]), str(i["value"])) for i in given)
    except (KeyError, ValueError):
        raise InvalidInput(f'each identity has a "value" and a "kind" of: {kinds}') from None


def _line(name: str, made: Assessment, criteria: Criteria) -> Json:
    line: Json = {
        "id": name,
        "score": made.score.value if made.score else None,
        "band": made.score.band if made.score else None,
        "confidence": made.confidence,
        "parse_health": made.parse_health,
        "document": made.key.document,
        "criteria": made.key.criteria,
        "assessor": made.key.assessor,
        "flags": [flag.value for flag in made.flags],
    }
    if made.ungraded:
        return {**line, "reason": made.ungraded}
    labels = {criterion.id: criterion.label for criterion in criteria.criteria}
    return {
        **line,
        "verdicts": [
            {
                "criterion": labels[verdict.criterion_id],
                "standing": verdict.standing.value,
                "credit": verdict.credit,
                "quotes": [evidence.quote for evidence in verdict.evidence],
                "reason": verdict.reason,
            }
            for verdict in made.verdicts
        ],
        "bullets": made.bullets,
        "green_flags": made.green_flags,
        "questions": made.questions,
    }
