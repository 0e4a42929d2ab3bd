"""Which shape a person's resume has."""

from enum import StrEnum

from core.sandbox.icims.world.draw import Draw


class Layout(StrEnum):
    """The kinds of files applicants send; the value names it, the suffix its format."""

    CLASSIC_PDF = "classic.pdf"
    SIDEBAR_PDF = "sidebar.pdf"
    TABLE_PDF = "table.pdf"
    FRAMES_PDF = "frames.pdf"
    PHOTO_PDF = "photo.pdf"
    PROFILE_EXPORT_PDF = "profile-export.pdf"
    CLASSIC_DOCX = "classic.docx"
    TABLE_DOCX = "table.docx"
    TEXTBOX_DOCX = "textbox.docx"
    RTF = "resume.rtf"
    PLAIN = "resume.txt"
    LEBENSLAUF_PDF = "lebenslauf.pdf"
    LEBENSLAUF_DOCX = "lebenslauf.docx"
    SCANNED_PDF = "scanned.pdf"
    HIDDEN_TEXT_PDF = "hidden-text.pdf"
    INJECTION_PDF = "injection.pdf"
    INJECTION_DOCX = "injection.docx"
    MOJIBAKE = "mojibake.txt"
    EMPTY = "empty.pdf"
    ENCRYPTED_PDF = "encrypted.pdf"

    @property
    def suffix(self) -> str:
        """The file name's ending, without the dot."""
        return self.value.rpartition(".")[2]


_ODD = {
    Layout.SCANNED_PDF: 1.6,
    Layout.HIDDEN_TEXT_PDF: 0.7,
    Layout.INJECTION_PDF: 0.6,
    Layout.INJECTION_DOCX: 0.3,
    Layout.MOJIBAKE: 0.8,
    Layout.EMPTY: 0.3,
    Layout.ENCRYPTED_PDF: 0.4,
}
_ENGLISH = {
    Layout.CLASSIC_PDF: 31.0,
    Layout.SIDEBAR_PDF: 13.0,
    Layout.TABLE_PDF: 6.0,
    Layout.FRAMES_PDF: 5.0,
    Layout.PHOTO_PDF: 3.0,
    Layout.PROFILE_EXPORT_PDF: 6.0,
    Layout.CLASSIC_DOCX: 14.0,
    Layout.TABLE_DOCX: 5.0,
    Layout.TEXTBOX_DOCX: 3.0,
    Layout.RTF: 3.5,
    Layout.PLAIN: 6.0,
} | _ODD
_GERMAN = {
    Layout.LEBENSLAUF_PDF: 60.0,
    Layout.LEBENSLAUF_DOCX: 16.0,
    Layout.SIDEBAR_PDF: 7.0,
    Layout.CLASSIC_DOCX: 5.0,
    Layout.RTF: 3.0,
    Layout.PLAIN: 4.0,
} | _ODD


def draw_layout(german: bool, draw: Draw) -> Layout:
    """Choose a layout with the shares seen in an ordinary mailbox."""
    return draw.weighted(_GERMAN if german else _ENGLISH)
