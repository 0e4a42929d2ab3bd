"""The propose step: an assessment, as people judged it, becomes exact changes to be approved."""

from core.flow.propose.reversal import reversal
from core.flow.propose.shaping import Slot, slot, without
from core.flow.propose.step import propose
from core.flow.propose.terms import NOTE, REASONING, SCORE, SKILLS, TAGS, Presentation, Terms
from core.flow.propose.texts import skills_read

__all__ = [
    "NOTE",
    "REASONING",
    "SCORE",
    "SKILLS",
    "TAGS",
    "Presentation",
    "Slot",
    "Terms",
    "propose",
    "reversal",
    "skills_read",
    "slot",
    "without",
]
