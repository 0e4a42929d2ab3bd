"""Instructions to language models, each an immutable version of a name."""

from dataclasses import dataclass

from core.domain.model_runs import PromptRef


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of the instructions called ``name``; ``text`` is Markdown with placeholders."""

    name: str
    version: str
    text: str

    @property
    def ref(self) -> PromptRef:
        """Name this version."""
        return PromptRef(self.name, self.version)
