"""What of people's identities leaves the building, measured on the bytes a model service receives.

    COPILOT_BENCH_DATA=… python -m bench.leaks [TEXTS]

Each labelled text, and each text PDF, goes the whole way: pseudonymised, put into a request by
the assessor, sent by the real client to a model service on this machine that keeps the bytes. Of
every labelled identifier is counted whether any letter or digit of it is among the bytes, first
without and then with the names iCIMS would give. Texts that the last check withheld are counted
apart: of them nothing left. PDFs have no labels; what in their requests looks like an e-mail
address or a telephone number is counted, by patterns that removal does not use. Last, a name is
planted into instructions and into documents: nothing may leave.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from bench.data import data_folder
from bench.identity import IDENTIFIERS, is_part_of_another, kept_share
from core.assist.screening import ModelAssessor, draft, read_prompt, requisition_from_text
from core.bootstrap import SystemClock
from core.domain.assessment import AssessmentRequest
from core.domain.criteria import Criteria
from core.domain.identity import IdentityKind, KnownIdentity, PseudonymisedText
from core.domain.ids import RequisitionId, TenantId, UserId
from core.errors import LeakDetected
from core.flow.pseudonymise import Policy, check_outgoing, pseudonymise
from core.llm import OpenAiModel
from core.llm.dialect import strings
from tests.llm_bench import Provider, finding_nothing, serving

_POSTING = "Bookkeeper\nWhat you bring:\n- Bookkeeping experience\n- Excel\n- A driving licence\n"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)")
_PLANTED = ("Quillhaven Obermeyer", "quillhaven.obermeyer@mail.example")
Row = dict[str, Any]


@dataclass(frozen=True)
class Sender:
    """Sends texts to a model as the product does."""

    provider: Provider
    criteria: Criteria
    assessor: ModelAssessor

    def received(self, text: PseudonymisedText, criteria: Criteria | None = None) -> str:
        """Let the assessor ask about ``text``; all that the service received, escapes undone."""
        self.provider.forget()
        self.provider.always = finding_nothing
        self.assessor.assess(AssessmentRequest(text=text, criteria=criteria or self.criteria))
        return "\n".join(strings([json.loads(body) for body in self.provider.bodies]))


@dataclass
class Tally:
    """Identifiers by class: how many were labelled in what was sent, how many left a trace."""

    texts: int = 0
    withheld: int = 0
    leaking: int = 0
    labelled: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row, text: PseudonymisedText, received: str) -> None:
        """Count one text that was sent; its identifiers must be those of what was received."""
        if text.text not in received:
            raise AssertionError(f"what left for text {row['id']} is not what was handed over")
        before = self.left.total()
        for entity in row["entities"]:
            label = entity["label"]
            if label not in IDENTIFIERS or is_part_of_another(entity, row):
                continue
            self.labelled[label] += 1
            self.left[label] += kept_share(text, entity["start"], entity["end"], row["text"]) > 0
        self.leaking += self.left.total() > before

    def print(self, title: str) -> None:
        """Print one line a class."""
        print(
            f"{title}: {self.texts:,} texts, {self.withheld:,} withheld by the last check;"
            f" something left of {self.leaking:,}"
        )
        for label in IDENTIFIERS:
            if total := self.labelled[label]:
                rate = self.left[label] / total
                print(f"  {label:18} {self.left[label]:4} of {total:5}  {rate:.4f}")


def labelled(sender: Sender, rows: Iterable[Row], *, with_names: bool) -> Tally:
    """Send labelled texts and count what left."""
    tally = Tally()
    for row in rows:
        tally.texts += 1
        names = [e["text"] for e in row["entities"] if e["label"] == "PERSON" and with_names]
        known = [KnownIdentity(IdentityKind.NAME, name) for name in names]
        try:
            text = pseudonymise(row["text"], known, Policy()).text
            tally.add(row, text, sender.received(text))
        except LeakDetected:
            tally.withheld += 1
    return tally


def unlabelled(sender: Sender, paths: Sequence[Path]) -> None:
    """Send the texts of PDFs and print what in the requests looks like an address or a number."""
    found: Counter[str] = Counter()
    for path in paths:
        text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
        try:
            received = sender.received(pseudonymise(text, (), Policy()).text)
        except LeakDetected:
            found["withheld"] += 1
            continue
        found["with an e-mail address"] += bool(_EMAIL.search(received))
        found["with a telephone number"] += bool(_PHONE.search(received))
    print(f"{len(paths)} PDFs, unlabelled: {dict(found)}")


def planted(sender: Sender, rows: Sequence[Row]) -> None:
    """Plant a known name and address into documents; print how often anything of them left."""
    left = 0
    known = [KnownIdentity(IdentityKind.NAME, _PLANTED[0])]
    for row in rows:
        text = f"{row['text']}\nSincerely, {_PLANTED[0]} <{_PLANTED[1]}>"
        try:
            received = sender.received(pseudonymise(text, known, Policy()).text)
        except LeakDetected:
            continue
        left += any(part in received for one in _PLANTED for part in re.split(r"\W", one)[:2])
    print(f"a name and its address planted into {len(rows):,} documents: left {left:,} times")


@contextmanager
def sender() -> Iterator[Sender]:
    """Serve a model that finds no evidence of anything, and connect the product to it."""
    posting = requisition_from_text(_POSTING, id=RequisitionId("1"), tenant=TenantId("bench"))
    criteria = draft(posting, now=SystemClock().now(), author=UserId("bench"))
    with serving() as provider:
        model = OpenAiModel(
            base_url=provider.url,
            api_key="none",
            model="bench",
            check=lambda payload: check_outgoing(payload, ()),
            clock=SystemClock(),
        )
        yield Sender(provider, criteria, ModelAssessor(model, read_prompt()))


def main(texts: int | None = None) -> None:
    """Measure and print."""
    data = data_folder()
    lines = (data / "pii_dev.jsonl").read_text(encoding="utf-8").splitlines()[:texts]
    rows = [json.loads(line) for line in lines]
    with sender() as open_sender:
        labelled(open_sender, rows, with_names=False).print("without names")
        labelled(open_sender, rows, with_names=True).print("with the names iCIMS gives")
        unlabelled(open_sender, sorted((data / "resumes_pdf").glob("*.pdf"))[:texts])
        planted(open_sender, rows[:300])


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))
