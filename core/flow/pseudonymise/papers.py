"""Recognise national ids, other papers' numbers, cards and bank accounts."""

import re
from collections.abc import Iterator

from core.domain.identity import IdentityKind
from core.domain.mention import compact
from core.flow.pseudonymise.finding import Finding

_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d\d\1(?!0000)\d{4}(?![\w-])")
_NI_NUMBER = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ ]?\d\d[ ]?\d\d[ ]?\d\d[ ]?[A-D](?!\w)"
)
_LABELLED = re.compile(
    r"(?:\b(?:ssn|social security|ssnr|national insurance|ni|national id(?:entity)?|identity card|"
    r"id card|passport|driv(?:er|ing)(?:['’]?s)? licen[cs]e|steuer-?(?:id(?:entifikationsnummer)?|"
    r"nummer)|sozialversicherungs(?:nummer|-nr\.?)|rentenversicherungsnummer|personalausweis|"
    r"reisepass|ausweis|führerschein|aadhaa?r|pan(?: card)?|nino|dni|nie|nif|bsn|codice fiscale|"
    r"pesel|visa|work permit|tax(?:payer)? id|emirates id|nric)"
    r"(?:[ \-]?(?:no|nr|number|num|nummer|card|id|#)\b\.?)*)"
    r"(?:[ ]+(?:is|ist))?[ ]{0,3}[:#：]?[ ]{0,3}(?P<value>(?=[\w /.-]{0,8}\d)[A-Z0-9][A-Z0-9/.\- ]{3,22}"
    r"[A-Z0-9])(?!\w)",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){11,18}(?![\w-])")
_CARD_LABEL = re.compile(
    r"(?:card|visa|amex|cc|mastercard|kreditkarte)\b[^\n]{0,24}$", re.IGNORECASE
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?:[ ]?[A-Z0-9]){11,30}(?!\w)", re.IGNORECASE)


def find_papers(text: str) -> Iterator[Finding]:
    """Find SSN and NI numbers by form, other papers' numbers by their label."""
    for pattern in (_SSN, _NI_NUMBER):
        for match in pattern.finditer(text):
            yield Finding(IdentityKind.NATIONAL_ID, *match.span(), compact(match[0]))
    for match in _LABELLED.finditer(text):
        if sum(c.isdigit() for c in match["value"]) >= 4:
            yield Finding(IdentityKind.NATIONAL_ID, *match.span("value"), compact(match["value"]))


def find_payments(text: str) -> Iterator[Finding]:
    """Find cards (Luhn digit or label) and bank accounts (IBAN check digits)."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        labelled = _CARD_LABEL.search(text, max(0, match.start() - 40), match.start())
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
