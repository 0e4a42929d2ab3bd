"""Judge an application against its requisition's criteria."""

from core.assist.screening.builtin import BuiltInAssessor
from core.assist.screening.drafting import draft
from core.assist.screening.evaluation import evaluate, questions
from core.assist.screening.golden import GoldenCases, golden_cases
from core.assist.screening.lint import lint, require_lawful
from core.assist.screening.model import ModelAssessor, first_prompt, read_prompt
from core.assist.screening.posting import requisition_from_text
from core.assist.screening.summary import remark

__all__ = [
    "BuiltInAssessor",
    "GoldenCases",
    "ModelAssessor",
    "draft",
    "evaluate",
    "first_prompt",
    "golden_cases",
    "lint",
    "questions",
    "read_prompt",
    "remark",
    "require_lawful",
    "requisition_from_text",
]
