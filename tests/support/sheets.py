"""XLSX files made by hand, for tests of the importer."""
import zipfile
from xml.sax.saxutils import escape

_TYPES = ('<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
          '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
          '<Default Extension="xml" ContentType="application/xml"/></Types>')
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = ('<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
         '</Relationships>')
_BOOK = ('<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
         f'xmlns:r="{_RELATION}"><sheets><sheet name="registry" sheetId="1" r:id="rId1"/></sheets></workbook>')
_SHEET = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
_STRINGS = '<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'


def _reference(row, column):
    return f"{chr(65 + column) if column < 26 else 'A' + chr(65 + column - 26)}{row}"


def _cell(row, column, value, strings):
    at = _reference(row, column)
    if isinstance(value, (int, float)):
        return f'<c r="{at}"><v>{value}</v></c>'
    if isinstance(value, Formula):
        return f'<c r="{at}" t="str"><f>{escape(value.text)}</f><v>{escape(value.shown)}</v></c>'
    if value == "":
        return ""
    if value not in strings:
        strings.append(value)
    return f'<c r="{at}" t="s"><v>{strings.index(value)}</v></c>'


class Formula:
    def __init__(self, text, shown):
        self.text, self.shown = text, shown


def write_xlsx(path, rows, sheet=None):
    """rows: lists of texts, numbers or Formulas; `sheet`: the sheet's XML itself, for files that are meant to be bad."""
    strings = []
    lines = "".join(f'<row r="{i}">' + "".join(_cell(i, j, value, strings) for j, value in enumerate(row)) + "</row>"
                    for i, row in enumerate(rows, 1))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", _TYPES)
        made.writestr("_rels/.rels", _RELS.format(f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'))
        made.writestr("xl/workbook.xml", _BOOK)
        made.writestr("xl/_rels/workbook.xml.rels", _RELS.format(
            f'<Relationship Id="rId1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_RELATION}/sharedStrings" Target="sharedStrings.xml"/>'))
        made.writestr("xl/worksheets/sheet1.xml", _SHEET.format(lines) if sheet is None else sheet)
        made.writestr("xl/sharedStrings.xml", _STRINGS.format("".join(f"<si><t>{escape(text)}</t></si>" for text in strings)))
    return path
