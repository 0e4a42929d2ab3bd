"""Many decisions at once: what must have been opened first, and each person's own outcome."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.domain.actor import Actor
from core.domain.canonical import content_hash
from core.domain.ids import ProposalId
from core.domain.judgement import sample
from core.domain.proposal import Proposal
from core.domain.views import BatchCheck, BatchLine, BatchOutcome
from core.errors import ApprovalRefused, CopilotError, IntegrityError, InvalidInput, SessionEnded
from core.ports import UnitOfWork
from core.services.decisions.proposals import opened_among

MOST = 500
"""Proposals decided at once: each is a commit of its own, while the person waits."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person's proposal in a batch."""

    proposal: Proposal
    candidate: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Proposals decided on together; ``sampled`` when not all of their evidence was opened."""

    members: Sequence[Member]
    sampled: bool = False

    @property
    def mark(self) -> Mapping[str, str | bool]:
        """What every audit fact of the batch carries: the same id, and whether it was sampled."""
        ids = sorted(member.proposal.id for member in self.members)
        return {"batch": content_hash(tuple(ids))[:16], "sampled": self.sampled}

    def decide(
        self, done: BatchOutcome, act: Callable[[ProposalId], object]
    ) -> tuple[BatchLine, ...]:
        """Carry out one decision after the other, whatever becomes of the others.

        A session that ends stops the rest; a safeguard that finds something wrong is raised.
        """
        return tuple(self._decided(done, act))

    def _decided(
        self, done: BatchOutcome, act: Callable[[ProposalId], object]
    ) -> Iterator[BatchLine]:
        ended = ""
        for member in self.members:
            why = ended
            if not why:
                try:
                    act(member.proposal.id)
                except IntegrityError:
                    raise
                except SessionEnded as error:
                    ended = why = str(error)
                except CopilotError as error:
                    why = str(error)
            yield _line(member, BatchOutcome.NOT_DONE if why else done, why)


def chosen(proposals: Collection[ProposalId]) -> tuple[ProposalId, ...]:
    """Give the proposals of a batch, each once; raises ``InvalidInput`` for none or too many."""
    ids = tuple(dict.fromkeys(proposals))
    if not ids:
        raise InvalidInput("Choose at least one person first.")
    if len(ids) > MOST:
        raise InvalidInput(f"Choose at most {MOST} people at once.")
    return ids


def checked(uow: UnitOfWork, actor: Actor, proposals: Sequence[Proposal]) -> BatchCheck:
    """Say what of a batch ``actor`` must still open: nothing, or the rest of a fixed sample."""
    by_id = {each.id: each for each in proposals}
    opened = opened_among(uow, actor, proposals)
    drawn = [by_id[ProposalId(id)] for id in sample(sorted(by_id), actor.id)]
    unopened = [each for each in drawn if each.id not in opened]
    free = len(opened) == len(by_id)
    return BatchCheck(
        opened=len(opened),
        total=len(by_id),
        sample=tuple(dict.fromkeys(each.application_id for each in drawn)),
        to_open=() if free else tuple(dict.fromkeys(each.application_id for each in unopened)),
    )


def require_opened(check: BatchCheck) -> None:
    """Raise ``ApprovalRefused`` while something of the sample is still to be opened."""
    left = len(check.to_open)
    if left:
        what = "1 person" if left == 1 else f"{left} people"
        raise ApprovalRefused(
            f"Read the evidence of {what} of the sample first; then all can be decided together."
        )


def _line(member: Member, outcome: BatchOutcome, why: str) -> BatchLine:
    return BatchLine(
        proposal_id=member.proposal.id,
        application_id=member.proposal.application_id,
        candidate=member.candidate,
        outcome=outcome,
        why=why,
    )
