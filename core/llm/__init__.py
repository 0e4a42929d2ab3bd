"""Language models over the network."""

from core.llm.openai_model import OpenAiModel

__all__ = ["OpenAiModel"]
