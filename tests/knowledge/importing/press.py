"""Prints the invented policies of this folder as schools do: plain and wrapped text, Markdown, web page, Word and PDF."""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, Table

from knowledge.evaluating.sections import Anchor

FOLDER = Path(__file__).parent / "policies"
NAMES = sorted(file.stem for file in FOLDER.glob("*.policy"))
FORMATS = ("txt", "wrapped.txt", "md", "html", "docx", "pdf")
_LABELLED = {"h", "r", "a"}


@dataclass(frozen=True)
class Part:
    """One line of an invented policy: what it is, its number, and its words."""

    kind: str
    label: str
    text: str

    @property
    def depth(self) -> int:
        """How deep a heading is: 1 and I are 1, 1.1 and A are 2."""
        return 2 if "." in self.label or self.label in set("ABC") else 1

    @property
    def cells(self) -> list[str]:
        """The cells of a row."""
        return [cell.strip() for cell in self.text.split("|")]


@dataclass(frozen=True)
class Script:
    """An invented policy."""

    name: str
    title: str
    school: str
    look: str
    parts: tuple[Part, ...]


def script(name: str) -> Script:
    """The invented policy NAME."""
    told: dict[str, str] = {}
    parts: list[Part] = []
    for line in (FOLDER / f"{name}.policy").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind in {"title", "school", "look"}:
            told[kind] = rest
            continue
        label = ""
        if kind in _LABELLED:
            label, _, rest = rest.partition(" ")
        parts.append(Part(kind, "" if label == "-" else label, rest))
    return Script(name, told["title"], told["school"], told["look"], tuple(parts))


def printed(name: str, form: str) -> bytes:
    """The policy NAME as a file of FORM."""
    return {"txt": _text, "wrapped.txt": _wrapped, "md": _markdown, "html": _html, "docx": _word, "pdf": _pdf}[form](script(name))


def anchors(name: str) -> list[Anchor]:
    """The sections and rules that have to be found in the policy NAME."""
    found: list[Anchor] = []
    parts = [part for part in script(name).parts if part.kind not in {"control", "contents"}]
    heading = ""
    for place, part in enumerate(parts):
        if part.kind in {"h", "appendix"}:
            heading = part.label or re.sub(r"\W+", "-", part.text.lower())
            below = []
            for later in parts[place + 1 :]:
                if later.kind in {"h", "appendix"}:
                    break
                below.append(later)
            if below:
                found.append(Anchor(f"{place}:{heading}", _first(below[0]), _last(below[-1])))
        elif part.kind in {"r", "p"}:
            last = part
            for later in parts[place + 1 :]:
                if part.kind != "r" or later.kind != "a":
                    break
                last = later
            found.append(Anchor(f"{place}:{heading}.{part.label}", _first(part), _last(last)))
    return found


def _first(part: Part) -> str:
    return " ".join(part.text.replace("|", " ").split()[:8])


def _last(part: Part) -> str:
    return " ".join(part.text.replace("|", " ").split()[-8:])


def _headline(part: Part, look: str) -> str:
    if part.kind == "appendix" or not part.label:
        return part.text
    return f"{part.label}. {part.text}" if look in {"legal", "roman"} and part.depth == 1 else f"{part.label} {part.text}"


def _text(one: Script) -> bytes:
    lines = [one.school, "", one.title, ""]
    for part in one.parts:
        if part.kind in {"control", "row"}:
            lines.append("\t".join(part.cells))
        elif part.kind == "contents":
            lines += [
                "",
                "Contents",
                *(f"{_headline(part, one.look)} ........ {number}" for number, part in enumerate(_headings(one), 2)),
                "",
            ]
        elif part.kind in {"h", "appendix"}:
            title = _headline(part, one.look)
            lines += ["", title.upper() if one.look == "bullets" else title, ""]
        elif part.kind == "r":
            lines.append(
                f"{part.label}. {part.text}"
                if one.look != "deep"
                else f"{part.label} {part.text}"
                if "." in part.label
                else f"{part.label}. {part.text}"
            )
        elif part.kind == "a":
            lines.append(f"  ({part.label}) {part.text}")
        elif part.kind == "lead":
            lines += ["", part.text]
        elif part.kind in {"b", "bb"}:
            lines.append(f"{'    o' if part.kind == 'bb' else '•'} {part.text}")
        else:
            lines += [part.text, ""]
    return "\n".join(lines).encode()


def _wrapped(one: Script) -> bytes:
    """As programs take text out of a PDF: broken at a margin, page numbers in between, saved as Windows does."""
    lines: list[str] = []
    for line in _text(one).decode().splitlines():
        lines += textwrap.wrap(line, 78, subsequent_indent="   " if line.startswith(("•", " ")) else "") or [""]
    pages = [lines[start : start + 40] for start in range(0, len(lines), 40)]
    whole: list[str] = []
    for number, page in enumerate(pages, 1):
        whole += [*page, "", f"{one.title} - Page {number} of {len(pages)}", ""]
    return "\r\n".join(whole).encode("cp1252")


def _markdown(one: Script) -> bytes:
    lines = [f"# {one.title}", "", one.school, ""]
    before = ""
    for part in one.parts:
        if part.kind != before and (part.kind in {"control", "row"} or before in {"control", "row"}):
            lines.append("")
        if part.kind == "control":
            lines += [f"| {' | '.join(part.cells)} |", *(["|---|---|"] if before != "control" else [])]
        elif part.kind == "row":
            lines += [f"| {' | '.join(part.cells)} |", *([f"|{'---|' * len(part.cells)}"] if before != "row" else [])]
        elif part.kind in {"h", "appendix"}:
            lines += ["", f"{'#' * (part.depth + 1)} {_headline(part, one.look)}", ""]
        elif part.kind in {"r", "a"}:
            lines += [f"{part.label}\\. {part.text}" if part.kind == "r" else f"({part.label}) {part.text}", ""]
        elif part.kind in {"b", "bb"}:
            lines.append(f"{'  ' if part.kind == 'bb' else ''}- {part.text}")
        elif part.kind in {"lead", "p"}:
            lines += ["", part.text, ""]
        before = part.kind
    return "\n".join(lines).encode()


def _html(one: Script) -> bytes:
    body = [
        "<header><nav>Home | Policies | Contact</nav></header><main>",
        f"<h1>{html.escape(one.title)}</h1><p>{html.escape(one.school)}</p>",
    ]
    for part in one.parts:
        text = html.escape(part.text)
        if part.kind in {"control", "row"}:
            body.append(f"<table><tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in part.cells)}</tr></table>")
        elif part.kind in {"h", "appendix"}:
            body.append(f"<h{part.depth + 1}>{html.escape(_headline(part, one.look))}</h{part.depth + 1}>")
        elif part.kind == "r":
            body.append(f"<p>{part.label}. {text}</p>")
        elif part.kind == "a":
            body.append(f"<p>({part.label}) {text}</p>")
        elif part.kind in {"b", "bb"}:
            body.append(f"<ul><li>{text}</li></ul>" if part.kind == "b" else f"<ul><ul><li>{text}</li></ul></ul>")
        elif part.kind in {"lead", "p"}:
            body.append(f"<p>{text}</p>")
    whole = "\n".join(body).replace("</table>\n<table>", "").replace("</ul>\n<ul>", "")
    head = "<!doctype html><html><head><title>x</title><style>p{}</style></head>"
    return f"{head}<body>{whole}</main><script>var x=1</script></body></html>".encode()


_NUMBERING = """<w:abstractNum {ns} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl></w:abstractNum>"""


def _word(one: Script) -> bytes:
    """Headings by style, by bold type, or by automatic numbers, as the look of the policy says."""
    paper = docx.Document()
    numbering = paper.part.numbering_part.element
    numbering.insert(0, parse_xml(_NUMBERING.format(ns=nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    paper.add_paragraph(one.school, style="Title" if one.look != "bold" else None)
    paper.add_paragraph(one.title, style="Title" if one.look != "bold" else None)
    table = None
    for part in one.parts:
        if part.kind in {"control", "row"}:
            if table is None or len(table.columns) != len(part.cells):
                table = paper.add_table(rows=0, cols=len(part.cells))
            for cell, text in zip(table.add_row().cells, part.cells, strict=True):
                cell.text = text
            continue
        table = None
        _word_part(paper, part, one.look)
    stream = BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _word_part(paper: docx.document.Document, part: Part, look: str) -> None:
    depths = {"h": 0, "r": 1, "a": 2}
    if look == "legal" and part.kind in depths:
        paragraph = paper.add_paragraph()
        paragraph.add_run(part.text).bold = part.kind == "h"
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depths[part.kind]}"/><w:numId w:val="77"/></w:numPr>')
        )
    elif part.kind in {"h", "appendix"}:
        if look == "bold":
            paper.add_paragraph().add_run(part.text).bold = True
        else:
            paper.add_heading(_headline(part, look), part.depth)
    elif part.kind == "r":
        paper.add_paragraph(f"{part.label} {part.text}" if "." in part.label else f"{part.label}. {part.text}")
    elif part.kind in {"b", "bb"}:
        paper.add_paragraph(part.text, style="List Bullet" if part.kind == "b" else "List Bullet 2")
    elif part.kind != "contents":
        paragraph = paper.add_paragraph(part.text)
        paragraph.paragraph_format.space_after = Pt(6)


def _headings(one: Script) -> list[Part]:
    return [part for part in one.parts if part.kind in {"h", "appendix"}]


def _pdf(one: Script) -> bytes:
    stream = BytesIO()
    width, height = A4
    if one.look == "columns":
        frames = [
            Frame(15 * mm, 15 * mm, width / 2 - 20 * mm, height - 30 * mm),
            Frame(width / 2 + 5 * mm, 15 * mm, width / 2 - 20 * mm, height - 30 * mm),
        ]
    else:
        frames = [Frame(22 * mm, 22 * mm, width - 44 * mm, (110 * mm if one.look == "footers" else height - 44 * mm))]

    def edges(canvas, paper):
        if one.look == "footers":
            canvas.setFont("Helvetica", 8)
            canvas.drawString(22 * mm, height - 12 * mm, f"{one.school}  {one.title}")
            canvas.drawString(22 * mm, 10 * mm, f"Page {paper.page}")
            canvas.drawRightString(width - 22 * mm, 10 * mm, "Reviewed October 2023")

    paper = BaseDocTemplate(stream, pagesize=A4, pageTemplates=[PageTemplate(frames=frames, onPage=edges)])
    paper.build(_story(one))
    return stream.getvalue()


def _story(one: Script) -> list[object]:
    body = ParagraphStyle("body", fontName="Helvetica", fontSize=10.5, leading=13, spaceAfter=6)
    heads = {
        depth: ParagraphStyle(f"h{depth}", fontName="Helvetica-Bold", fontSize=size, leading=size + 3, spaceBefore=8, spaceAfter=4)
        for depth, size in ((0, 20), (1, 14), (2, 12))
    }
    if one.look == "bold":
        heads[1] = ParagraphStyle("b", parent=body, fontName="Helvetica-Bold")
    story: list[object] = [Paragraph(html.escape(one.school), heads[0]), Paragraph(html.escape(one.title), heads[0]), Spacer(1, 12)]
    rows: list[list[object]] = []
    for part in [*one.parts, Part("end", "", "")]:
        if part.kind in {"control", "row"}:
            rows.append([Paragraph(html.escape(cell), body) for cell in part.cells])
            continue
        if rows:
            story.append(Table(rows, style=[("VALIGN", (0, 0), (-1, -1), "TOP")]))
            rows = []
        text = html.escape(part.text)
        if part.kind in {"h", "appendix"}:
            story.append(Paragraph(html.escape(_headline(part, one.look)), heads[part.depth]))
        elif part.kind == "contents":
            story.append(Paragraph("Contents", heads[1]))
            story += [
                Paragraph(f"{html.escape(_headline(head, one.look))} {'.' * 60} {page}", body)
                for page, head in enumerate(_headings(one), 2)
            ]
        elif part.kind in {"r", "a"}:
            label = f"({part.label})" if part.kind == "a" else part.label if "." in part.label else f"{part.label}."
            story.append(Paragraph(text, ParagraphStyle("r", parent=body, leftIndent=30), bulletText=label))
        elif part.kind in {"b", "bb"}:
            depth = 18 if part.kind == "b" else 36
            story.append(
                Paragraph(
                    text, ParagraphStyle("i", parent=body, leftIndent=depth, bulletIndent=depth - 12, spaceAfter=2), bulletText="•"
                )
            )
        elif part.kind != "end":
            story.append(Paragraph(text, body))
    return story
