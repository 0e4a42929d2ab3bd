"""Recognise national ids, other papers' numbers, cards and bank accounts."""

import re
from collections.abc import Iterator

from core.domain.identity import IdentityKind
from core.domain.mention import compact
from core.flow.pseudonymise.finding import Finding

_SSN = re.compile(
    r"\d(?<![\w-]\d)(?<!9)\d\d(?<!000)(?<!666)([- ])(?!00)\d\d\1(?!0000)\d{4}(?![\w-])"
)
_NI_NUMBER = re.compile(
    r"[A-CEGHJ-PR-TW-Z](?<!\w.)[A-CEGHJ-NPR-TW-Z](?<!BG|GB|KN|NK|NT|TN|ZZ)"
    r"[ ]?\d\d[ ]?\d\d[ ]?\d\d[ ]?[A-D](?!\w)"
)
_LABEL = re.compile(
    r"\b(?:ssn|social security|ssnr|national insurance|ni|national id(?:entity)?|identity card|"
    r"id card|passport|driv(?:er|ing)(?:['’]?s)? licen[cs]e|steuer-?(?:id(?:entifikationsnummer)?|"
    r"nummer)|sozialversicherungs(?:nummer|-nr)|rentenversicherungsnummer|personalausweis|"
    r"reisepass|ausweis|führerschein|aadhaa?r|pan|nino|dni|nie|nif|bsn|codice fiscale|pesel|visa|"
    r"work permit|tax(?:payer)? id|emirates id|nric)(?:[ -]?(?:no|nr|number|num|nummer|card|id)\b)*"
    r"\.?(?:[ ]+(?:is|ist))?[ ]{0,3}[:#：.]?[ ]{0,3}$",
    re.IGNORECASE,
)
_VALUE = re.compile(r"\d(?<!\d\d)(?:[ ./-]?[A-Za-z]{0,2}\d){3,16}[A-Za-z]?(?!\w)")
# Letters that begin a number ("LH329609T"), as opposed to the label's last word.
_SERIES = re.compile(r"(?<![^\W_])(?:[A-Z]{1,5}|[a-z]{1,2})[ -]?$")
_CARD = re.compile(r"\d(?<![\w.+-]\d)(?:[ -]?\d){11,18}(?![\w-])")
_CARD_LABEL = re.compile(
    r"(?:card|visa|amex|cc|mastercard|kreditkarte)\b[^\n]{0,24}$", re.IGNORECASE
)
_IBAN = re.compile(r"[A-Z](?<!\w.)[A-Z]\d\d(?:[ ]?[A-Z0-9]){11,30}(?!\w)", re.IGNORECASE)


def find_papers(text: str) -> Iterator[Finding]:
    """Find SSN and NI numbers by form, other papers' numbers by their label."""
    for pattern in (_SSN, _NI_NUMBER):
        for match in pattern.finditer(text):
            yield Finding(IdentityKind.NATIONAL_ID, *match.span(), compact(match[0]))
    for match in _VALUE.finditer(text):
        before = text[max(0, match.start() - 48) : match.start()]
        series = _SERIES.search(before)
        before = before[: series.start()] if series else before
        if _LABEL.search(before):
            start = match.start() - len(series[0]) if series else match.start()
            key = compact(text[start : match.end()])
            yield Finding(IdentityKind.NATIONAL_ID, start, match.end(), key)


def find_payments(text: str) -> Iterator[Finding]:
    """Find cards (Luhn digit or label) and bank accounts (IBAN check digits)."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        labelled = _CARD_LABEL.search(text[max(0, match.start() - 40) : match.start()])
        if labelled or (digits[0] in "23456" and passes_luhn(digits)):
            yield Finding(IdentityKind.PAYMENT, *match.span(), digits)
    for match in _IBAN.finditer(text):
        account = compact(match[0])
        if passes_iban(account):
            yield Finding(IdentityKind.PAYMENT, *match.span(), account)


def passes_luhn(digits: str) -> bool:
    """Check a card number's last digit (ISO/IEC 7812-1)."""
    doubled = [int(d) * 2 for d in digits[-2::-2]]
    total = sum(int(d) for d in digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)
    return total % 10 == 0


def passes_iban(account: str) -> bool:
    """Check an account's two check digits (ISO 13616): the number modulo 97 is 1."""
    if not 15 <= len(account) <= 34 or not account.isascii():
        return False
    return int("".join(str(int(c, 36)) for c in account[4:] + account[:4])) % 97 == 1
