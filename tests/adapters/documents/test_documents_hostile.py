"""Files made to hurt: each is refused or read, the next one is read as ever."""

import io
import json
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from core.documents import IsolatedReader, Limits, Reader
from core.domain.document import ExtractedDocument
from core.errors import DocumentRefused
from tests.adapters.documents.files import W, docx, package, paragraph, resume_pdf


def read_all(reader: Reader | IsolatedReader, content: bytes) -> ExtractedDocument | None:
    """Read, letting nothing but a refusal pass."""
    try:
        return reader.read("file", content)
    except DocumentRefused:
        return None


def pdf(*objects: bytes) -> bytes:
    """Assemble a PDF of numbered objects; the first is the catalogue."""
    file = io.BytesIO(b"%PDF-1.4\n")
    file.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(
        b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    )
    return file.getvalue()


def pdf_with(content: bytes, *more: bytes, resources: bytes = b"<<>>") -> bytes:
    """Make a one-page PDF of a content stream."""
    packed = zlib.compress(content, 9)
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources%s>>" % resources
    )
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream, *more)


SLOW = pdf_with(b"BT /F1 9 Tf " + b"1 0 0 1 9 9 Tm [(a) -900 (b)] TJ " * 250_000 + b"ET",
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
                resources=b"<</Font<</F1 5 0 R>>>>")  # fmt: skip
BILLION = (
    '<!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    f"<w:document {W}><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:document>"
)
OUTSIDE = (
    '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    f"<w:document {W}><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:document>"
)
ITSELF = pdf_with(
    b"/X Do",
    b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 5>>"
    b"stream\n/X Do\nendstream",
    resources=b"<</XObject<</X 5 0 R>>>>",
)
HOSTILE = {
    "zip bomb": docx(paragraph("0" * 70_000_000)),
    "billion laughs": package({"word/document.xml": BILLION}),
    "outside entity": package({"word/document.xml": OUTSIDE}),
    "deep XML": docx("<w:p>" * 5_000 + "</w:p>" * 5_000),
    "deep RTF": b"{\\rtf1 " + b"{" * 50_000,
    "deep HTML": b"<html>" + b"<div>" * 50_000 + b"x",
    "page tree that holds itself": pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"
    ),
    "page tree of a million": pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ),
    "form that paints itself": ITSELF,
    "stream of 200 MB": pdf_with(b" " * 200_000_000),
    "deep arrays": pdf_with(b"[" * 200_000),
    "cut PDF": resume_pdf()[:-300],
    "ten megabytes of text": b"word " * 2_000_000,
    "one long line": b"a" * 5_000_000,
    "dates without end": b"2019-" * 400_000,
    "at signs": b"a@" * 400_000,
    "garbled": "Ã".encode() * 400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_read_or_refused_and_the_next_one_read(
    isolated: IsolatedReader, name: str
) -> None:
    read_all(isolated, HOSTILE[name])
    assert "Registered Nurse" in isolated.read("cv.pdf", resume_pdf()).text


@pytest.mark.parametrize("name", ["zip bomb", "billion laughs", "outside entity", "deep XML"])
def test_hostile_packages_are_refused(reader: Reader, name: str) -> None:
    with pytest.raises(DocumentRefused):
        reader.read("cv.docx", HOSTILE[name])


def test_slow_file_is_stopped_at_the_time_limit_and_the_next_one_read() -> None:
    with IsolatedReader(Limits(seconds=0.5), workers=1, ocr=False) as pool:
        with pytest.raises(DocumentRefused, match="took too long"):
            pool.read("slow.pdf", SLOW)
        assert "Registered Nurse" in pool.read("cv.pdf", resume_pdf()).text


def test_greedy_file_is_refused_for_its_memory() -> None:
    with IsolatedReader(Limits(memory_mb=200, seconds=20), workers=1, ocr=False) as pool:
        with pytest.raises(DocumentRefused, match="more memory"):
            pool.read("cv.docx", docx("<w:p/>" * 1_500_000))
        assert "Registered Nurse" in pool.read("cv.pdf", resume_pdf()).text


def test_threads_share_a_pool_and_get_their_own_answers(isolated: IsolatedReader) -> None:
    contents = [f"Person number {n} with some words".encode() for n in range(40)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda c: isolated.read("cv", c).text.encode(), contents))
    assert answers == contents


def test_isolated_reader_says_the_same_as_the_plain_one(
    isolated: IsolatedReader, reader: Reader
) -> None:
    assert isolated.read("cv.pdf", resume_pdf()) == reader.read("cv.pdf", resume_pdf())


def test_pool_can_be_closed_and_used_again() -> None:
    pool = IsolatedReader(workers=1, ocr=False)
    first = pool.read("a", b"some words")
    pool.close()
    assert pool.read("a", b"some words") == first
    pool.close()


def test_reading_process_gets_no_secret_and_ends_with_its_keeper(tmp_path: Path) -> None:
    keeper = (
        "import os, sys\n"
        "from core.documents import IsolatedReader\n"
        "pool = IsolatedReader(workers=1, ocr=False)\n"
        "pool.read('a', b'some words')\n"
        "children = open(f'/proc/self/task/{os.getpid()}/children').read().split()\n"
        "env = open(f'/proc/{children[0]}/environ').read()\n"
        "import json; print(json.dumps([children[0], env]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", keeper],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "COPILOT_SECRET_KEY": "do-not-pass-on"},
        cwd=Path(__file__).resolve().parents[3],
    )
    child, environment = json.loads(run.stdout)
    assert "do-not-pass-on" not in environment
    assert "COPILOT" not in environment
    assert child.isdecimal()


ADAPTER = TypeAdapter(ExtractedDocument)
HEADS = [
    b"",
    b"%PDF-1.4\n",
    b"{\\rtf1 ",
    b"PK\x03\x04",
    b"<html>",
    b"\xff\xfe",
    b"\x89PNG\r\n\x1a\n",
]


@given(st.sampled_from(HEADS), st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused(head: bytes, tail: bytes) -> None:
    document = read_all(Reader(ocr=False), head + tail)
    if document is None:
        return
    assert ADAPTER.validate_json(ADAPTER.dump_json(document)) == document
    for span in [f.span for f in document.flags if f.span] + [p.span for p in document.pages]:
        assert span.end <= len(document.text)


@settings(max_examples=60)
@given(st.integers(0, 3_000), st.binary(min_size=1, max_size=6))
def test_any_damage_to_a_pdf_is_read_or_refused(place: int, damage: bytes) -> None:
    content = resume_pdf()
    place %= len(content)
    read_all(Reader(ocr=False), content[:place] + damage + content[place + len(damage) :])
