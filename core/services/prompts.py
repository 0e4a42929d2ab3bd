"""Instructions to AI models: written by one person, tried out, let into production by two."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.canonical import content_hash
from core.domain.ids import EvaluationId, PromotionId, RequisitionId, TrialId
from core.domain.model_runs import PromptRef
from core.domain.prompt_views import PromptsView, SampleJob
from core.domain.prompts import (
    FirstPrompt,
    Label,
    LabelMove,
    MoveKind,
    Promotion,
    PromotionState,
    Prompt,
    Today,
    require_fit,
    speaks_for,
    was_in_production,
)
from core.errors import InvalidInput, LeakDetected
from core.flow.pseudonymise import check_outgoing
from core.ports import Clock, IdSource, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit
from core.services.prompt_lines import (
    Reader,
    confirm_hindrance,
    promotion_hindrance,
    prompts_view,
)
from core.services.scoring.evaluating import Evaluating
from core.services.scoring.prompt_runs import (
    Connected,
    Firsts,
    find_first,
    find_prompt,
    production_version,
)
from core.services.scoring.trying import Trying

LONGEST_REASON = 500
_NO_OPEN = "Nobody asks for a promotion any more; somebody was faster."


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """The registry as screens use it.

    Every method raises ``NotAllowed`` and ``SessionEnded`` as ``admit`` does, and ``InvalidInput``
    in the person's words where a rule says no.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    firsts: Firsts
    model: Connected
    evaluating: Evaluating
    trying: Trying

    def view(self, actor: Actor, name: str) -> PromptsView:
        """Show every version of ``name`` with labels, evaluations and what is asked for."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.READ_PROMPTS, now)
            reader = Reader(actor, self._today(now))
            return prompts_view(uow, reader, self._first(name))

    def write(self, actor: Actor, name: str, text: str, note: str) -> str:
        """Keep a new version and return its number; it goes nowhere by itself."""
        now, text = self.clock.now(), text.replace("\r\n", "\n")
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.WRITE_PROMPT, now)
            self._require_new(uow, name, text)
            why = _reason(note, "Say why there is a new version.")
            made = uow.prompts.add(name, text, actor.id, why, now).prompt
            self._record(uow, actor, "prompt.written", made.ref, hash=made.sha256)
            uow.commit()
        return made.version

    def stage(self, actor: Actor, name: str, version: str) -> None:
        """Mark a version as the one to try next."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.WRITE_PROMPT, now)
            ref = find_prompt(uow, self.firsts, PromptRef(name, version)).ref
            if uow.prompts.labelled(name, Label.STAGING) == version:
                return
            self._move(uow, actor, ref, MoveKind.STAGED)
            self._record(uow, actor, "prompt.staged", ref)
            uow.commit()

    def ask_promotion(self, actor: Actor, name: str, version: str, reason: str) -> None:
        """Ask for a version to go into production; another person answers."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.PROMOTE_PROMPT, now)
            prompt = find_prompt(uow, self.firsts, PromptRef(name, version))
            if production_version(uow, self._first(name).prompt) == version:
                raise InvalidInput(f"Version {version} is in production already.")
            promotion = Promotion(
                id=PromotionId(self.ids.new()),
                ref=prompt.ref,
                evaluation=self._passed(uow, prompt),
                reason=_reason(reason, "Say why this version should go into production."),
                asked_by=actor.id,
                asked_at=now,
            )
            if not uow.prompts.ask(promotion):
                raise InvalidInput("Another version waits for its promotion; answer that first.")
            self._record(
                uow, actor, "prompt.promotion_asked", prompt.ref,
                evaluation=promotion.evaluation, reason_hash=content_hash(promotion.reason),
            )  # fmt: skip
            uow.commit()

    def confirm(self, actor: Actor, name: str, version: str) -> None:
        """Put the version that another person asked for, and a third may have written, to work.

        Its evaluation is looked up again: it may have grown old, or the model changed.
        """
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.PROMOTE_PROMPT, self.clock.now())
            asked = _open(uow, name, version)
            prompt = find_prompt(uow, self.firsts, asked.ref)
            if why := confirm_hindrance(uow, actor, asked):
                raise InvalidInput(why)
            evaluation = self._passed(uow, prompt)
            self._answer(uow, actor, asked, PromotionState.CONFIRMED)
            before = production_version(uow, self._first(name).prompt)
            self._move(uow, actor, asked.ref, MoveKind.PROMOTED, asked.reason)
            self._record(
                uow, actor, "prompt.promoted", asked.ref, version_before=before,
                asked_by=asked.asked_by, evaluation=evaluation, hash=prompt.sha256,
            )  # fmt: skip
            uow.commit()

    def withdraw(self, actor: Actor, name: str, version: str) -> None:
        """Take back one's own wish for a promotion."""
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.PROMOTE_PROMPT, self.clock.now())
            asked = _open(uow, name, version)
            if asked.asked_by != actor.id:
                raise InvalidInput("Only the person who asked can withdraw; you can decline.")
            self._answer(uow, actor, asked, PromotionState.WITHDRAWN)
            self._record(uow, actor, "prompt.promotion_withdrawn", asked.ref)
            uow.commit()

    def decline(self, actor: Actor, name: str, version: str) -> None:
        """Say no to somebody else's wish for a promotion."""
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.PROMOTE_PROMPT, self.clock.now())
            asked = _open(uow, name, version)
            if asked.asked_by == actor.id:
                raise InvalidInput("You asked for it yourself; you can withdraw.")
            self._answer(uow, actor, asked, PromotionState.DECLINED)
            self._record(
                uow, actor, "prompt.promotion_declined", asked.ref, asked_by=asked.asked_by
            )
            uow.commit()

    def roll_back(self, actor: Actor, name: str, version: str, reason: str) -> None:
        """Move production at once to a version that was there before; one person may."""
        with self.unit_of_work() as uow:
            admit(uow, actor, Command.PROMOTE_PROMPT, self.clock.now())
            first = self._first(name).prompt
            if version not in was_in_production(uow.prompts.moves(name), first):
                raise InvalidInput(
                    f"Version {version} was not in production before; ask for a promotion."
                )
            why = _reason(reason, "Say why production goes back.")
            before = production_version(uow, first)
            ref = PromptRef(name, version)
            self._move(uow, actor, ref, MoveKind.ROLLED_BACK, why)
            self._record(
                uow, actor, "prompt.rolled_back", ref, version_before=before,
                reason_hash=content_hash(why),
            )  # fmt: skip
            uow.commit()

    def evaluate(self, actor: Actor, name: str, version: str) -> None:
        """Have a version checked with the connected model, in the background."""
        self.evaluating.start(actor, name, version)

    def cancel_evaluation(self, actor: Actor, id: EvaluationId) -> None:
        """End a check that is under way."""
        self.evaluating.cancel(actor, id)

    def sample_jobs(self, actor: Actor) -> tuple[SampleJob, ...]:
        """List the jobs with enough scored resumes to try instructions on, by title."""
        return self.trying.jobs(actor)

    def try_out(self, actor: Actor, name: str, version: str, job: RequisitionId) -> None:
        """Have a version tried on scored resumes of a job; no score of anybody's changes."""
        self.trying.start(actor, PromptRef(name, version), job)

    def cancel_trial(self, actor: Actor, id: TrialId) -> None:
        """End a trial that is under way."""
        self.trying.cancel(actor, id)

    def _first(self, name: str) -> FirstPrompt:
        return find_first(self.firsts, name)

    def _require_new(self, uow: UnitOfWork, name: str, text: str) -> None:
        first = self._first(name)
        require_fit(text, first)
        try:
            check_outgoing(text, ())
        except LeakDetected as error:
            raise InvalidInput(
                f"Nothing that looks like a personal detail is sent to a model: {error}."
            ) from None
        written = [each.prompt for each in uow.prompts.versions(name)]
        same = next((p for p in (first.prompt, *written) if p.text.strip() == text.strip()), None)
        if same:
            raise InvalidInput(f"This is the text of version {same.version}; nothing was changed.")

    def _passed(self, uow: UnitOfWork, prompt: Prompt) -> EvaluationId:
        """Find the evaluation that lets ``prompt`` into production; raises unless there is one."""
        today = self._today(self.clock.now())
        runs = [run for run in uow.prompts.evaluations(prompt.name) if run.ref == prompt.ref]
        if why := promotion_hindrance(prompt, runs, today):
            raise InvalidInput(why)
        return next(run.id for run in reversed(runs) if speaks_for(run, prompt, today))

    def _today(self, now: datetime) -> Today:
        model = self.model()
        cases = self.evaluating.check.golden.version
        return Today(model.version if model else "", cases, now)

    def _answer(
        self, uow: UnitOfWork, actor: Actor, asked: Promotion, state: PromotionState
    ) -> None:
        ended = replace(asked, state=state, ended_by=actor.id, ended_at=self.clock.now())
        if not uow.prompts.answer(ended):
            raise InvalidInput(_NO_OPEN)

    def _move(
        self, uow: UnitOfWork, actor: Actor, ref: PromptRef, kind: MoveKind, reason: str = ""
    ) -> None:
        label = Label.STAGING if kind is MoveKind.STAGED else Label.PRODUCTION
        at = self.clock.now()
        uow.prompts.put_move(
            LabelMove(ref=ref, label=label, kind=kind, by=actor.id, at=at, reason=reason)
        )

    def _record(
        self, uow: UnitOfWork, actor: Actor, action: str, ref: PromptRef, **data: str
    ) -> None:
        subject = f"prompt:{ref.name}"
        at = self.clock.now()
        uow.audit.append(fact_by(actor, at, action, subject, version=ref.version, **data))


@dataclass(slots=True)
class InProduction:
    """The version in production, asked for before each use; one small query while it stays."""

    unit_of_work: UnitOfWorkFactory
    first: Prompt
    _last: Prompt | None = field(default=None, init=False)

    def prompt(self) -> Prompt:
        """Give the prompt that scores are to be made with now."""
        name = self.first.name
        with self.unit_of_work() as uow:
            version = production_version(uow, self.first)
            # A version never changes, so its text is read once.
            last = self._last or self.first
            if last.version != version:
                last = find_prompt(uow, {name: FirstPrompt(self.first)}, PromptRef(name, version))
        self._last = last
        return last


def _open(uow: UnitOfWork, name: str, version: str) -> Promotion:
    """Find the promotion that the person has before them."""
    asked = uow.prompts.open_promotion(name)
    if asked is None or asked.ref.version != version:
        raise InvalidInput(_NO_OPEN)
    return asked


def _reason(words: str, missing: str) -> str:
    reason = words.strip()
    if not reason:
        raise InvalidInput(missing)
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"Say why in at most {LONGEST_REASON} characters.")
    return reason
