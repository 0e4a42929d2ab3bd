"""Whom a proposal is about, in one line of plain text."""

from core.domain.views import ProposalView
from core.ui import format as f


def named(view: ProposalView) -> str:
    """Name the person, with the score where it is shown."""
    name = f.one_line(view.candidate, 60) or "Name not given"
    return f"{name} · Score {f.score(view.score)}" if view.score and not view.hidden else name
