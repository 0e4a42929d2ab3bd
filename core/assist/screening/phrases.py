"""Find and compare set phrases: skills, levels, synonyms."""

import json
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from core.assist.screening.tables import vocabulary
from core.assist.screening.wording import stems, weight

_TOKEN = re.compile(r"[\w][\w.+#/&’'-]*[\w+#]|\w")
_LONGEST = 5
_INFLECTED = 5
"""Letters from which a word is looked for in its other forms."""
_UNSPEAKABLE = re.compile(r"(?i)[^aeiouy]{3}")
_ENDING = re.compile(r"(?<=\w{4})(?:ing|ed|ers|er|es|s|e)$")
_ENDING_ALONE = re.compile(r"(?<=\w{4})(?:ing|ed|es|s|e)$")
_HOW_WELL = frozenset({"advanced", "basic", "excellent", "expert", "good", "solid", "strong"})
_GERMAN = re.compile(
    r"(?i)[äöüß]|\b(?:und|oder|mit|im|der|die|das|für|als|von|zur|zum|auf|aus|bei|den|nach"
    r"|sicher\w*|kenntnisse|erfahrung|umgang)\b"
)


@lru_cache(maxsize=4096)
def pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Compile one pattern that finds any of ``phrases`` as whole words, longest first.

    Phrases of up to three letters must be written in capitals ("AP", "RN"), so that they do
    not hit ordinary words, unless they have no vowel ("dbt"); spaces match line breaks, a
    plural s is allowed.
    """
    parts = []
    for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)):
        body = r"\s+".join(re.escape(word) for word in phrase.split())
        if len(phrase) <= 3 and phrase.isalpha() and not _UNSPEAKABLE.fullmatch(phrase):
            parts.append(body.upper())
        else:
            parts.append(f"(?i:{body}s?)")
    return re.compile(r"(?<![\w@])(?:" + "|".join(parts) + r")(?![\w@])")


@cache
def any_degree(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Compile a pattern that finds a degree by any of ``forms``, which are patterns themselves."""
    return re.compile(r"(?i)(?<!\w)(?:" + "|".join(forms) + r")(?!\w)")


@lru_cache(maxsize=4096)
def any_form(phrase: str) -> re.Pattern[str]:
    """Compile a pattern that finds ``phrase`` with its words inflected: triage, triaged.

    Single words of up to four letters are matched as ``pattern`` does.
    """
    words = phrase.split()
    if len(words) == 1 and len(phrase) < _INFLECTED:
        return pattern((phrase,))
    body = r"[\s-]+".join(_inflected(word, alone=len(words) == 1) for word in words)
    return re.compile(rf"(?i)(?<![\w@]){body}(?![\w@])")


@lru_cache(maxsize=1024)
def either(patterns: tuple[re.Pattern[str], ...]) -> re.Pattern[str]:
    """Compile one pattern that finds what any of ``patterns`` finds."""
    parts = (p.pattern.replace("(?i)", "", 1) for p in patterns)
    bodies = [
        f"(?i:{part})" if p.flags & re.IGNORECASE else part
        for p, part in zip(patterns, parts, strict=True)
    ]
    return re.compile("|".join(bodies))


def _inflected(word: str, *, alone: bool) -> str:
    if len(word) < _INFLECTED or not word.isalpha():
        return f"{re.escape(word)}s?"
    # Alone, "docker" must not find "docks".
    root = (_ENDING_ALONE if alone else _ENDING).sub("", word)
    return f"{re.escape(root)}(?:e|es|s|ed|ing|er|ers)?"


def with_synonyms(terms: Iterable[str]) -> tuple[str, ...]:
    """Add the other names of each term, in a stable order."""
    synonyms = vocabulary().synonyms
    return tuple(dict.fromkeys(name for t in terms for name in (t, *synonyms.get(t, ()))))


def skill_phrases(line: str) -> tuple[str, ...]:
    """List the skills named in ``line`` as written there; the longest match wins.

    A single ordinary word counts only with a capital, a digit or a sign that marks it as a
    name ("Tableau", "C++"): the list of known skills holds many words of everyday use. Names
    that stand side by side are one ("SAP EWM").
    """
    words = [(m.start(), m.end()) for m in _TOKEN.finditer(line)]
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        size = next((n for n in range(_LONGEST, 0, -1) if _is_skill(line, words, at, n)), 0)
        if size:
            start, end = words[at][0], words[at + size - 1][1]
            if found and line[found[-1][1] : start] == " ":
                start = found.pop()[0]
            found.append((start, end))
        at += size or 1
    return tuple(dict.fromkeys(line[start:end] for start, end in found))


def names_of(phrase: str) -> tuple[str, ...]:
    """List what shows a named skill, lower-case: itself, its plain core, and other names.

    "Advanced Excel" is shown by Excel; "Salesforce Service Cloud" by Salesforce.
    """
    whole = " ".join(phrase.lower().split())
    words = whole.split()
    own = [whole]
    if words[0] in _HOW_WELL and len(words) > 1:
        own.append(" ".join(words[1:]))
    if whole not in _known_skills() and len(words[0]) > 3 and words[0] in _known_skills():
        own.append(words[0])
    return with_synonyms(dict.fromkeys(own))


def _is_skill(line: str, words: list[tuple[int, int]], at: int, size: int) -> bool:
    if at + size > len(words):
        return False
    written = line[words[at][0] : words[at + size - 1][1]]
    phrase = written.lower()
    if phrase in vocabulary().synonyms:
        return len(phrase) > 3 or written != phrase
    if size == 1 and not _is_name(written, first=at == 0, alone=len(words) == 1):
        return False
    if phrase in _known_skills():
        return not phrase.isalpha() or any(weight(s) == 1 for s in stems(phrase))
    return size == 1 and len(written) > 2 and (written.isupper() or not _is_german(line))


def _is_german(line: str) -> bool:
    """Say whether ``line`` looks German, where a capital marks any noun and not a name."""
    return bool(_GERMAN.search(line))


def _is_name(written: str, *, first: bool, alone: bool) -> bool:
    marked = not written.isalpha() or any(c.isupper() for c in written[1:])
    return marked or alone or (written[0].isupper() and not first)


def is_known(skill: str) -> bool:
    """Say whether ``skill`` is on the list of known skills."""
    return skill.lower() in _known_skills()


@cache
def _known_skills() -> frozenset[str]:
    raw = files("skill_extractor").joinpath("data/skills.json").read_text(encoding="utf-8")
    return frozenset(json.loads(raw))
