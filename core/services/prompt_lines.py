"""What is known of instructions to AI models, for a screen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.domain.access import Command, may
from core.domain.actor import Actor, ActorKind, Role
from core.domain.evaluation import Evaluation, RunState
from core.domain.ids import UserId
from core.domain.prompt_views import MoveLine, PromotionLine, PromptsView, TrialLine, VersionLine
from core.domain.prompts import (
    EVALUATION_HOLDS,
    FirstPrompt,
    Label,
    LabelMove,
    Promotion,
    Prompt,
    PromptVersion,
    Today,
    labelled,
    speaks_for,
    was_in_production,
)
from core.domain.trials import Trial
from core.ports import UnitOfWork
from core.services.details import doer_name
from core.services.names import user_names
from core.services.scoring.prompt_runs import NO_MODEL

OWN_WORDS = "You wrote this version; somebody else has to confirm it."
OWN_WISH = "You asked for it; a second person has to confirm."
ASKER_GONE = "Who asked for it may do so no more. Decline it; somebody else can ask anew."


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, and what evaluations count today."""

    actor: Actor
    today: Today


def prompts_view(uow: UnitOfWork, reader: Reader, first: FirstPrompt) -> PromptsView:
    """Lay out every version of the name of ``first``."""
    name, names = first.prompt.name, user_names(uow)
    moves, runs = uow.prompts.moves(name), uow.prompts.evaluations(name)
    standing = labelled(moves, first.prompt)
    lines = [_built_in(first.prompt)]
    lines += [_written(each, names) for each in uow.prompts.versions(name)]
    trials = uow.prompts.trials(name)
    lines = [replace(line, trial=_trial(uow, line, trials, names)) for line in lines]
    return PromptsView(
        name=name,
        model=reader.today.model,
        versions=tuple(_complete(line, standing, runs, reader, names) for line in reversed(lines)),
        earlier=was_in_production(moves, first.prompt),
        moves=tuple(_moves(moves, names)),
        may_write=may(reader.actor, Command.WRITE_PROMPT),
        promotion=_promotion(uow, reader, first, runs, names),
    )


def promotion_hindrance(prompt: Prompt, runs: Sequence[Evaluation], today: Today) -> str:
    """Say what keeps a version out of production, in a person's words; empty when nothing does."""
    if not today.model:
        return NO_MODEL
    if any(speaks_for(run, prompt, today) for run in runs):
        return ""
    ended = [run for run in runs if run.ref == prompt.ref and run.state is RunState.DONE]
    if not ended:
        return "Check this version first: only what passed every gate goes into production."
    last = ended[-1]
    if not last.passed:
        return "The last check of this version did not pass every gate."
    if last.model != today.model:
        now = f"now {today.model} is connected"
        return f"The last check was made with {last.model}; {now}. Check again."
    if last.cases != today.cases:
        return "The last check was made with an earlier set of cases. Check again."
    return f"The last check is older than {EVALUATION_HOLDS.days} days. Check again."


def confirm_hindrance(uow: UnitOfWork, actor: Actor, asked: Promotion) -> str:
    """Say why this person is not the second of two who may; empty when they are."""
    if asked.asked_by == actor.id:
        return OWN_WISH
    written = uow.prompts.version(asked.ref.name, asked.ref.version)
    if written and written.author == actor.id:
        return OWN_WORDS
    asker = uow.accounts.get(asked.asked_by)
    if asker is None or asker.disabled or Role.ADMIN not in asker.roles:
        return ASKER_GONE
    return ""


def _built_in(prompt: Prompt) -> VersionLine:
    return VersionLine(prompt=prompt, note="Comes with the product")


def _written(each: PromptVersion, names: Mapping[str, str]) -> VersionLine:
    return VersionLine(
        prompt=each.prompt, who=_name(each.author, names), at=each.created_at, note=each.note
    )


def _complete(
    line: VersionLine,
    standing: Mapping[Label, str],
    runs: Sequence[Evaluation],
    reader: Reader,
    names: Mapping[str, str],
) -> VersionLine:
    own = [run for run in runs if run.ref == line.prompt.ref and run.sha256 == line.prompt.sha256]
    version = line.prompt.version
    in_use = standing[Label.PRODUCTION] == version
    hindrance = promotion_hindrance(line.prompt, own, reader.today)
    return replace(
        line,
        labels=frozenset(label for label, at in standing.items() if at == version),
        evaluation=own[-1] if own else None,
        evaluated_by=_name(own[-1].asked_by, names) if own else "",
        hindrance="It is in production." if in_use else hindrance,
    )


def _trial(
    uow: UnitOfWork, line: VersionLine, trials: Sequence[Trial], names: Mapping[str, str]
) -> TrialLine | None:
    """Find the newest trial of exactly this text."""
    prompt = line.prompt
    own = [run for run in trials if run.ref == prompt.ref and run.sha256 == prompt.sha256]
    if not own:
        return None
    job = uow.requisitions.get(own[-1].requisition_id)
    return TrialLine(own[-1], _name(own[-1].asked_by, names), job.title if job else "")


def _promotion(
    uow: UnitOfWork,
    reader: Reader,
    first: FirstPrompt,
    runs: Sequence[Evaluation],
    names: Mapping[str, str],
) -> PromotionLine | None:
    asked = uow.prompts.open_promotion(first.prompt.name)
    if asked is None:
        return None
    written = uow.prompts.version(asked.ref.name, asked.ref.version)
    prompt = written.prompt if written else first.prompt
    hindrance = confirm_hindrance(uow, reader.actor, asked) or promotion_hindrance(
        prompt, runs, reader.today
    )
    return PromotionLine(
        promotion=asked,
        who=_name(asked.asked_by, names),
        mine=asked.asked_by == reader.actor.id,
        hindrance=hindrance,
    )


def _moves(moves: Sequence[LabelMove], names: Mapping[str, str]) -> Iterator[MoveLine]:
    for move in reversed(moves):
        yield MoveLine(
            version=move.ref.version,
            label=move.label,
            kind=move.kind,
            who=_name(move.by, names),
            at=move.at,
            reason=move.reason,
        )


def _name(id: UserId, names: Mapping[str, str]) -> str:
    return doer_name(ActorKind.SERVICE if ":" in id else ActorKind.PERSON, id, names)
