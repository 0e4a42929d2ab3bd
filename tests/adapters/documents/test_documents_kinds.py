"""Every usual kind of file, and the words in which the others are refused."""

import gzip
import io

import pytest
from PIL import Image

from core.documents import Limits, Reader
from core.domain.document import FlagKind
from core.errors import DocumentRefused
from tests.adapters.documents.files import (
    RESUME,
    Sheet,
    docx,
    package,
    paragraph,
    resume_pdf,
)

ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
    "<office:automatic-styles>"
    '<style:style style:name="T1"><style:text-properties fo:color="#ffffff"/></style:style>'
    "</office:automatic-styles><office:body><office:text>"
    "<text:h>Berufserfahrung</text:h>"
    '<text:p>Pflegefachkraft<text:tab/>seit<text:s text:c="2"/>2019</text:p>'
    '<text:p><text:span text:style-name="T1">geheimes Stichwort</text:span></text:p>'
    "</office:text></office:body></office:document-content>"
)


def odt() -> bytes:
    return package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ODT})


def test_pdf_text_stands_in_reading_order_with_its_pages(reader: Reader) -> None:
    content = Sheet().write("First page of text").page().write("Second page of text").bytes()
    document = reader.read("cv.pdf", content)
    assert [page.span.of(document.text).strip() for page in document.pages] == [
        "First page of text",
        "Second page of text",
    ]


def test_pieces_of_one_pdf_line_stay_on_one_line(reader: Reader) -> None:
    sheet = Sheet()
    for x, word in ((60, "03/2015"), (160, "to"), (220, "Current")):
        sheet.canvas.drawString(x, 700, word)
    lines = reader.read("cv.pdf", sheet.bytes()).text.strip().split("\n")
    assert [line.split() for line in lines] == [["03/2015", "to", "Current"]]


def test_kind_is_told_by_content_not_by_name(reader: Reader) -> None:
    assert reader.read("cv.docx", resume_pdf()).media_type == "application/pdf"
    assert reader.read("cv.pdf", b"Only some words").media_type == "text/plain"
    assert reader.read("cv.txt", docx(paragraph("Hello there"))).text.strip() == "Hello there"


def test_word_text_boxes_tables_headers_footers_and_notes_are_read_once(reader: Reader) -> None:
    box = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:txbxContent>{paragraph('in a box')}</w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent>{paragraph('in a box')}</w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    table = f"<w:tbl><w:tr><w:tc>{paragraph('in a cell')}</w:tc></w:tr></w:tbl>"
    content = docx(
        f"<w:p><w:r>{box}</w:r></w:p>{table}",
        header1=paragraph("in the header"),
        footer1=paragraph("in the footer"),
        footnotes=paragraph("in a note"),
    )
    lines = reader.read("cv.docx", content).text.split("\n")
    assert [line for line in lines if line] == [
        "in the header",
        "in a box",
        "in a cell",
        "in the footer",
        "in a note",
    ]


def test_deleted_words_of_a_tracked_change_are_not_read(reader: Reader) -> None:
    gone = "<w:p><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del></w:p>"
    assert "gone" not in reader.read("cv.docx", docx(gone + paragraph("kept"))).text


def test_open_document_text_is_read_with_its_tabs_and_spaces(reader: Reader) -> None:
    document = reader.read("cv.odt", odt())
    assert "Berufserfahrung\nPflegefachkraft\tseit  2019" in document.text
    assert [flag.span.of(document.text) for flag in document.flags if flag.span] == [
        "geheimes Stichwort"
    ]


def test_rtf_is_read_with_its_umlauts(reader: Reader) -> None:
    content = rb"{\rtf1\ansi\ansicpg1252 Stra\'dfe und \u8364? Gehalt\par Lagerist}"
    assert reader.read("cv.rtf", content).text.startswith("Straße und € Gehalt\nLagerist")


def test_a_line_end_in_rtf_source_ends_a_control_word(reader: Reader) -> None:
    content = b"{\\rtf1\\ansi\r\n\\fs24\r\nPicker/Packer\\par\r\nJane-Ann\\par}"
    assert reader.read("cv.rtf", content).text.split() == ["Picker/Packer", "Jane-Ann"]


def test_html_is_read_as_a_browser_shows_it(reader: Reader) -> None:
    content = b"<html><head><title>t</title></head><body><h1>Jane</h1><p>Nurse &amp; carer"
    assert reader.read("cv.html", content).text.split("\n") == ["", "Jane", "", "Nurse & carer"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_plain_text_is_read_in_any_encoding(reader: Reader, encoding: str) -> None:
    words = "Müller prüfte größere Aufträge für Köln und übergab die Schlüssel täglich. " * 3
    assert "Müller prüfte größere" in reader.read("cv.txt", words.encode(encoding)).text


def test_garbled_utf8_is_restored(reader: Reader) -> None:
    document = reader.read("cv.txt", "CafÃ© – Donâ€™t worry ï¼\u200b MÃ¼nchen".encode())
    assert document.text == "Café – Don’t worry － München"


def test_lost_characters_are_flagged(reader: Reader) -> None:
    document = reader.read("cv.txt", ("Erfahrung in der K\ufffdche \ufffd " * 5).encode())
    assert FlagKind.BROKEN_ENCODING in {flag.kind for flag in document.flags}


def test_scan_without_character_recognition_is_flagged_not_refused(reader: Reader) -> None:
    picture = io.BytesIO()
    Image.new("L", (200, 200), 255).save(picture, "PNG")
    for content in (picture.getvalue(), Sheet().page().bytes()):
        document = reader.read("scan", content)
        assert document.text.strip() == ""
        assert FlagKind.SCANNED in {flag.kind for flag in document.flags}


def test_line_ends_and_composed_letters_are_the_same_for_all(reader: Reader) -> None:
    text = reader.read("cv.txt", "a\r\nb\rc\u2028Ko\u0308ln\xa0x\x00y".encode()).text
    assert text == "a\nb\nc\nKöln x y"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n\x00\x00", "empty"),
        (b"%PDF-1.7\nnothing that follows", "damaged"),
        (resume_pdf()[:400], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (gzip.compress(b"x" * 999), "kind of file"),
        (b"PK\x03\x04 no zip at all", "damaged"),
        (package({"xl/workbook.xml": "<x/>"}), "kind of file"),
        (Sheet(user_password="secret", owner_password="o").write("x").bytes(), "password"),
    ],
    # Names of their own: bytes with a time in them would differ from one test process to the next.
    ids=[
        "nothing",
        "blanks",
        "pdf head only",
        "cut pdf",
        "old word",
        "locked word",
        "gzip",
        "broken zip",
        "spreadsheet",
        "locked pdf",
    ],
)
def test_refusals_say_what_is_wrong(reader: Reader, content: bytes, words: str) -> None:
    with pytest.raises(DocumentRefused, match=words):
        reader.read("cv", content)


def test_pdf_with_only_an_owner_password_opens(reader: Reader) -> None:
    content = Sheet(owner_password="print-protection").write(*RESUME).bytes()
    assert "Registered Nurse" in reader.read("cv.pdf", content).text


def test_too_large_and_too_long_files_are_refused() -> None:
    with pytest.raises(DocumentRefused, match="larger than"):
        Reader(Limits(max_bytes=10)).read("cv", b"x" * 11)
    with pytest.raises(DocumentRefused, match="3 pages; at most 2"):
        Reader(Limits(max_pages=2)).read("cv", Sheet().page().page().write("x").bytes())


def test_overlong_text_is_cut_and_says_so() -> None:
    document = Reader(Limits(max_text=1000)).read("cv", b"word " * 2_000_000)
    assert len(document.text) == 1000
    assert FlagKind.TRUNCATED in {flag.kind for flag in document.flags}
    assert document.pages[-1].span.end == 1000


def test_same_bytes_give_the_same_document(reader: Reader) -> None:
    assert reader.read("cv.pdf", resume_pdf()) == reader.read("cv.pdf", resume_pdf())
