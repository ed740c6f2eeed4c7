"""A ruled table in a Word document: narrow letters, and no row of it torn by the end of a page."""

from collections.abc import Sequence

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from docx.table import Table, _Row

from documents import layout


def ruled_table(document: Document, widths: Sequence[int]) -> Table:
    """A table without rows, its columns so many millimetres wide: one style of the template would bring a dozen
    others."""
    table: Table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>"))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def add_row(table: Table, texts: Sequence[str], least_mm: int = 0) -> None:
    """A row at least so many millimetres high, its texts in the middle."""
    row = table.add_row()  # type: ignore[no-untyped-call]  # the library leaves it unannotated
    _keep_whole(row)
    if least_mm:
        row.height = Mm(least_mm)
    for cell, text, column in zip(row.cells, texts, table.columns, strict=True):
        cell.width, cell.vertical_alignment = column.width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
        lines = layout.lines_of(text) or [""]
        cell.paragraphs[0].text, cell.paragraphs[0].style = lines[0], layout.TABLE_TEXT.name
        for line in lines[1:]:
            cell.add_paragraph(line, style=layout.TABLE_TEXT.name)


def keep_together(table: Table) -> None:
    """The whole table on one page: each row stays with the next."""
    for row in table.rows[:-1]:
        for paragraph in row.cells[0].paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
