"""The words that show what a line of qualifications asks for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.assist.screening.phrases import (
    any_form,
    either,
    names_of,
    pattern,
    skill_phrases,
    with_synonyms,
)
from core.assist.screening.tables import vocabulary
from core.assist.screening.wording import stem, telling, weight
from core.domain.criteria import Criterion

_TOKEN = re.compile(r"[\w&+#/’'-]*\w[+#]*|[^\w\s]")
_LIST = re.compile(r"(?i),.*(?:,|\b(?:or|and|oder|und|sowie)\b)")
_MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Subject:
    """What a skill criterion looks for: any of ``main``, or several of ``details``.

    ``words`` are the telling stems of the whole line.
    """

    main: re.Pattern[str] | None
    details: tuple[re.Pattern[str], ...]
    words: frozenset[str]


def skill_terms(line: str) -> tuple[str, ...]:
    """List the terms that show the skill ``line`` asks for, the leading ones first.

    Names win over ordinary words. Details, as after a colon, follow.
    """
    head, details = _parts(line)
    named = _specified(head) or [n for name in _names(head) for n in names_of(name)]
    main = named or list(with_synonyms(_phrases(head)))
    rest = [*(n.lower() for n in _names(details)), *map(" ".join, _chunks(details))]
    more = [phrase for phrase in rest if _says_enough(phrase.split())]
    return tuple(dict.fromkeys((*main, *more)))[:_MOST_TERMS]


@lru_cache(maxsize=512)
def subject_of(criterion: Criterion) -> Subject:
    """Compile what ``criterion`` looks for; names must stand as written, words may be inflected."""
    line = criterion.source or criterion.label
    terms = criterion.terms or (criterion.label.lower(),)
    head, rest = _parts(line.lower())
    led = any(t in head for t in terms)
    detail = [t for t in terms if led and t in rest and t not in head]
    main = [t for t in terms if t not in detail]
    names = {n.lower() for n in skill_phrases(line)}
    words = [t for t in main if t in head and t not in names]
    exact = [t for t in with_synonyms(main) if t not in words]
    found = [pattern(tuple(exact))] if exact else []
    found += [any_form(t) for t in words]
    asked = {s for s in telling(line) if s not in _framing()}
    return Subject(
        either(tuple(found)) if found else None,
        tuple(any_form(t) for t in detail),
        frozenset(asked),
    )


def _parts(line: str) -> tuple[str, str]:
    """Part what is asked for from its details: after a colon, or a comma that lists nothing."""
    head, _, details = line.partition(":")
    if not details and not _LIST.search(line):
        head, _, details = line.partition(",")
    return head, details


def _specified(head: str) -> list[str]:
    """The product where its kind follows: "Epic EHR" asks for Epic, not for any other."""
    line = head.lower()
    return [
        term
        for general, kinds in vocabulary().special.items()
        for special in kinds
        if re.search(rf"\b{re.escape(special)} {re.escape(general)}s?\b", line)
        for term in with_synonyms([special])
    ]


def _names(part: str) -> Iterator[str]:
    """Names in ``part``; a short one takes the word it qualifies along: "RF scanners"."""
    for name in skill_phrases(part):
        after = part.partition(name)[2].split()
        if len(name) <= 2 and after and weight(stem(after[0].lower().strip(".,;"))) == 1:
            yield f"{name} {after[0].strip('.,;')}"
        else:
            yield name


def _phrases(head: str) -> list[str]:
    """The noun phrase ``head`` begins with; of a general noun, what it is about."""
    chunks = _chunks(head)
    if not chunks:
        return []
    first, others = chunks[0], chunks[1:]
    if _says_enough(first):
        return [" ".join(first), *_shorter(first)]
    about = [c for c in others if any(weight(stem(w)) == 1 for w in c)]
    special = [" ".join(c) for c in about if len(c) > 1] or [c[0] for c in about]
    whole = (
        f"{singular(about[0][-1])} {first[0]}"
        if about and f"{first[0]} of " in head.lower()
        else ""
    )
    return [*([whole] if whole else []), *special]


def _shorter(words: list[str]) -> list[str]:
    """The noun without what is done to it: "running tills", "calm conflict resolution"."""
    done = len(words) == 2 and words[0].endswith("ing")
    rest = words[1:] if done else words[-2:] if len(words) > 2 else []
    return [" ".join(rest)] if any(weight(stem(w)) == 1 for w in rest) else []


def _says_enough(words: Sequence[str]) -> bool:
    return len(words) > 1 or any(weight(stem(w)) == 1 for w in words)


def _chunks(part: str) -> list[list[str]]:
    """Cut ``part`` at grammar and punctuation, and framing words off both ends of each piece."""
    pieces: list[list[str]] = [[]]
    for token in _TOKEN.findall(part.lower()):
        if weight(stem(token)) or (len(token) > 1 and not token.isalpha() and token[0].isalnum()):
            pieces[-1].append(token)
        else:
            pieces.append([])
    return [kept for piece in pieces if (kept := _unframed(piece))]


def _unframed(words: list[str]) -> list[str]:
    framing = vocabulary().framing
    start, end = 0, len(words)
    while start < end and words[start] in framing:
        start += 1
    while end > start and words[end - 1] in framing:
        end -= 1
    return words[start:end]


def singular(word: str) -> str:
    """Take a plural s off an English word."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _framing() -> frozenset[str]:
    return frozenset(stem(w) for w in vocabulary().framing)
