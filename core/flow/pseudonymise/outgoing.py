"""The last look at a payload before it leaves for a model; in doubt it does not leave."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import unquote

from core.domain.document import Span
from core.domain.identity import IdentityIndex, IdentityKind, KnownIdentity
from core.errors import LeakDetected
from core.flow.pseudonymise.contact import find_emails, find_phones, find_urls
from core.flow.pseudonymise.names import expanded, group_people, searched
from core.flow.pseudonymise.ordinary import find_ordinary_parts
from core.flow.pseudonymise.papers import find_papers, find_payments

_NESTING = 3
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrtbf\"\\/]))")
_ESCAPED = {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}


def check_outgoing(payload: str, identities: Iterable[KnownIdentity]) -> None:
    """Raise ``LeakDetected`` if ``payload`` holds an identity in any spelling, or looks like it.

    Also looks through JSON, HTML and URL escapes. The error names kinds, never values.
    """
    known = expanded(identities)
    index = IdentityIndex(searched(known))
    people = group_people(i.value for i in known if i.kind is IdentityKind.NAME)
    found: set[str] = set()
    for view in _views(payload):
        found |= {kind.value for kind, _ in leaks(view, index)}
        found |= {f.kind.value for f in find_ordinary_parts(view, people)}
    if found:
        raise LeakDetected(f"the payload still holds: {', '.join(sorted(found))}")


def leaks(text: str, index: IdentityIndex) -> Iterator[tuple[IdentityKind, Span]]:
    """List what must not leave: known identities, and anything of an identifier's form."""
    for mention in index.mentions(text):
        yield mention.identity.kind, mention.span
    recognisers = (find_emails, find_urls, find_phones, find_papers, find_payments)
    for item in chain.from_iterable(find(text) for find in recognisers):
        yield item.kind, Span(item.start, item.end)


def _views(payload: str) -> Iterator[str]:
    """Give the payload as it is and with its escapes undone, nested ones too."""
    yield payload
    for _ in range(_NESTING):
        plain = html.unescape(unquote(_ESCAPE.sub(_unescaped, payload)))
        if plain == payload:
            return
        yield plain
        payload = plain


def _unescaped(match: re.Match[str]) -> str:
    code, letter = match.groups()
    return chr(int(code, 16)) if code else _ESCAPED.get(letter, letter)
