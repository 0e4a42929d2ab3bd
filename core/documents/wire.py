"""How the reading process and its keeper talk: a header, then the bodies it announces."""

import struct

from pydantic import TypeAdapter

from core.documents.limits import Limits
from core.domain.document import ExtractedDocument

HEADER = struct.Struct(">cII")
"""A kind and two lengths: a request's name and content, or an answer's body and zero."""
READ, DOCUMENT, REFUSED, READY = b"R", b"D", b"X", b"!"
DOCUMENTS = TypeAdapter(ExtractedDocument)
LIMITS = TypeAdapter(Limits)
