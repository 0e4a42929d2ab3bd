"""Recognise pay had and hoped for; budgets, prices and revenues are evidence and stay."""

import re
from collections.abc import Iterator

from core.domain.identity import IdentityKind
from core.flow.pseudonymise.finding import Cued, Finding

_SIGN = r"(?:[$€£¥₹]|usd|eur(?:o)?|gbp|pounds|dollars|inr|chf|rs\.?|cad|aud)"
_AMOUNT = (
    rf"(?:{_SIGN}[ ]?)?\d{{1,3}}(?:[.,' ]?\d{{3}})*(?:[.,]\d{{1,2}})?"
    rf"[ ]?(?:k|lpa|lacs?|lakhs?|tsd\.?|t€|cr)?(?:[ ]?{_SIGN})?"
)
_PER = (
    r"(?:[ ]?(?:/|per|an?|pro|p\.|im|je)[ ]?(?:hour|hr|h|annum|a\.?|year|yr|month|mo|week|wk|day|"
    r"jahr|monat|stunde)\b\.?|[ ]?(?:annually|yearly|monthly|weekly|hourly|brutto|netto|gross|net|"
    r"jährlich|p\.?a\.?|ctc|pcm))"
)
_RANGE = rf"{_AMOUNT}{_PER}?(?:[ ]?(?:-|–|to|bis)[ ]?{_AMOUNT})?{_PER}?"
_LABEL = (
    r"(?:(?:current|expected|desired|last|previous|present|starting|ending|final|base|annual|"
    r"minimum|target|gross|net|monthly|hourly)[ ]){0,2}"
    r"(?:salary|salaries|ctc|wages?|pay(?: rate)?|remuneration|compensation|hourly rate|day rate|"
    r"earnings|package)(?:[ ](?:history|expectations?|expected|requirements?|range|desired|drawn|"
    r"details|per annum|p\.a\.))?"
    r"|(?:gehalt|lohn|jahresgehalt|monatsgehalt|bruttogehalt|gehaltsvorstellung(?:en)?|"
    r"gehaltswunsch|wunschgehalt|stundenlohn|vergütung|jahresbrutto)"
)
_BUSINESS = re.compile(
    r"sav(?:ed|es|ings?)|revenue|budget|sales|cost|profit|grew|grow|company|exceed|captured|donat|billing|fees|"
    r"volume|reduc|increas|generat|fund|grant|contract|spend|portfolio|goal|account|invoic|process",
    re.IGNORECASE,
)
_PAID = re.compile(r"salar|wage|\bpaid\b|\bpay\b|earned|gehalt|lohn|verdien", re.IGNORECASE)
_AMOUNT_PER = Cued(
    r"(?<![\w.,])(?:[$€£₹][ ]?\d{1,3}(?:[.,]?\d{3})*(?:\.\d{1,2})?[ ]?k?"
    r"|\d{1,3}(?:[.,]\d{3})*(?:,\d\d)?[ ]?k?[ ]?(?:[€£]|eur(?:o)?|usd|gbp))"
    rf"(?:[ ]?(?:-|–|to|bis)[ ]?[$€£₹]?\d[\d.,]*[ ]?k?[ ]?[€£]?)?{_PER}",
    "$|€|£|₹|eur|usd|gbp",
)
_PAY = (
    Cued(
        rf"\b(?:{_LABEL})(?:[ \t]*[:：][ \t]*|[ \t]+[–-][ \t]+"
        r"|[ ](?:is|was|of|at|von|ist|beträgt|liegt bei)[ ])"
        rf"(?:[^\n.;|\d]{{0,24}}?[ ]?{_RANGE}|negotiable|verhandelbar|nach vereinbarung|vb|open)"
        r"(?!\w)",
        "salar|ctc|wage|pay|remuner|compens| rate|earnings|package|gehalt|lohn|vergüt|jahresbrutto",
    ),
    _AMOUNT_PER,
    Cued(r"(?<![\w.])\d{1,2}(?:\.\d{1,2})?[ ]?lpa\b", "lpa"),
)


def find_pay(text: str) -> Iterator[Finding]:
    """Find labelled salaries and amounts of money per hour, month or year, ranges included."""
    lower = text.lower()
    for cued in _PAY:
        for match in cued.finditer(text, lower):
            if cued is _AMOUNT_PER and _is_business(text, match):
                continue
            yield Finding(IdentityKind.SALARY, *match.span(), "", searched=False)


def _is_business(text: str, match: re.Match[str]) -> bool:
    """Say whether an unlabelled amount is what a company turned over, not what a person earned."""
    before = text[max(0, match.start() - 60) : match.start()].rpartition("\n")[2]
    after = text[match.end() : match.end() + 30].partition("\n")[0]
    if re.search(r"\d[.,]?\d{3}[.,]?\d{3}", match[0]):
        return True
    around = f"{before} {after}"
    return bool(_BUSINESS.search(around)) and not _PAID.search(around)
