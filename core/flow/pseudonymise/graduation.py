"""Recognise graduation years, which give an age away."""

import re
from collections.abc import Iterator

from core.domain.identity import IdentityKind
from core.flow.pseudonymise.finding import Cued, Finding

_HEADING = re.compile(
    r"^[ \t]*(?:education(?:al)?(?: background| (?:and|&) training| history| qualifications?)?"
    r"|academic[ \w]{0,24}|ausbildung|bildung(?:sweg)?|studium|schulbildung|formation|学歴)"
    r"[ \t]*:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NEXT_HEADING = re.compile(
    r"^[ \t]*(?:(?:work|professional|employment|relevant|additional|technical|key|core|career|"
    r"personal|volunteer)[ ]){0,2}(?:experience|history|employment|skills?|projects?|certificat\w*|"
    r"languages?|interests?|hobbies|references?|summary|awards?|publications?|activities|training|"
    r"accomplishments|achievements|affiliations|highlights|berufserfahrung|kenntnisse|sprachen|"
    r"projekte|職歴)[ \t]*:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_YEAR = re.compile(r"(?<!\d)(?:19[4-9]|20[0-4])\d(?!\d)")
_SAID = Cued(
    r"\b(?:class of|graduat(?:ed|ion)(?:[ ](?:in|from)?[^\n.\d]{0,40})?|abschluss|absolvent)"
    r"[ :]{0,3}(?P<value>(?:19[4-9]|20[0-4])\d)\b",
    "class of|graduat|abschluss|absolvent",
)


def find_graduation_years(text: str) -> Iterator[Finding]:
    """Find years in sections headed as education, and after "graduated" or "class of"."""
    for match in _SAID.finditer(text, text.lower()):
        yield _graduation(text, *match.span("value"))
    for heading in _HEADING.finditer(text):
        following = _NEXT_HEADING.search(text, heading.end())
        end = following.start() if following else len(text)
        for year in _YEAR.finditer(text, heading.end(), end):
            yield _graduation(text, *year.span())


def _graduation(text: str, start: int, end: int) -> Finding:
    key = text[start:end]
    return Finding(IdentityKind.GRADUATION_YEAR, start, end, key, searched=False)
