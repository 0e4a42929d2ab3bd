"""Open zipped XML formats without falling for bombs, entities or depth."""

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.documents import limits
from core.documents.limits import Limits
from core.errors import DocumentRefused


class Package:
    """A zip file read part by part within one budget of unpacked bytes."""

    def __init__(self, content: bytes, bounds: Limits) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._left = bounds.max_unpacked
        self._depth = bounds.max_depth
        self.names = tuple(self._zip.namelist())

    def part(self, name: str) -> Element | None:
        """Parse one XML part; None when the package has none of that name."""
        if name not in self.names:
            return None
        try:
            root: Element = fromstring(self._unpacked(name), forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise DocumentRefused(limits.BROKEN) from error
        _check_depth(root, self._depth)
        return root

    def _unpacked(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as packed:
                data = packed.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise DocumentRefused(limits.BROKEN) from error
        except (RuntimeError, NotImplementedError) as error:  # zip's own password protection
            raise DocumentRefused(limits.LOCKED) from error
        self._left -= len(data)
        if self._left < 0:
            raise DocumentRefused(limits.EXPANDS)
        return data


def _check_depth(root: Element, most: int) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > most:
            raise DocumentRefused(limits.TOO_DEEP)
        level = [child for element in level for child in element]
