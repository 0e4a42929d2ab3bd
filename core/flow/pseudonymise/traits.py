"""Recognise birth, age, family, origin, gender, religion and photo remarks."""

import re
from collections.abc import Iterator

from core.domain.identity import IdentityKind
from core.domain.mention import compact
from core.flow.pseudonymise.finding import Cued, Finding

_MONTH = r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]*\.?"
_DATE = (
    r"(?:\d{1,2}[./ -]\d{1,2}[./ -]\d{2,4}|\d{4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}日?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?[ -](?:of )?{_MONTH},?[ -]\d{{2,4}}"
    rf"|{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}})"
)

_LABELS = {
    IdentityKind.BIRTH_DATE: (
        r"d\.?o\.?b\.?|date of birth|birth ?date|birthday|born(?: on)?|geburtsdatum|"
        r"geboren(?: am)?|geb\.|geburtstag|fecha de nacimiento|"
        r"date de naissance|生年月日|place of birth|"
        r"birth ?place|geburtsort|lieu de naissance|lugar de nacimiento|出生地"
    ),
    IdentityKind.AGE: "age|alter|edad|âge|年齢",
    IdentityKind.MARITAL_STATUS: (
        "marital status|civil status|family status|familienstand|estado civil|état civil|配偶者"
    ),
    IdentityKind.NATIONALITY: (
        "nationality|citizenship|nationalität|staatsangehörigkeit|staatsbürgerschaft|"
        "nacionalidad|nationalité|国籍|ethnicity|race|caste"
    ),
    IdentityKind.GENDER: "gender|sex|geschlecht|sexo|sexe|pronouns|性別",
    IdentityKind.RELIGION: "religion|religious affiliation|konfession|faith|宗教",
    IdentityKind.FAMILY: (
        "children|kinder|(?:number of )?dependents|hijos|enfants|扶養家族|siblings"
    ),
    IdentityKind.PHOTO: "photo(?:graph)?|bewerbungsfoto|lichtbild|foto|写真",
}
_SEPARATOR = re.compile(r"[:：]|[ \t][–-](?=[ \t])|\t")
_BLANKS = re.compile(r"[ \t]{0,20}\n?[ \t]{0,20}")
_LABEL = re.compile(
    r"(?:^|(?<=[\s|•*,(]))(?:"
    + "|".join(f"(?P<{kind.name}>{label})" for kind, label in _LABELS.items())
    + r")[ \t]*$",
    re.IGNORECASE,
)
_LONGEST_LABEL = 28
_VALUE = re.compile(
    r"[^\n|;•]{1,40}?(?=[ \t]*(?:$|[|;•\n]|[ ]{3}|,?[ ][\w ]{2,20}[ ]?:))", re.MULTILINE
)

# Cells of a table arrive as "Familienstand ledig" or on two lines. Only labels that mean nothing
# else are taken without a separator.
_CELL = r"^[ \t•*]{0,4}(?:%s)(?:[ \t]{1,20}|[ \t]{0,4}\n[ \t]{0,4})(?P<value>%s)[ \t]*$"
_WORDS = r"[^\W\d_][\w.'’()/-]{1,24}(?:[ /][\w.'’()/-]{1,24}){0,2}"
_TABULAR = (
    (
        IdentityKind.NATIONALITY,
        (
            "nationality|citizenship|nationalität|staatsangehörigkeit|staatsbürgerschaft|"
            "nacionalidad|nationalité"
        ),
        _WORDS,
    ),
    (
        IdentityKind.MARITAL_STATUS,
        "marital status|civil status|familienstand|estado civil|état civil",
        _WORDS,
    ),
    (IdentityKind.BIRTH_DATE, "place of birth|birthplace|geburtsort|lieu de naissance", _WORDS),
    (
        IdentityKind.GENDER,
        "gender|sex|geschlecht|sexo|sexe",
        "male|female|m|f|w|männlich|weiblich|divers|non-?binary|masculino|femenino",
    ),
    (IdentityKind.RELIGION, "religious affiliation|konfession|religionszugehörigkeit", _WORDS),
)

_SPOKEN: tuple[tuple[IdentityKind, Cued], ...] = (
    *(
        (kind, Cued(_CELL % (labels, value), labels, flags=re.IGNORECASE | re.MULTILINE))
        for kind, labels, value in _TABULAR
    ),
    (
        IdentityKind.BIRTH_DATE,
        Cued(
            r"(?:\b(?:born(?: on)?|date of birth|dob|geb(?:oren|\.)?(?: am)?|geburtsdatum|"
            r"née? le)|生年月日)[ :\n]{0,3}"
            rf"(?P<value>{_DATE}(?:[ ](?:in|at|à)[ ][^\W\d_][\w-]+)?)",
            "born|date of birth|dob|geb|né|生年月日",
        ),
    ),
    (IdentityKind.BIRTH_DATE, Cued(rf"(?<!\w)\*[ ]?(?P<value>{_DATE})", "*")),
    (
        IdentityKind.BIRTH_DATE,
        Cued(
            r"\b(?:born|geboren)[ ](?P<value>(?:(?:in|on|and raised in)[ ])?(?:19|20)\d\d"
            r"|(?:and raised )?in[ ][A-ZÀ-Þ][\w-]+)",
            "born |geboren ",
            flags=0,
        ),
    ),
    (
        IdentityKind.AGE,
        Cued(
            r"\b(?:i['’]?m|i am|am|aged?|turned|alter|is an?)[ ]+(?:just[ ])?(?P<value>[1-9]\d"
            r"(?:[ -]?(?:years?|yrs?|y)[ -]?(?:old|/?o))?)"
            r"(?=[ ]?(?:years?[ -]old|y/?o|$|[.,;\n)]))",
            " i'm |i’m |i am | am |aged |age |turned |alter |is a |is an ",
            flags=re.IGNORECASE | re.MULTILINE,
        ),
    ),
    (
        IdentityKind.AGE,
        Cued(
            r"(?<![\w.-])[1-9]\d[ -]?(?:(?:years?|yrs?)[ -]+(?:old|of age)|y/o|jahre alt)\b"
            r"(?=[ ]?(?:$|[.,;|)]|man|woman|male|female|lady|guy|mother|father))"
            r"|満\s?\d{1,2}\s?歳",
            " old|-old|of age|y/o|jahre alt|歳",
        ),
    ),
    (
        IdentityKind.MARITAL_STATUS,
        Cued(
            r"(?:(?<=\n)|(?<=[|•,] ))(?P<value>married|unmarried|divorced|widowed|verheiratet|"
            r"ledig|geschieden|verwitwet)(?=[ ]*(?:[|•,\n]|$|with\b|mit\b))",
            "married|divorced|widowed|verheiratet|ledig|geschieden|verwitwet",
        ),
    ),
    (
        IdentityKind.FAMILY,
        Cued(
            r"\b(?:mother|father|parent|mutter|vater)[ ](?:of|von)[ ](?:\w+[ ]){1,2}"
            r"(?:children|kids|kindern|sons?|daughters?|boys|girls)\b"
            r"|\b(?:married|divorced|single|verheiratet|geschieden|ledig)[, ]{1,2}(?:with|mit)?[ ]?"
            r"(?P<value>(?:one|two|three|four|\d|ein|zwei|drei|vier)[ ](?:\w+[ ])?"
            r"(?:child|children|kids|kinder|kind|sons|daughters)\b)",
            "children|kids|kind|sons|daughter|boys|girls",
        ),
    ),
    (
        IdentityKind.NATIONALITY,
        Cued(
            r"(?<!\w)(?P<value>[A-Z][a-z]+(?:ish|ese|ian|can|man|ench|utch|ss|reek|ani|qi))"
            r"[ ](?:citizen|national|nationality|passport)\b",
            " citizen| national| passport",
            flags=0,
        ),
    ),
    (
        IdentityKind.PHOTO,
        Cued(
            r"\[(?:photo|picture|image|foto|bild)\]|写真を貼る位置",
            "[photo]|[picture]|[image]|[foto]|[bild]|写真",
        ),
    ),
)


def find_traits(text: str) -> Iterator[Finding]:
    """Find traits by their label ("Marital status: …") or by set phrases ("34 years old")."""
    for separator in _SEPARATOR.finditer(text):
        yield from _labelled(text, separator)
    lower = text.lower()
    for kind, cued in _SPOKEN:
        for match in cued.finditer(text, lower):
            group = "value" if match.groupdict().get("value") else 0
            yield _trait(text, kind, *match.span(group))


def _labelled(text: str, separator: re.Match[str]) -> Iterator[Finding]:
    start = separator.start()
    label = _LABEL.search(text[max(0, start - _LONGEST_LABEL) : start])
    blanks = _BLANKS.match(text, separator.end()) if label else None
    value = _VALUE.match(text, blanks.end()) if blanks else None
    if label and value and value[0].strip():
        yield _trait(text, IdentityKind[str(label.lastgroup)], *value.span())


def _trait(text: str, kind: IdentityKind, start: int, end: int) -> Finding:
    return Finding(kind, start, end, compact(text[start:end]), searched=False)
