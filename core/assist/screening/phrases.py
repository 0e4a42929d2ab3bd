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


@lru_cache(maxsize=4096)
def pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Compile one pattern that finds any of ``phrases`` as whole words, longest first.

    Phrases of up to three letters must be written in capitals ("AP", "RN"), so that they do
    not hit ordinary words; spaces match line breaks, a plural s is allowed.
    """
    parts = []
    for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)):
        body = r"\s+".join(re.escape(word) for word in phrase.split())
        if len(phrase) <= 3 and phrase.isalpha():
            parts.append(body.upper())
        else:
            parts.append(f"(?i:{body}s?)")
    return re.compile(r"(?<![\w@])(?:" + "|".join(parts) + r")(?![\w@])")


def with_synonyms(terms: Iterable[str]) -> tuple[str, ...]:
    """Add the other names of each term, in a stable order."""
    synonyms = vocabulary().synonyms
    return tuple(dict.fromkeys(name for t in terms for name in (t, *synonyms.get(t, ()))))


def skill_phrases(line: str) -> tuple[str, ...]:
    """List the known skills named in ``line``, lower-case, longest match first wins."""
    words = [(m.start(), m.end()) for m in _TOKEN.finditer(line)]
    found: list[str] = []
    at = 0
    while at < len(words):
        size = next((n for n in range(_LONGEST, 0, -1) if _is_skill(line, words, at, n)), 0)
        if size:
            found.append(line[words[at][0] : words[at + size - 1][1]].lower())
        at += size or 1
    return tuple(dict.fromkeys(found))


def _is_skill(line: str, words: list[tuple[int, int]], at: int, size: int) -> bool:
    if at + size > len(words):
        return False
    written = line[words[at][0] : words[at + size - 1][1]]
    phrase = written.lower()
    if phrase in vocabulary().synonyms:
        return len(phrase) > 3 or written.isupper()
    if phrase not in _known_skills() or (len(phrase) <= 3 and written == phrase):
        return False
    return any(weight(s) == 1 for s in stems(phrase)) or not phrase.isalpha()


@cache
def _known_skills() -> frozenset[str]:
    raw = files("skill_extractor").joinpath("data/skills.json").read_text(encoding="utf-8")
    return frozenset(json.loads(raw))
