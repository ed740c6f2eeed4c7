"""The district's template, filled from the register: the district reads its own form and nobody retypes it."""

from desk.desk import Desk
from desk.make_register import Register, register_sheet
from desk.own_names import own_names
from documents.reading import ReadingError
from documents.sheets.template import Filled, fill_template


def fill_register_template(desk: Desk, register: Register, file: tuple[str, bytes]) -> Filled:
    """A template (its name and its bytes) with a row for each problem. Raises ReadingError."""
    sheet = register_sheet(register)
    keys = [column.key for column in sheet.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in sheet.rows]
    with desk.database.read() as tx:
        body = desk.runtime.view(tx).body(register.inspection.organization_id)
        own = own_names(tx, body.key).columns
    labels = {column.label: column.key for column in sheet.columns}
    filled = fill_template(*file, rows, {**labels, **own})
    if filled is None:
        raise ReadingError("no_sheet", desk.words.say("sheet.no_header"))
    return filled
