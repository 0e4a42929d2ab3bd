"""Find name parts that are ordinary words ("Will", "Baker", "Jackson") where they are names."""

import re
from collections.abc import Iterator, Sequence

from core.domain.identity import IdentityKind
from core.domain.mention import folded
from core.flow.pseudonymise.finding import Finding
from core.flow.pseudonymise.lexicon import lexicon
from core.flow.pseudonymise.names import PARTICLES, Person, is_ordinary

_MONTHS = frozenset(("march", "april", "may", "june", "august"))
_TITLE_BEFORE = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|prof|herr|frau|dear|hi|hello|sincerely|regards),?\.?[ \n]+$",
    re.IGNORECASE,
)
_INITIAL_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\.[ ]?){1,2}$")
_INITIAL_AFTER = re.compile(r",?[ ][A-Z]\.(?!\w)")
_LOWER_BEFORE = re.compile(r"(?<!\w)(?P<word>[a-zß-ÿ]+)[ ]$")
_LOWER_AFTER = re.compile(r"[ ][a-zß-ÿ]+\b|[.,;!?)]")
_STARTS_SENTENCE = re.compile(r"(?:^|[\n.!?:•*·-])[ \t]*$")
_VERB_AFTER = re.compile(
    r"[ ](?:is|was|has|had|can|also|currently|successfully|consistently|led|built|won|ran|made|"
    r"grew|took|held|wrote|brings?|works|serves|leads|manages|holds|[a-z]{3,}ed)\b"
)
_PERSON_WORDS = frozenset(("by", "met", "joined", "told", "asked", "called", "named", "am"))
_PLACE_WORDS = frozenset(
    (
        *("in", "at", "near", "from", "to", "of", "the", "a", "an", "on", "for", "with", "since"),
        *("until", "through", "during", "across", "via", "into", "outside", "within", "around"),
    )
)


def find_ordinary_parts(text: str, people: Sequence[Person]) -> Iterator[Finding]:
    """Find name parts that are ordinary words where they are written like a name.

    Capitalised, and: after a title, greeting or initial; before "'s" or a verb at a sentence's
    start; or inside a lower-case sentence where no place is meant. A name known by that one word
    only counts wherever it is capitalised, and in a text without any capitals.
    """
    owner = {p: who for who in people for part in who.parts for p in (part, *part.split("-"))}
    given = {who.parts[0] for who in people}
    wanted = [p for p in owner if is_ordinary(p) and (p not in PARTICLES or p in given)]
    if not wanted:
        return
    words = "|".join(re.escape(p) for p in sorted(wanted))
    without_capitals = text.islower()
    pattern = (
        rf"(?<![\w-])(?P<initials>(?:[A-Z]\.?[ ]?){{1,2}}[ ]?(?<=\.| ))?(?P<part>{words})(?![\w-])"
    )
    for match in re.finditer(pattern, text, re.IGNORECASE):
        part = folded(match["part"])
        person = owner[part]
        if match["part"][0].islower():
            counts = without_capitals and part not in lexicon().words
        elif person.parts == [part] and part not in lexicon().not_in_names:
            counts = True
        else:
            counts = _is_name_like(text, match, person)
        if counts:
            whole = _are_initials_of(match["initials"], person)
            start = match.start() if whole else match.start("part")
            yield Finding(IdentityKind.NAME, start, match.end(), person.key, searched=False)


def follows_title(text: str, start: int) -> bool:
    """Say whether a title or greeting stands before ``start``: then any word is a name."""
    return _TITLE_BEFORE.search(text[max(0, start - 24) : start]) is not None


def _are_initials_of(initials: str | None, person: Person) -> bool:
    letters = re.sub(r"\W", "", initials or "")
    firsts = {part[0] for part in person.parts}
    return letters.isupper() and all(folded(letter) in firsts for letter in letters)


def _is_name_like(text: str, match: re.Match[str], person: Person) -> bool:
    start, end = match.span("part")
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    initials = _INITIAL_BEFORE.search(before) or _INITIAL_AFTER.match(after)
    if follows_title(text, start) or (initials and _are_initials_of(initials[0], person)):
        return True
    if match["part"].isupper():
        return False
    part = folded(match["part"])
    noun = part in lexicon().words and part != person.parts[0]
    if _STARTS_SENTENCE.search(before) and _VERB_AFTER.match(after) and not noun:
        return True
    if after.startswith(("'s ", "’s ")):
        return True
    if part in _MONTHS or _STARTS_SENTENCE.search(before):
        return False
    lower = _LOWER_BEFORE.search(before)
    if lower is None or not _LOWER_AFTER.match(after):
        return False
    return lower["word"] in _PERSON_WORDS if noun else lower["word"] not in _PLACE_WORDS
