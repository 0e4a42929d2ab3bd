"""Letters as a reader takes them: whatever case, accent, width or alphabet they are drawn in."""

import unicodedata

_BARE = {"ı": "i", "ł": "l", "ø": "o", "ʼ": "'", "’": "'", "‘": "'", "`": "'",
         "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "đ": "d"}  # fmt: skip
_BLANK = frozenset("_+\t\n\r")


class _Folded(dict[int, str]):
    """Lower case, no accents, plain width, one blank for all blanks and dashes; one for one."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def _folded(char: str) -> str:
    kind = unicodedata.category(char)
    if char in _BLANK or kind in ("Pd", "Zs"):
        return " "
    if char in _BARE:
        return _BARE[char]
    small = unicodedata.normalize("NFKD", char).lower()
    letters = [c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c)]
    if len(letters) == 1:
        return _BARE.get(letters[0], letters[0])
    return char.lower() if len(char.lower()) == 1 else char


FOLDED = _Folded()

# Letters of other alphabets that look like Latin ones, in lower case: Cyrillic, Greek, Armenian,
# phonetic.
LOOK_ALIKE = str.maketrans(
    {
        **dict(zip("авгеікмнорстухѕјԁԛѡһпьӏ", "abreikmhopctyxsjdqwhnbl", strict=True)),
        **dict(zip("αβγεηικνορτυχω", "abyenikvoptuxw", strict=True)),
        **dict(zip("ոսօց", "nuog", strict=True)),
        **dict(zip("ɑɡɩʀɴʟʙɪᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱ", "agirnlbiacdejkmoptuvwzs", strict=True)),
    }
)

DIGITS_FOR_LETTERS = str.maketrans("01345789@$!|", "oieastbgasil")

ROT13 = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
