"""Recognise personal traits by their labels, pay, and (if asked) graduation years."""

import re
from collections.abc import Iterator

from core.domain.identity import IdentityKind
from core.domain.mention import compact
from core.flow.pseudonymise.finding import Finding

_MONTHS = "jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"
_DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -]\d{{2,4}}|\d{{4}}[-./年]\s?\d{{1,2}}[-./月]\s?\d{{1,2}}日?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?[ -](?:of )?(?:{_MONTHS})[a-zä]*\.?,?[ -]\d{{2,4}}"
    rf"|(?:{_MONTHS})[a-zä]*\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}})"
)
_VALUE = r"(?P<value>[^\n|;•]{1,40}?)(?=[ \t]*(?:$|[|;•\n]|[ ]{3}|,[ ]\w+[ ]?:|[ ]\w+[ ]?:))"
_SAYS = r"[ \t]*[:：–-][ \t]*\n?[ \t]*"

_LABELS: tuple[tuple[IdentityKind, str], ...] = (
    (
        IdentityKind.BIRTH_DATE,
        r"d\.?o\.?b\.?|date of birth|birth ?date|birthday|born(?: on)?|geburtsdatum|geboren(?: am)?|geb\.|geburtstag|fecha de nacimiento|date de naissance|生年月日",
    ),
    (
        IdentityKind.BIRTH_DATE,
        r"place of birth|birth ?place|geburtsort|lieu de naissance|lugar de nacimiento|出生地",
    ),
    (IdentityKind.AGE, r"age|alter|edad|âge|年齢"),
    (
        IdentityKind.MARITAL_STATUS,
        r"marital status|civil status|family status|familienstand|estado civil|état civil|配偶者",
    ),
    (
        IdentityKind.NATIONALITY,
        r"nationality|citizenship|nationalität|staatsangehörigkeit|staatsbürgerschaft|nacionalidad|nationalité|国籍|ethnicity|race|caste|mother tongue",
    ),
    (IdentityKind.GENDER, r"gender|sex|geschlecht|sexo|sexe|pronouns|性別"),
    (IdentityKind.RELIGION, r"religion|religious affiliation|konfession|faith|宗教"),
    (
        IdentityKind.FAMILY,
        r"children|kinder|(?:number of )?dependents|hijos|enfants|扶養家族|spouse|siblings",
    ),
    (IdentityKind.PHOTO, r"photo(?:graph)?|bewerbungsfoto|lichtbild|foto|写真"),
)
_LABELLED = tuple(
    (
        kind,
        re.compile(
            rf"(?:(?<=\s)|(?<=[|•*,(])|^)(?:{label}){_SAYS}{_VALUE}", re.IGNORECASE | re.MULTILINE
        ),
    )
    for kind, label in _LABELS
)
_UNLABELLED: tuple[tuple[IdentityKind, re.Pattern[str]], ...] = (
    (
        IdentityKind.BIRTH_DATE,
        re.compile(
            rf"(?:\b(?:born(?: on)?|date of birth|dob|geb(?:oren|\.)?(?: am)?|geburtsdatum|né(?:e)? le)|生年月日)[ :\n]{{0,3}}(?P<value>{_DATE}"
            r"(?:[ ](?:in|at|à)[ ][A-ZÀ-Þ][\w-]+)?)",
            re.IGNORECASE,
        ),
    ),
    (IdentityKind.BIRTH_DATE, re.compile(rf"(?<!\w)\*[ ]?(?P<value>{_DATE})", re.IGNORECASE)),
    (
        IdentityKind.BIRTH_DATE,
        re.compile(
            r"\b(?:born|geboren)[ ](?P<value>(?:(?:in|on|and raised in)[ ])?(?:19|20)\d\d|in[ ][A-ZÀ-Þ][\w-]+)"
        ),
    ),
    (
        IdentityKind.AGE,
        re.compile(
            r"(?:\b(?:i['’]?m|i am|am|aged?|turned|alter|is an?)[ ]+(?:just[ ])?(?P<value>[1-9]\d(?:[ -]?(?:years?|yrs?|y)[ -]?(?:old|/?o))?)"
            r"(?=[ ]?(?:years?[ -]old|y/?o|$|[.,;\n)])))|(?<![\w.])(?P<old>[1-9]\d)[ -]?(?:(?:years?|yrs?)[ -]+(?:old|of age)|y/o|jahre alt)\b",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    (IdentityKind.AGE, re.compile(r"満\s?\d{1,2}\s?歳")),
    (IdentityKind.AGE, re.compile(r"\bI just turned (?P<value>\d{2})\b")),
    (
        IdentityKind.MARITAL_STATUS,
        re.compile(
            r"(?:(?<=\n)|(?<=[|•,] ))(?P<value>(?:married|unmarried|divorced|widowed|verheiratet|ledig|geschieden|verwitwet))(?=[ ]*(?:[|•,\n]|$|with|mit))",
            re.IGNORECASE,
        ),
    ),
    (
        IdentityKind.FAMILY,
        re.compile(
            r"\b(?:mother|father|parent|mutter|vater)[ ](?:of|von)[ ](?:\w+[ ]){1,2}(?:children|kids|kindern|sons?|daughters?|boys|girls)\b"
            r"|\b(?:one|two|three|four|\d|ein|zwei|drei|vier)[ ](?:small[ ]|young[ ])?(?:children|kids|kinder|kind|sons|daughters)\b(?=[ ]*(?:[|,.;\n(]|$))",
            re.IGNORECASE,
        ),
    ),
    (
        IdentityKind.NATIONALITY,
        re.compile(
            r"(?<!\w)(?P<value>[A-Z][a-z]+(?:ish|ese|ian|can|man|ench|utch|ss|reek|ani|qi|U\.?S\.?))[ ](?:citizen|national|nationality|passport)\b"
        ),
    ),
    (
        IdentityKind.PHOTO,
        re.compile(r"\[(?:photo|picture|image|foto|bild)\]|写真を貼る位置", re.IGNORECASE),
    ),
)

_AMOUNT = (
    r"(?:(?:[$€£¥₹]|usd|eur|gbp|inr|chf|rs\.?|cad|aud)[ ]?)?\d{1,3}(?:[.,' ]?\d{3})*(?:[.,]\d{1,2})?"
    r"[ ]?(?:k|lpa|lacs?|lakhs?|tsd\.?|t€|cr)?(?:[ ]?(?:[$€£¥₹]|usd|eur|euro|gbp|pounds|dollars|inr|chf))?"
)
_PER = (
    r"(?:[ ]?(?:/|per|an?|pro|p\.|im|je)[ ]?(?:h(?:ou)?r|hour|h|annum|a\.?|year|yr|month|mo|week|wk|day|jahr|monat|stunde)\b\.?"
    r"|[ ]?(?:annually|yearly|monthly|weekly|hourly|brutto|netto|gross|net|jährlich|p\.?a\.?|ctc|pcm))"
)
_PAY_LABEL = (
    r"(?:(?:current|expected|desired|last|previous|present|starting|ending|final|base|annual|minimum|"
    r"target|gross|net|monthly|hourly)[ ]){0,2}"
    r"(?:salary|salaries|ctc|wages?|pay(?: rate)?|remuneration|compensation|hourly rate|day rate|earnings|package)"
    r"(?:[ ](?:history|expectations?|expected|requirements?|range|desired|drawn|details|per annum|p\.a\.))?"
    r"|(?:gehalt|lohn|jahresgehalt|monatsgehalt|bruttogehalt|gehaltsvorstellung(?:en)?|gehaltswunsch|wunschgehalt|"
    r"stundenlohn|vergütung|jahresbrutto)"
)
_PAY = (
    re.compile(
        rf"\b(?:{_PAY_LABEL})(?:[ \t]*[:：–-][ \t]*|[ ](?:is|was|of|at|von|ist|beträgt|liegt bei)[ ])"
        rf"(?:[^\n.;|]{{0,24}}?[ ]?{_AMOUNT}{_PER}?(?:[ ]?(?:-|–|to|bis)[ ]?{_AMOUNT}{_PER}?)?{_PER}?|negotiable|verhandelbar|nach vereinbarung|vb|open)(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\w.,])(?:[$€£₹][ ]?\d{{1,3}}(?:[.,]?\d{{3}})*(?:\.\d{{1,2}})?[ ]?k?|\d{{1,3}}(?:[.,]\d{{3}})*(?:,\d\d)?[ ]?k?[ ]?(?:[€£]|eur(?:o)?|usd|gbp)|\d{{1,2}}(?:\.\d)?[ ]?(?:lpa))"
        rf"(?:[ ]?(?:-|–|to|bis)[ ]?[$€£₹]?\d[\d.,]*[ ]?k?[ ]?[€£]?)?{_PER}(?![ ](?:in|of)\b|[ ](?:revenue|sales|budget|savings|business))",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w.])\d{1,2}(?:\.\d{1,2})?[ ]?lpa\b", re.IGNORECASE),
)
_PAY_HINT = re.compile(
    r"[$€£₹]|salar|ctc|wage|pay|remuner|compens|rate|earn|package|gehalt|lohn|vergüt|brutto|lpa|eur|usd|gbp",
    re.IGNORECASE,
)

_EDUCATION_HEADING = re.compile(
    r"^[ \t]*(?:education(?:al)?(?: background| and training| & training| history| qualifications?)?|academic[ \w]{0,24}|"
    r"ausbildung|bildung(?:sweg)?|studium|schulbildung|formation|qualifications?|学歴)[ \t]*:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NEXT_HEADING = re.compile(
    r"^[ \t]*(?:(?:work|professional|employment|relevant|additional|technical|key|core|career|personal|volunteer)[ ]){0,2}"
    r"(?:experience|history|employment|skills?|projects?|certificat\w*|languages?|interests?|hobbies|references?|summary|awards?|"
    r"publications?|activities|training|accomplishments|achievements|affiliations|highlights|berufserfahrung|kenntnisse|sprachen|projekte|職歴)[ \t]*:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_GRADUATED = re.compile(
    r"\b(?:class of|graduat\w+(?:[ ](?:in|from)?[^\n.\d]{0,40})?|abschluss|absolvent)[ :]{0,3}(?P<value>(?:19[4-9]|20[0-4])\d)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19[4-9]|20[0-4])\d(?!\d)")


def find_traits(text: str) -> Iterator[Finding]:
    """Find birth, age, family, origin, gender, religion and photo remarks where labelled."""
    for kind, pattern in (*_LABELLED, *_UNLABELLED):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            name = next((g for g, v in groups.items() if v is not None), None)
            start, end = match.span(name) if name else match.span()
            if text[start:end].strip():
                yield Finding(kind, start, end, compact(text[start:end]), searched=False)


def find_pay(text: str) -> Iterator[Finding]:
    """Find salaries had and hoped for; budgets and revenues are evidence and stay."""
    if not _PAY_HINT.search(text):
        return
    for pattern in _PAY:
        for match in pattern.finditer(text):
            yield Finding(IdentityKind.SALARY, *match.span(), "", searched=False)


def find_graduation_years(text: str) -> Iterator[Finding]:
    """Find years in education sections and after "graduated" or "class of"."""
    for match in _GRADUATED.finditer(text):
        yield _graduation(text, *match.span("value"))
    for heading in _EDUCATION_HEADING.finditer(text):
        following = _NEXT_HEADING.search(text, heading.end())
        for year in _YEAR.finditer(
            text, heading.end(), following.start() if following else len(text)
        ):
            yield _graduation(text, *year.span())


def _graduation(text: str, start: int, end: int) -> Finding:
    return Finding(IdentityKind.GRADUATION_YEAR, start, end, text[start:end], searched=False)
