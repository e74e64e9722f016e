"""Files that cannot be read, or were made to do harm, end in a sentence that names the file and says what to do, soon."""

import io
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from knowledge.importing import CannotImport, propose
from knowledge.importing.apart import read
from tests.knowledge.importing import press

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*, pages: int = 1, text: str = "", picture: bool = False, password: str = "") -> bytes:
    """A PDF of so many pages."""
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption(password, canPrint=0) if password else None)
    image = ImageReader(Image.new("RGB", (40, 40), "grey"))
    for number in range(pages):
        if picture:
            canvas.drawImage(image, 50, 50, 300, 300)
        for line in range(30 if text else 0):
            canvas.drawString(50, 780 - 20 * line, f"{text} {number} {line}.")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def word(body: str, before: str = "", **parts: str) -> bytes:
    """A Word file made by hand."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml", f'<?xml version="1.0"?>{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    """A zip file with one file in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return stream.getvalue()


PARAGRAPH = "<w:p><w:r><w:t>Staff keep their accounts private.</w:t></w:r></w:p>"
ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {after} "{f"&{one};" * 10}">' for one, after in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
CASES = {
    "empty.txt": (b"", "is empty"),
    "blank.docx": (b"  \n ", "is empty"),
    "nothing.txt": (b"...\n---\n", "no text in it that could be a policy"),
    "locked.pdf": (pdf(text="Staff are kind", password="secret"), "protected by a password"),
    "scan.pdf": (pdf(pages=3, picture=True), "text recognition"),
    "long.pdf": (pdf(pages=301, text="x"), "301 pages"),
    "cut.pdf": (pdf(text="Staff are kind")[:300], "damaged"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "save it as .docx"),
    "locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "protected by a password"),
    "rich.rtf": (b"{\\rtf1 Staff are kind.}", "Save it as .docx"),
    "open.odt": (
        b"PK\x03\x04" + b"\x00" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text" + b"\x00" * 80,
        "Save it as .docx",
    ),
    "photo.png": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "picture"),
    "machine.txt": (b"MZ\x90\x00\x03\x00\x00\x00" * 100, "not a document that can be read here"),
    "other.docx": (zipped("readme.txt", b"hello"), "not a Word document"),
    "damaged.docx": (press.printed("bold", "docx")[:4000], "damaged"),
    "bomb.docx": (zipped("word/document.xml", b"<a>" + b" " * 60_000_000 + b"</a>"), "larger than any policy"),
    "entities.docx": (word("<w:p>&i;</w:p>", ENTITIES), "refers to things outside"),
    "outside.docx": (word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", OUTSIDE), "refers to things outside"),
    "styles.docx": (word(PARAGRAPH, styles=f'{OUTSIDE}<w:styles xmlns:w="{W}">&x;</w:styles>'), "refers to things outside"),
    "deep.docx": (word("<w:sdt>" * 5000 + PARAGRAPH + "</w:sdt>" * 5000), "inside each other"),
    "paragraphs.docx": (word(PARAGRAPH * 20_001), "more than 20,000 paragraphs"),
    "deep.html": (b"<html>" + b"<div>" * 20_000 + b"text", "inside each other"),
    "endless.txt": (b"word " * 1_000_000, "more text than any policy"),
    "lines.txt": (b"Staff are kind.\n\n" * 20_001, "longer than any policy"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_that_cannot_be_read_says_so_and_what_to_do(name, tmp_path: Path):
    """One sentence that names the file; soon, whatever is in it."""
    content, said = CASES[name]
    file = tmp_path / name
    file.write_bytes(content)
    began = time.perf_counter()
    with pytest.raises(CannotImport) as problem:
        propose(file, "hill")
    assert str(problem.value).startswith((name, str(file)))
    assert said in str(problem.value)
    assert "hostname" not in str(problem.value)
    assert time.perf_counter() - began < 20


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    """A slip in the name is the likeliest mistake of all."""
    with pytest.raises(CannotImport, match=r"nix\.docx: there is no such file"):
        propose(tmp_path / "nix.docx", "hill")


def test_two_hundred_pages_are_read(tmp_path: Path):
    """A handbook is long, and no reason to give up."""
    file = tmp_path / "handbook.pdf"
    file.write_bytes(pdf(pages=200, text="Staff keep to rule number"))
    assert len(propose(file, "hill").policy.leaves()) > 100


def test_a_huge_table_is_read(tmp_path: Path):
    """Five thousand rows are rows."""
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = "".join(
        f"<w:tr>{cell.format(f'Rule {number}')}{cell.format('Staff keep to it at all times, every day.')}</w:tr>"
        for number in range(5000)
    )
    file = tmp_path / "table.docx"
    file.write_bytes(word(f"<w:tbl>{rows}</w:tbl>"))
    assert len(propose(file, "hill").policy.leaves()) == 5000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_quotation_marks_survive_the_encodings_of_schools(encoding, tmp_path: Path):
    """Windows, Mac and the web each save curly quotes, dashes and pounds in their own way."""
    said = "Staff don’t “friend” pupils – a rule since £9,000 was lost."
    file = tmp_path / "policy.txt"
    file.write_bytes(f"1. Aims\n\n{said}\n\n2. Café rules\n\nNobody’s phone is out in the café, it’s a rule.\n".encode(encoding))
    assert propose(file, "hill").policy.section("1").text == said


def test_bytes_that_are_no_letters_are_no_end(tmp_path: Path):
    """A few broken bytes in a long text do not stop it."""
    file = tmp_path / "policy.txt"
    file.write_bytes(b"1. Aims\n\nStaff are kind to everybody they meet.\n" * 40 + b"\xff\xfe\x81\x8d" + b"\n2. End\n\nIt ends.\n")
    assert propose(file, "hill").policy.leaves()


def test_what_the_file_holds_counts_and_not_its_name(tmp_path: Path, paper):
    """People rename files; Word saved as .pdf is Word."""
    file = tmp_path / "policy.pdf"
    file.write_bytes(paper("bold", "docx").read_bytes())
    assert propose(file, "hill").policy.title == "Staff and Social Media"


def test_reading_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The other process is stopped, and the person is told."""
    monkeypatch.setattr("knowledge.importing.apart._CHILD", "while True: pass")
    monkeypatch.setattr("knowledge.importing.apart._GRACE", 0)
    file = tmp_path / "policy.pdf"
    file.write_bytes(pdf(text="Staff are kind"))
    with pytest.raises(CannotImport, match=r"policy\.pdf: reading it took more time"):
        read(file, seconds=1)


def test_reading_that_takes_too_much_memory_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the library would swallow is bounded by the system."""
    monkeypatch.setattr(
        "knowledge.importing.apart._CHILD", "from knowledge.importing.apart import _limit; _limit(9); bytearray(3_000_000_000)"
    )
    file = tmp_path / "policy.pdf"
    file.write_bytes(pdf(text="Staff are kind"))
    with pytest.raises(CannotImport, match=r"policy\.pdf: reading it took more time or memory"):
        read(file)
