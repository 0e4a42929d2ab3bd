"""Language models behind an OpenAI-compatible address."""

from core.llm.bounds import Bounds
from core.llm.openai_model import OpenAiModel

__all__ = ["Bounds", "OpenAiModel"]
