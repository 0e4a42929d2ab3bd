"""A page is shown as it was made, with its quotes lit exactly; what cannot be shown says so.

Quotes are painted red and all else black, so that the picture itself tells whether the boxes hold
the quote, the whole quote and nothing but the quote.
"""

import io
import os
import re
import signal
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from reportlab.lib.colors import black, red, white

from core.documents import IsolatedReader, Limits, Reader
from core.documents.isolated import page_asked, picture_in
from core.documents.keeper import Answer
from core.documents.ocr import languages
from core.documents.pictures import Painter
from core.documents.wire import DOCUMENT, DOCUMENTS, PICTURE, PICTURES
from core.domain.document import ExtractedDocument, PagePicture, PassageBox, Span
from core.errors import DocumentRefused
from core.sandbox.icims.world.papers.fonts import face
from tests.adapters.documents.files import Sheet, docx, paragraph, resume_pdf
from tests.adapters.documents.test_documents_hostile import SLOW, pdf, pdf_with

QUOTE = "Nurse with nine years on surgical wards"
needs_tesseract = pytest.mark.skipif(not languages(), reason="tesseract is not installed")


def spans(document: ExtractedDocument, quote: str) -> list[Span]:
    """Every place of a quote, whatever white space stands between its words."""
    pattern = r"\s+".join(map(re.escape, quote.split()))
    return [Span(*match.span()) for match in re.finditer(pattern, document.text)]


def lit(content: bytes, quote: str, *, nth: int = 0, number: int = 1) -> PagePicture:
    """Paint a page with one quote lit."""
    document = Reader(ocr=False).read("cv", content)
    asked = page_asked(document, number, spans(document, quote)[nth : nth + 1])
    return Painter(ocr=False).picture(content, asked)


def painted(content: bytes, number: int = 1) -> PagePicture:
    return Painter(ocr=False).picture(content, page_asked(_nothing_read(), number, ()))


def _nothing_read() -> ExtractedDocument:
    return Reader(ocr=False).read("cv", b"nothing of it was read")


def pixels(picture: PagePicture) -> npt.NDArray[np.int64]:
    seen = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).astype(np.int64)
    assert seen.shape == (picture.height, picture.width, 3)
    return seen


def assert_lights_red_alone(picture: PagePicture, *, lines: int = 1) -> None:
    """All red is in the boxes, each box has some, and nothing black is in any."""
    seen = pixels(picture)
    is_red = (seen[:, :, 0] > 150) & (seen[:, :, 1] < 110)
    is_black = seen.max(axis=2) < 90
    inside = np.zeros(is_red.shape, dtype=bool)
    for box in picture.boxes:
        frame = slice(box.top, box.bottom), slice(box.left, box.right)
        assert is_red[frame].any()
        inside[frame] = True
    assert is_red.any()
    assert not (is_red & ~inside).any()
    assert not (is_black & inside).any()
    assert len(picture.boxes) == lines
    assert picture.missing == ()


# --- Layouts: each writes a quote in red among black and gives it with its number of lines -------

Layout = Callable[[Sheet], tuple[str, int]]


def one_line(sheet: Sheet) -> tuple[str, int]:
    sheet.write("Summary", "of a nurse").write(QUOTE, colour=red).write("and of others")
    return QUOTE, 1


def part_of_a_line(sheet: Sheet) -> tuple[str, int]:
    text = sheet.canvas.beginText(60, 700)
    for colour, words in ((black, "Summary: "), (red, QUOTE), (black, ", and a cook")):
        text.setFillColor(colour)
        text.textOut(words)
    sheet.canvas.drawText(text)
    return QUOTE, 1


def over_a_line_break(sheet: Sheet) -> tuple[str, int]:
    sheet.write("Summary").write("Nurse with nine years", "on surgical wards", colour=red)
    sheet.write("and on others")
    return QUOTE, 2


def hyphenated(sheet: Sheet) -> tuple[str, int]:
    sheet.write("Summary").write("At home with inter-", "disciplinary care", colour=red)
    sheet.write("and triage")
    return "At home with inter- disciplinary care", 2


def two_columns(sheet: Sheet) -> tuple[str, int]:
    left = ["Skills", "Wound care", "Triage", "Patience", "Languages"]
    right = ["Experience", "Nurse with nine years", "on surgical wards", "Education", "Lyon"]
    for x, column in ((60, left), (300, right)):
        for row, words in enumerate(column):
            sheet.canvas.setFillColor(red if words in QUOTE else black)
            sheet.canvas.drawString(x, 700 - 16 * row, words)
    return QUOTE, 2


def ligatures(sheet: Sheet) -> tuple[str, int]:
    sheet.canvas.setFont(face("Roboto", "fi").regular, 11)
    for row, (colour, words) in enumerate(
        ((black, "Office work"), (red, "Proﬁcient in ﬂow charts"), (black, "and in ﬁling"))
    ):
        sheet.canvas.setFillColor(colour)
        sheet.canvas.drawString(60, 700 - 16 * row, words)
    return "Proﬁcient in ﬂow charts", 1


def rotated_page(sheet: Sheet) -> tuple[str, int]:
    sheet.canvas.setPageRotation(90)
    sheet.canvas.translate(0, -300)  # reportlab lays the sheet on its side
    return over_a_line_break(sheet)


def upside_down_page(sheet: Sheet) -> tuple[str, int]:
    sheet.canvas.setPageRotation(180)
    return one_line(sheet)


def crop_box(sheet: Sheet) -> tuple[str, int]:
    sheet.canvas.setCropBox((40, 300, 480, 830))
    return one_line(sheet)


def rotated_crop_box(sheet: Sheet) -> tuple[str, int]:
    sheet.canvas.setPageRotation(270)
    sheet.canvas.setCropBox((40, 300, 480, 560))
    sheet.canvas.translate(0, -300)
    return one_line(sheet)


def text_that_runs_up(sheet: Sheet) -> tuple[str, int]:
    sheet.write("Summary")
    sheet.canvas.rotate(90)
    sheet.canvas.setFillColor(red)
    sheet.canvas.drawString(200, -40, QUOTE)
    return QUOTE, 1


def inside_a_form(sheet: Sheet) -> tuple[str, int]:
    sheet.canvas.beginForm("inner")
    sheet.canvas.setFillColor(red)
    sheet.canvas.drawString(60, 300, QUOTE)
    sheet.canvas.endForm()
    sheet.write("Summary")
    sheet.canvas.translate(30, 50)
    sheet.canvas.doForm("inner")
    return QUOTE, 1


LAYOUTS: tuple[Layout, ...] = (
    one_line,
    part_of_a_line,
    over_a_line_break,
    hyphenated,
    two_columns,
    ligatures,
    rotated_page,
    upside_down_page,
    crop_box,
    rotated_crop_box,
    text_that_runs_up,
    inside_a_form,
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_quote_is_lit_whole_and_alone(layout: Layout) -> None:
    sheet = Sheet()
    quote, lines = layout(sheet)
    assert_lights_red_alone(lit(sheet.bytes(), quote), lines=lines)


@pytest.mark.parametrize("nth", range(3))
def test_of_a_repeated_phrase_the_one_meant_is_lit(nth: int) -> None:
    sheet = Sheet()
    for place in range(3):
        sheet.write(f"Hospital {place}", "Company Name, City", f"Ward {place}" * place)
        sheet.write("Registered Nurse", colour=red if place == nth else black)
    assert_lights_red_alone(lit(sheet.bytes(), "Registered Nurse", nth=nth))


def test_each_passage_keeps_its_number_and_other_pages_passages_have_no_box() -> None:
    content = Sheet().write("First page", "Wound care").page().write("Second page").bytes()
    document = Reader(ocr=False).read("cv", content)
    asked = [spans(document, words)[0] for words in ("Second page", "Wound care", "First page")]
    first, second = (
        Painter(ocr=False).picture(content, page_asked(document, number, asked))
        for number in (1, 2)
    )
    assert [box.passage for box in first.boxes] == [1, 2]
    assert [box.passage for box in second.boxes] == [0]
    assert (first.number, first.count, first.missing) == (1, 2, ())
    assert (second.number, second.count, second.missing) == (2, 2, ())


def test_passage_over_a_page_break_is_lit_on_both_pages() -> None:
    sheet = Sheet().write("Summary").write("Nurse with nine years", colour=red).page()
    content = sheet.write("on surgical wards", colour=red).write("and others").bytes()
    for number in (1, 2):
        assert_lights_red_alone(lit(content, QUOTE, number=number))


def test_hidden_quote_is_lit_where_it_hides() -> None:
    content = Sheet().write("Summary").write(QUOTE, colour=white).bytes()
    assert len(lit(content, QUOTE).boxes) == 1


def test_passage_that_stands_off_the_page_or_reads_otherwise_is_named_as_missing() -> None:
    sheet = Sheet().write("Summary", "of a nurse")
    sheet.canvas.drawString(-900, 300, "Out of sight")
    content = sheet.bytes()
    document = Reader(ocr=False).read("cv", content)
    asked = [*spans(document, "Out of sight"), *spans(document, "of a nurse")]
    assert len(asked) == 2
    other = Painter(ocr=False).picture(content, page_asked(document, 1, asked))
    assert [box.passage for box in other.boxes] == [1]
    assert other.missing == (0,)


def test_picture_is_as_wide_as_promised_and_in_the_pages_proportion() -> None:
    picture = painted(resume_pdf())
    assert pixels(picture).any()
    assert picture.width == 1_100
    assert abs(picture.height / picture.width - 842 / 595) < 0.01


# --- What cannot be shown says so ----------------------------------------------------------------


def page_of_size(box: bytes) -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]>>" % box,
    )


REFUSED = {
    "Word": (docx(paragraph("Some words")), "no pages of its own"),
    "plain text": (b"Some words", "no pages of its own"),
    "nothing": (b"", "empty"),
    "broken": (b"%PDF-1.7\n" + b"nonsense " * 50, "damaged"),
    "locked": (Sheet(user_password="x").write("Secret").bytes(), "password"),
    "a line for a page": (page_of_size(b"0 0 3 90000"), "no paper"),
    "too many pages": (
        pdf(b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[" + b"3 0 R " * 99 + b"]/Count 99>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
        "99 pages; at most 60",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_file_without_a_page_to_show_is_refused_in_words(
    isolated: IsolatedReader, name: str
) -> None:
    content, words = REFUSED[name]
    with pytest.raises(DocumentRefused, match=words):
        isolated.picture(_nothing_read(), content, 1, ())


@pytest.mark.parametrize("number", [-1, 0, 2, 10**9])
def test_page_that_is_not_there_is_refused_in_words(number: int) -> None:
    with pytest.raises(DocumentRefused, match=f"no page {number}; it has 1"):
        painted(resume_pdf(), number)


@pytest.mark.parametrize(
    "size",
    [b"0 0 14400 14400", b"0 0 1e9 1e9", b"0 0 4 4", b"0 0 600 30000", b"9 9 9 9", b"0 0 0 0"],
    ids=["widest", "absurd", "tiny", "scroll", "empty", "none"],
)
def test_page_of_any_size_is_painted_within_bounds(isolated: IsolatedReader, size: bytes) -> None:
    picture = isolated.picture(_nothing_read(), page_of_size(size), 1, ())
    assert picture.width <= 1_101
    assert picture.height <= 6_001
    pixels(picture)


def test_page_that_only_its_owner_may_change_is_shown() -> None:
    assert painted(Sheet(owner_password="x").write("Open").bytes()).count == 1


# --- Isolation -----------------------------------------------------------------------------------


def test_isolated_painting_shows_the_same_as_painting_here(isolated: IsolatedReader) -> None:
    content = resume_pdf()
    document = isolated.read("cv", content)
    asked = spans(document, "wound care")
    here = Painter(ocr=False).picture(content, page_asked(document, 1, asked))
    assert isolated.picture(document, content, 1, asked) == here
    assert here.boxes


def test_one_process_reads_and_paints_in_turn(isolated: IsolatedReader) -> None:
    for _ in range(2):
        document = isolated.read("cv", resume_pdf())
        assert isolated.picture(document, resume_pdf(), 1, ()).count == 1


def test_page_is_painted_although_the_idle_process_was_killed(isolated: IsolatedReader) -> None:
    document = isolated.read("cv", resume_pdf())
    for child in _children():
        os.kill(child, signal.SIGKILL)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert isolated.picture(document, resume_pdf(), 1, ()).count == 1


def test_process_killed_at_work_refuses_that_page_and_the_next_is_painted() -> None:
    with IsolatedReader(workers=1, ocr=False) as pool, ThreadPoolExecutor(1) as threads:
        others = set(_children())
        document = pool.read("cv", resume_pdf())
        (child,) = set(_children()) - others
        before = _computed(child)
        answer = threads.submit(pool.picture, document, ENDLESS, 1, ())
        while _computed(child) < before + 10:
            assert not answer.done()
        os.kill(child, signal.SIGKILL)
        with pytest.raises(DocumentRefused, match="damaged"):
            answer.result()
        assert pool.picture(document, resume_pdf(), 1, ()).count == 1


def _computed(process: int) -> int:
    """Hundredths of processor seconds that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def enlarged(png: bytes) -> bytes:
    """Claim a size that a browser would choke on."""
    return png[:16] + struct.pack(">II", 90_000, 90_000) + png[24:]


LIES: dict[str, Callable[[PagePicture], PagePicture]] = {
    "no picture": lambda p: replace(p, png=b"<html><script>"),
    "another size": lambda p: replace(p, height=1_500),
    "too large": lambda p: replace(p, png=enlarged(p.png), width=90_000, height=90_000),
    "another page": lambda p: replace(p, number=2),
    "passage not asked for": lambda p: replace(p, missing=(7,)),
    "box of none": lambda p: replace(p, boxes=(PassageBox(1, 0, 0, 9, 9),)),
}


@pytest.mark.parametrize("name", LIES)
def test_what_a_taken_over_process_calls_a_picture_is_not_believed(name: str) -> None:
    asked = page_asked(Reader(ocr=False).read("cv", resume_pdf()), 1, [Span(0, 4)])
    honest = Painter(ocr=False).picture(resume_pdf(), asked)
    for told, believed in ((honest, honest), (LIES[name](honest), None)):
        body = PICTURES.dump_json(replace(told, png=b""))
        assert picture_in(Answer(PICTURE, body, told.png), asked) == believed


def test_answer_to_another_question_is_not_believed() -> None:
    asked = page_asked(_nothing_read(), 1, ())
    assert picture_in(Answer(DOCUMENT, DOCUMENTS.dump_json(_nothing_read()), b""), asked) is None
    assert picture_in(Answer(PICTURE, b"{", b""), asked) is None


def _children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [c for c in map(int, listed) if b"documents.child" in _command(c)]


def _command(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def test_page_that_takes_too_long_is_stopped_and_the_next_one_painted() -> None:
    with IsolatedReader(Limits(seconds=1.0), workers=1, ocr=False) as pool:
        with pytest.raises(DocumentRefused, match="took too long"):
            pool.picture(_nothing_read(), ENDLESS, 1, ())
        assert pool.picture(_nothing_read(), resume_pdf(), 1, ()).count == 1


CIRCLE = b"0 0 m 595 0 595 842 0 842 c 300 900 -90 400 0 0 c f* "
ENDLESS = pdf_with(CIRCLE * 200_000)


def test_hostile_page_is_painted_or_refused_and_the_next_one_painted(
    isolated: IsolatedReader,
) -> None:
    for content in (SLOW, pdf_with(b"[" * 200_000), pdf_with(b"q " * 500_000), resume_pdf()[:-300]):
        try:
            isolated.picture(_nothing_read(), content, 1, ())
        except DocumentRefused:
            continue
    assert isolated.picture(_nothing_read(), resume_pdf(), 1, ()).count == 1


# --- Scans ---------------------------------------------------------------------------------------


def scan(form: str) -> bytes:
    """A picture of a page with a quote in red, as PDF or picture file."""
    sheet = Sheet().write("Professional summary of a nurse", size=14)
    sheet.write(QUOTE, colour=red, size=14).write("and of several others", size=14)
    picture = Image.open(io.BytesIO(painted(sheet.bytes()).png)).convert("RGB")
    file = io.BytesIO()
    picture.save(file, form, resolution=133.0)
    return file.getvalue()


@needs_tesseract
def test_quote_on_a_scanned_page_is_lit_by_the_words_recognised() -> None:
    content = scan("PDF")
    with IsolatedReader(workers=1) as pool:
        document = pool.read("scan.pdf", content)
        picture = pool.picture(document, content, 1, spans(document, QUOTE))
    assert_lights_red_alone(picture)


@needs_tesseract
def test_picture_file_is_shown_as_its_one_page_and_lit() -> None:
    content = scan("PNG")
    with IsolatedReader(workers=1) as pool:
        document = pool.read("scan.png", content)
        picture = pool.picture(document, content, 1, spans(document, QUOTE))
        assert picture.count == 1
        assert [box.passage for box in picture.boxes] == [0]
        with pytest.raises(DocumentRefused, match="no page 2"):
            pool.picture(document, content, 2, ())


def test_scanned_page_without_recognition_is_shown_and_its_passages_named_as_missing() -> None:
    document = Reader(ocr=False).read("cv", Sheet().write(QUOTE).bytes())
    asked = page_asked(document, 1, spans(document, QUOTE))
    assert Painter(ocr=False).picture(scan("PDF"), asked).missing == (0,)
