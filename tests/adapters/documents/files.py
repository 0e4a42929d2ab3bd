"""Files of every kind, built on the spot."""

import io
import zipfile

from reportlab.lib.colors import Color, black
from reportlab.pdfgen.canvas import Canvas

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RESUME = (
    "Jane Example",
    "Summary",
    "Nurse with nine years on surgical wards, at home with wound care and triage.",
    "Experience",
    "Registered Nurse, City Hospital 03/2015 - 04/2020",
)


class Sheet:
    """A PDF page under construction, written from the top down."""

    def __init__(self, *, user_password: str = "", owner_password: str = "") -> None:
        self._file = io.BytesIO()
        encrypt = None
        if user_password or owner_password:
            from reportlab.lib.pdfencrypt import StandardEncryption

            encrypt = StandardEncryption(user_password, ownerPassword=owner_password, strength=128)
        self.canvas = Canvas(self._file, pagesize=(595, 842), invariant=1, encrypt=encrypt)
        self._y = 800.0

    def write(self, *lines: str, colour: Color = black, size: float = 11, x: float = 60) -> "Sheet":
        """Write lines below the last."""
        for line in lines:
            self.canvas.setFillColor(colour)
            self.canvas.setFont("Helvetica", size)
            self.canvas.drawString(x, self._y, line)
            self._y -= 16
        return self

    def box(self, colour: Color) -> "Sheet":
        """Paint a broad strip behind the next lines."""
        self.canvas.setFillColor(colour)
        self.canvas.rect(40, self._y - 60, 500, 80, stroke=0, fill=1)
        return self

    def page(self) -> "Sheet":
        """Begin a new page."""
        self.canvas.showPage()
        self._y = 800.0
        return self

    def bytes(self) -> bytes:
        """Finish the file."""
        self.canvas.save()
        return self._file.getvalue()


def package(parts: dict[str, str | bytes]) -> bytes:
    """Zip the parts of a document."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return file.getvalue()


def docx(body: str, **parts: str) -> bytes:
    """Make a Word file from its body's XML; ``header1='…'`` adds ``word/header1.xml``."""
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    more = {f"word/{name}.xml": f"<w:part {W}>{xml}</w:part>" for name, xml in parts.items()}
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **more})


def paragraph(text: str, properties: str = "") -> str:
    """One Word paragraph of one run."""
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def resume_pdf() -> bytes:
    """A plain, honest resume."""
    return Sheet().write(*RESUME).bytes()
