"""The in-memory App's answers about what left for language models."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from core.domain.actor import Actor
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    DocumentHash,
    ModelRunId,
    RequisitionId,
)
from core.domain.model_costs import AskedModel, Basis, Expected, Price, Tokens
from core.domain.model_log import (
    BodyState,
    RunBody,
    RunFilter,
    RunLine,
    RunSubject,
    RunTotals,
    input_hash,
    replaced,
    sent_hash,
)
from core.domain.model_runs import Outcome, PromptRef
from core.domain.prompts import Prompt
from core.domain.views import RunPage, RunRow, RunView
from core.errors import Unknown
from core.services.model_bodies import laid_out, messages_of
from tests.twins import people

PROMPT = PromptRef("screening", "1")
MODEL, HOST = "gpt-5-mini", "models.example.com"
PRICE = Price(Decimal("0.25"), Decimal("2.00"), "USD")
CONNECTED = AskedModel(Prompt("screening", "1", "Judge the resume."), MODEL, HOST)
_SAID = (
    "You judge a resume against criteria. Copy every quote exactly.\\n\\n"
    '[{"criterion":"c1","asks_for":"RN licence","kind":"certificate"}]'
)
_REPLY = (
    '{"verdicts":[{"criterion":"c1","standing":"met","quotes":["RN licence"],'
    '"reason":"Named in the list. <b>not bold</b>"}]}'
)


def sent(number: int) -> bytes:
    """What was sent of a person; of the second a text that wants to be more than text."""
    text = people.MODEL_RESUME if number != 1 else people.HOSTILE + people.MODEL_RESUME
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    user = '{"role":"user","content":"=== DOCUMENT 5a31 ===\\n' + inner + '"}'
    system = '{"role":"system","content":"' + _SAID.replace('"', '\\"') + '"}'
    return f'{{"model":"{MODEL}","temperature":0,"messages":[{system},{user}]}}'.encode()


_OUTCOMES = {
    "full": (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.UNFIT, Outcome.ANSWERED, Outcome.CUT),
    "failing": (Outcome.FAILED, Outcome.SILENT, Outcome.FAILED, Outcome.REFUSED, Outcome.STOPPED),
}


def line(number: int, state: str = "full") -> RunLine:
    """The request ``number``, 0 the newest."""
    outcome = _OUTCOMES[state][number % 5]
    answered = outcome in (Outcome.ANSWERED, Outcome.UNFIT)
    body = {9: BodyState.ERASED}.get(number, BodyState.KEPT)
    return RunLine(
        position=100 - number,
        id=ModelRunId(f"run-{number}"),
        subject=RunSubject(
            tenant=people.TENANT,
            application_id=ApplicationId(str(20_001 + number // 2)),
            requisition_id=people.JOBS[0][0].id,
            assessor=f"model-1 prompt-1 {MODEL}@{HOST}",
            input=input_hash(DocumentHash("d" * 64), ContentHash("c" * 64)),
        ),
        prompt=PROMPT,
        model=MODEL,
        host=HOST,
        parameters={"temperature": 0, "max_completion_tokens": 4096},
        outcome=outcome,
        asked_at=people.now() - timedelta(minutes=7 * number + 2),
        seconds=2.4 + number % 4 if answered else 60.0,
        tokens=Tokens(1_804 + 13 * number, 212 + 7 * number if answered else 0),
        counted=answered,
        sent_bytes=len(sent(number)),
        received_bytes=len(_REPLY) if answered else 0,
        sent_hash=sent_hash(sent(number)),
        body=BodyState.EXPIRED if number > 9 else body,
    )


class World(Protocol):
    """What this part asks the App: full, empty or failing; and what was asked of it."""

    state: str
    calls: list[str]


class ModelLog:
    """Fourteen requests, none without a model, or a service that fails."""

    def __init__(self, app: World) -> None:
        self.app = app
        self.connected: AskedModel | None = CONNECTED

    def page(
        self,
        actor: Actor,
        wanted: RunFilter | None = None,
        *,
        before: int | None = None,
        limit: int = 100,
    ) -> RunPage:
        wanted = wanted or RunFilter()
        rows = [row for row in self._rows() if _fits(row.line, wanted)]
        tokens = Tokens(
            sum(row.line.tokens.sent for row in rows), sum(row.line.tokens.received for row in rows)
        )
        size = sum(row.line.sent_bytes for row in rows)
        shown = [row for row in rows if before is None or row.line.position < before]
        return RunPage(
            rows=tuple(shown[:limit]),
            totals=RunTotals(len(rows), tokens, size),
            cost=PRICE.of(tokens),
            currency="USD",
            connected=None if self.app.state == "empty" else self.connected,
        )

    def models(self, actor: Actor) -> tuple[str, ...]:
        return () if self.app.state == "empty" else (MODEL,)

    def opened(self, actor: Actor, id: ModelRunId) -> RunView:
        self.app.calls.append(f"opened run {id}")
        found = [row for row in self._rows() if row.line.id == id]
        if not found:
            raise Unknown("request", id)
        return view(found[0])

    def of(self, actor: Actor, application_id: ApplicationId) -> tuple[RunRow, ...]:
        rows = self._rows()
        return tuple(row for row in rows if row.line.subject.application_id == application_id)

    def opened_of(self, actor: Actor, application_id: ApplicationId, id: ModelRunId) -> RunView:
        return self.opened(actor, id)

    def expected(self, actor: Actor, requisition_id: RequisitionId, count: int) -> Expected | None:
        if self.connected is None:
            return None
        tokens = Tokens(1_850 * count, 240 * count)
        return Expected(
            model=self.connected, count=count, tokens=tokens, cost=PRICE.of(tokens),
            currency="USD", basis=Basis.PAST, assessed=12,
        )  # fmt: skip

    def _rows(self) -> tuple[RunRow, ...]:
        if self.app.state == "empty":
            return ()
        lines = [line(number, self.app.state) for number in range(14)]
        return tuple(
            RunRow(line=each, job=people.JOBS[0][0].title, cost=PRICE.of(each.tokens))
            for each in lines
        )


def view(row: RunRow) -> RunView:
    """Open a request as the service does."""
    bare = RunView(row=row, currency="USD")
    if row.line.body is not BodyState.KEPT:
        return bare
    number = 100 - row.line.position
    body = RunBody(sent(number), _REPLY if row.line.received_bytes else "")
    messages = messages_of(body.sent)
    theirs = "\n".join(message.text for message in messages if message.role == "user")
    return replace(
        bare, body=body, messages=messages, reply=laid_out(body.received),
        replaced=tuple(replaced(theirs).items()),
    )  # fmt: skip


def _fits(each: RunLine, wanted: RunFilter) -> bool:
    return (
        wanted.requisition in ("", each.subject.requisition_id)
        and wanted.application in ("", each.subject.application_id)
        and wanted.model in ("", each.model)
        and wanted.outcome in (None, each.outcome)
        and (wanted.since is None or each.asked_at >= wanted.since)
    )
