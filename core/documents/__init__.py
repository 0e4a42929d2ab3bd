"""The file-format adapter: bytes of a resume to text with offsets."""

from core.documents.isolated import IsolatedReader
from core.documents.limits import Limits
from core.documents.reader import Reader

__all__ = ["IsolatedReader", "Limits", "Reader"]
