#!/usr/bin/env bash
# openpyxl 3.1.5 neither reads nor writes the escapes of texts in cells (_xHHHH_, ECMA-376 part 1, 22.9.2.19).
#
# Of a shared string it takes away "x005F_" wherever it stands, also where nothing is escaped: of the cell 0x005F_0000,
# which XlsxWriter writes as it is, 00000 is left. What it writes itself is not escaped: the text _x0041_ is the
# letter A to a reader that knows of escapes. calamine reads what XlsxWriter wrote.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 xlsxwriter==3.3.1 python-calamine==0.9.1
cd "$folder"
"$folder/venv/bin/python" - << 'END'
import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook


def by_xlsxwriter(text):
    with xlsxwriter.Workbook("cells.xlsx") as book:
        book.add_worksheet().write_string(0, 0, text)


def by_openpyxl(text):
    book = openpyxl.Workbook()
    book.active["A1"] = text
    book.save("cells.xlsx")


def read():
    """The cell as openpyxl and as calamine read it."""
    calamine = CalamineWorkbook.from_path("cells.xlsx").get_sheet_by_index(0).to_python()[0][0]
    return openpyxl.load_workbook("cells.xlsx").active["A1"].value, calamine


SEEN = {
    (by_xlsxwriter, "0x005F_0000"): ("00000", "0x005F_0000"),
    (by_xlsxwriter, "tank_x005F_1"): ("tank_1", "tank_x005F_1"),
    (by_xlsxwriter, "tank_x0041_1"): ("tank_x0041_1", "tank_x0041_1"),
    (by_openpyxl, "tank_x0041_1"): ("tank_x0041_1", "tankA1"),
}
for (write, text), expected in SEEN.items():
    write(text)
    found = read()
    print(f"{write.__name__} {text}: openpyxl {found[0]}, calamine {found[1]}")
    assert found == expected, found
END
