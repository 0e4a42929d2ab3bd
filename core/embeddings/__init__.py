"""Turn passages into vectors that are close when the meaning is."""

from core.embeddings.minilm import MiniLm

__all__ = ["MiniLm"]
