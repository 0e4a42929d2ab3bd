"""Find people introduced by their context: title, label, sentence, list, given plus family name."""

import re
from collections.abc import Iterator

from core.domain.document import Span
from core.domain.identity import IdentityKind
from core.domain.mention import compact, folded
from core.flow.pseudonymise.finding import CAPITALISED, Cued, Finding
from core.flow.pseudonymise.lexicon import lexicon
from core.flow.pseudonymise.ordinary import follows_title

_PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|das|do|la|le|el|al|bin|ibn|ter|zu|y|e)"
_INITIAL = r"(?:[A-ZÀ-ÖØ-ÞĀ-ſ]\.?)"
_NAME_WORD = rf"(?:[A-ZÀ-ÖØ-ÞĀ-ſ]\.|{CAPITALISED})"
_NAME = rf"{_NAME_WORD}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}{_NAME_WORD}){{0,3}}"

# The title goes too where it tells the gender; a doctorate is evidence and stays.
_ADDRESSED = Cued(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Sir|Dame|Herrn?|Frau|Mme|Mlle)\b\.?[ ](?:Dr\.?[ ])?"
    rf"(?P<name>{_NAME})",
    "Mr|Ms|Miss|Mx|Sir|Dame|Herr|Frau|Mme|Mlle",
    flags=0,
)
_DOCTOR = Cued(
    rf"\b(?:Dr|Prof|Professor|Rev)\b\.?[ ](?:Dr\.?[ ])?(?P<name>{_NAME})", "Dr|Prof|Rev", flags=0
)
_LABEL = re.compile(
    r"(?:^|[\s|•(])(?:(?:full|first|last|middle|given|family|candidate|father['’]?s?|mother['’]?s?|"
    r"husband['’]?s?|spouse['’]?s?|guardian['’]?s?)[ ]?name|name|surname|vorname|nachname|"
    r"familienname|manager|supervisor|advis[oe]r|reference|referee|contact person|"
    r"ansprechpartner(?:in)?|vorgesetzte[rn]?|betreuer|attn|signed|unterschrift|directed by|"
    r"written by)[ \t]*$",
    re.IGNORECASE,
)
_COLON = re.compile(r"[:：][ \t]{0,20}\n?[ \t]{0,20}")
_LABELLED = re.compile(_NAME)
_INTRODUCED = Cued(
    r"\b(?i:my name is|name is|i am|i['’]m|this is|report(?:ed|ing|s)? to|supervised by|managed by|"
    r"mentored by|directed by|written by|produced by|sung by|says|said|told|asked|called|named|"
    r"sincerely,?|regards,?|"
    r"(?:my|his|her) (?:manager|boss|colleague|friend|wife|husband|brother|sister))"
    rf"[ \n]{{1,2}}(?P<name>{_NAME})",
    "name is|i am|i'm|i’m|this is|report|ed by|written by|sung by|says|said|told|asked|called|"
    "named|sincerely|regards|my |his |her ",
    flags=0,
)
_ACTING = Cued(
    rf"(?<![\w,-] )(?<![\w-])(?P<name>{_NAME})"
    r"(?=[ ](?:lives|lived|says|said|told|spent|was born|is from|is married)\b)",
    " live| says| said| told| spent| was born| is from| is married",
    flags=0,
)
_JAPANESE = Cued(
    r"(?:氏[ 　]*名|名前)[ 　:：]+(?P<name>[ぁ-んァ-ヶ一-龠々]{1,6}[ 　]?[ぁ-んァ-ヶ一-龠々]{1,6})",
    "名",
)
_WORD = re.compile(CAPITALISED)
_FAMILY = re.compile(rf"[ ](?:{_INITIAL}[ ]|{_PARTICLE}[ ]){{0,2}}(?P<family>{CAPITALISED})")
_POSSESSIVE = re.compile(r"['’]s$")
_PROSE_BEFORE = re.compile(r"(?:^|(?<![\w'’])[a-zß-ÿ'’]+[ ]|[.!?:\"”][ ])$")
_IN_PLACE = (" in ", " at ", " near ")
_PROSE_AFTER = re.compile(r"(?:['’]s)?(?:[ ][a-zß-ÿ]|[,.;!?](?:\s|$)|$)")
_MORE_CAPITALS = re.compile(rf"(?:[ ]{CAPITALISED}){{1,3}}")
_LIST = re.compile(rf"{CAPITALISED}(?:,[ ]{CAPITALISED}){{1,15}},?[ ](?:and|&|und)[ ]{CAPITALISED}")

_SHORTEST_ALONE = 4
"""Letters: shorter ones are as often abbreviations of months or things."""


def find_people(text: str) -> Iterator[Finding]:
    """Find people by title, label, sentence, list, or a given name with a family name after it."""
    lower = text.lower()
    for match in _ADDRESSED.finditer(text, text):
        name = _trimmed(match["name"])
        if name:
            end = match.start("name") + len(name)
            yield _name(match.start(), end, name)
    for cued, cues_in in (
        (_DOCTOR, text),
        (_INTRODUCED, lower),
        (_ACTING, lower),
        (_JAPANESE, text),
    ):
        for match in cued.finditer(text, cues_in):
            yield from _person(match["name"], match.start("name"), strict=cued is not _DOCTOR)
    for colon in _COLON.finditer(text):
        if _LABEL.search(text[max(0, colon.start() - 24) : colon.start()]):
            named = _LABELLED.match(text, colon.end())
            if named:
                yield from _person(named[0], named.start(), strict=True)
    yield from _lists(text)
    yield from _full_names(text)
    yield from _lone_names(text)


def _person(name: str, start: int, *, strict: bool) -> Iterator[Finding]:
    trimmed = _trimmed(name)
    known = lexicon()
    words = [compact(w) for w in trimmed.split()]
    unsure = strict and all(w in known.words or len(w) < 2 for w in words)
    if trimmed and not unsure:
        yield _name(start, start + len(trimmed), trimmed)


def _name(start: int, end: int, name: str) -> Finding:
    """Report a name; it is looked for elsewhere only if no part can be mistaken for a thing."""
    known = lexicon()
    parts = [compact(part) for part in name.split()]
    sure = all(len(p) < 3 or p in known.strong_given or p in known.strong_family for p in parts)
    return Finding(IdentityKind.NAME, start, end, name, searched=sure)


def _trimmed(name: str) -> str:
    """Cut off words of a title or heading; nothing if an organisation's name goes on."""
    known = lexicon()
    kept: list[str] = []
    for word in name.split(" "):
        plain = compact(_POSSESSIVE.sub("", word))
        if plain in known.organisation_words:
            return ""
        if plain in known.not_in_names:
            break
        kept.append(word)
    return re.sub(r"(?:['’]s)?[-'’]*$", "", " ".join(kept))


def _lists(text: str) -> Iterator[Finding]:
    """Find enumerations of single names: most are known names and none is a thing or place."""
    known = lexicon()
    for match in _LIST.finditer(text):
        words = list(_WORD.finditer(text, *match.span()))
        plain = [folded(w[0]) for w in words]
        names = sum(p in known.given or p in known.family for p in plain)
        sure = sum(p in known.strong_given for p in plain)
        if names >= 0.75 * len(plain) and sure >= 0.5 * len(plain):
            for word in words:
                yield Finding(IdentityKind.NAME, *word.span(), word[0])


def _full_names(text: str) -> Iterator[Finding]:
    """Find a given name with a family name after it that is nothing else."""
    known = lexicon()
    end = 0
    for word in _WORD.finditer(text):
        if word.start() < end or folded(word[0]) not in known.leading_given:
            continue
        rest = _FAMILY.match(text, word.end())
        if rest is None or word[0].isupper() != rest["family"].isupper():
            continue
        if _names_organisation(text, rest.end()):
            continue
        name = _trimmed(text[word.start() : rest.end()])
        if len(name) <= rest.start("family") - word.start():
            continue
        town = folded(word[0]) in known.places
        sure = compact(rest["family"]) in known.strong_family
        if sure or (not town and _may_be_family(rest["family"])):
            end = word.start() + len(name)
            yield _name(word.start(), end, name)


def _names_organisation(text: str, end: int) -> bool:
    """Say whether the capitals go on to a word like "University": then it is not the person."""
    following = _MORE_CAPITALS.match(text, end)
    words = following[0].split() if following else []
    return any(compact(word) in lexicon().organisation_words for word in words)


def _may_be_family(name: str) -> bool:
    """Say no to words, places and things, and to the spellings of products ("PowerEdge")."""
    known = lexicon()
    plain = [compact(part) for part in re.split(r"[- ]", name)]
    if any(p in known.ordinary or p.removesuffix("s") in known.words for p in plain):
        return False
    return not re.search(r"\d|[a-zß-ÿ][A-Z](?<!Mc.)(?<!Mac.)(?<!De.)(?<!La.)(?<!Le.)", name)


def _lone_names(text: str) -> Iterator[Finding]:
    """Find single names in running text: nothing else by the lexicon, between lower-case words."""
    known = lexicon()
    for word in _WORD.finditer(text):
        name = _POSSESSIVE.sub("", word[0])
        plain = folded(name)
        if plain not in known.strong_given and plain not in known.strong_family:
            continue
        start, end = word.start(), word.start() + len(name)
        if name.isupper() or not _PROSE_AFTER.match(text, end):
            continue
        before = text[max(0, start - 24) : start]
        if _PROSE_BEFORE.search(before) and not before.endswith(_IN_PLACE):
            yield Finding(IdentityKind.NAME, start, end, name, searched=False)


def name_like(text: str) -> tuple[Span, ...]:
    """List words written like names that can be nothing else, by the lexicon or after a title.

    Only for English text: other languages write common nouns this way or are not in the lexicon.
    """
    known = lexicon()
    found = []
    for word in _WORD.finditer(text):
        name = _POSSESSIVE.sub("", word[0])
        if len(name) < _SHORTEST_ALONE or not name[0].isupper() or name.isupper():
            continue
        plain = folded(name)
        sure = plain in known.strong_given or plain in known.strong_family
        if sure or follows_title(text, word.start()):
            found.append(Span(word.start(), word.start() + len(name)))
    return tuple(found)
