"""Judge an application against its requisition's criteria."""

from core.assist.screening.builtin import BuiltInAssessor
from core.assist.screening.drafting import draft
from core.assist.screening.lint import lint, require_lawful
from core.assist.screening.model import ModelAssessor, read_prompt
from core.assist.screening.posting import requisition_from_text
from core.assist.screening.summary import remark

__all__ = [
    "BuiltInAssessor",
    "ModelAssessor",
    "draft",
    "lint",
    "read_prompt",
    "remark",
    "require_lawful",
    "requisition_from_text",
]
