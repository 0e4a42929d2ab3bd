"""What in a text is worth a warning: orders to a model, invisible characters, stuffed keywords."""

from core.documents.marks.orders import orders
from core.documents.marks.shape import invisible, stuffing

__all__ = ["invisible", "orders", "stuffing"]
