"""The registry: files in and out, every problem by row and column, all or nothing, history, owners."""
import csv
import io
import json
import os
import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.harness import HEADER, case, check_equal, check_true, fengsui, main, row, write_registry  # noqa: E402
from support.sheets import Formula, write_xlsx  # noqa: E402

COLUMNS = HEADER.split(",")
ROWS = [
    ["water", "District water works", "", "portal", "Citizen portal", "3", "yes", "https://www.water.test/", "Li Hua", "li@water.test", "+86 10 1234",
     "2026-01-01", "2030-12-31", "careful"],
    ["water", "District water works", "", "", "", "", "", "mail:water.test", "Li Hua", "li@water.test", "+86 10 1234", "", "", "passive"],
    ["plant", "North plant", "water", "scada", "Control room", "4", "no", "10.20.0.0/16", "", "", "", "", "", ""],
    ["plant", "North plant", "water", "", "", "", "", "10.20.7.9", "", "", "", "", "", "careful"],
    ["school", "第一中学", "", "", "", "", "", "www.school.test", "王芳", "wang@school.test", "", "", "2031-01-01", "passive"],
]


def csv_text(rows=ROWS, columns=COLUMNS):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def put(tmp, content, name="registry.csv"):
    path = tmp / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def load(tmp, file, *more, data="d"):
    return fengsui("registry", "import", file, "--data", tmp / data, *more)


def export(tmp, kind="json", data="d"):
    result = fengsui("registry", "export", "--format", kind, "--data", tmp / data)
    check_equal(result.status, 0, f"export {result.err}")
    return result.out


def assets(tmp, data="d"):
    return {entry["asset"] for entry in json.loads(export(tmp, data=data)) if entry.get("asset")}


def problems(result):
    return {(line["row"], line["column"], line["code"]) for line in result.of_type("problem")}


def check_refused(tmp, file, expected=None, words=()):
    """Exit status 2, a sentence for each problem, nothing kept."""
    result = load(tmp, file, data="refused")
    check_equal(result.status, 2, f"exit status of {file.name} ({result.err[:300]})")
    check_true(result.err.strip(), f"{file.name}: a message on standard error")
    for word in words:
        check_true(word in result.err, f"{word!r} in {result.err[:500]!r}")
    if expected is not None:
        check_equal(problems(result), expected, f"problems of {file.name}")
    kept = fengsui("registry", "export", "--data", tmp / "refused")
    check_true(kept.status == 2 or len(kept.out.strip().splitlines()) <= 1, f"{file.name}: something was kept: {kept.out[:200]}")
    return result


@case
def out_and_in_again_gives_the_same(tmp):
    result = load(tmp, put(tmp, csv_text()))
    check_equal(result.status, 0, f"import {result.err}")
    check_equal(result.lines[0]["assets_added"], 5, "assets added")
    check_equal(result.lines[0]["units_added"], 3, "units added")
    as_json, as_csv = export(tmp), export(tmp, "csv")
    wanted = {tuple(r[:3] + [r[7]]) for r in ROWS}
    check_equal({(e["unit"], e["unit_name"], e.get("parent", ""), e["asset"]) for e in json.loads(as_json)}, wanted, "export")
    first = {e["asset"]: e for e in json.loads(as_json)}["https://www.water.test/"]
    for column, value in zip(COLUMNS, ROWS[0]):
        check_equal(str(first.get(column, "")), value, f"column {column}")
    for kind, text in (("json", as_json), ("csv", as_csv)):
        again = load(tmp, put(tmp, text, f"again.{kind}"), data=f"again-{kind}")
        check_equal(again.status, 0, f"import of the {kind} export {again.err}")
        check_equal(export(tmp, data=f"again-{kind}"), as_json, f"after a round by {kind}")
        check_equal(export(tmp, "csv", data=f"again-{kind}"), as_csv, f"after a round by {kind}")
    same = load(tmp, put(tmp, as_csv, "same.csv"))
    changed = {name: count for name, count in same.lines[0].items() if name.endswith(("_added", "_changed", "_withdrawn")) and count}
    check_equal(changed, {}, "importing what is there changes nothing")


@case
def every_encoding_and_format_reads_the_same(tmp):
    check_equal(load(tmp, put(tmp, csv_text()), data="plain").status, 0, "plain")
    expected = export(tmp, data="plain")
    files = {
        "bom": (put(tmp, b"\xef\xbb\xbf" + csv_text().encode(), "bom.csv"), "UTF-8 with BOM"),
        "gb18030": (put(tmp, csv_text().encode("gb18030"), "gb.csv"), "GB18030"),
        "unix": (put(tmp, csv_text().replace("\r\n", "\n"), "unix.csv"), "UTF-8"),
        "no-end": (put(tmp, csv_text().rstrip("\r\n"), "no-end.csv"), "UTF-8"),
        "json": (put(tmp, json.dumps([dict(zip(COLUMNS, r)) for r in ROWS], ensure_ascii=False), "r.json"), "UTF-8"),
        "json-escaped": (put(tmp, json.dumps([dict(zip(COLUMNS, r)) for r in ROWS]), "e.json"), "UTF-8"),
        "xlsx": (write_xlsx(tmp / "r.xlsx", [COLUMNS, *ROWS]), "UTF-8"),
        "turned": (put(tmp, csv_text([list(reversed(r)) for r in ROWS], list(reversed(COLUMNS))), "turned.csv"), "UTF-8"),
    }
    for name, (file, encoding) in files.items():
        result = load(tmp, file, data=name)
        check_equal(result.status, 0, f"{name}: {result.err}")
        check_equal(result.lines[0]["encoding"], encoding, f"encoding of {name}")
        check_equal(export(tmp, data=name), expected, name)


@case
def a_spreadsheet_with_numbers_and_dates(tmp):
    rows = [COLUMNS, ["u1", "Unit", "", "s1", "System", 3, "yes", "www.town.test", "", "", 8610123456, 46023, 46387, "careful"]]
    result = load(tmp, write_xlsx(tmp / "n.xlsx", rows))
    check_equal(result.status, 0, result.err)
    entry = json.loads(export(tmp))[0]
    check_equal((str(entry["protection_level"]), entry["phone"], entry["authorised_from"], entry["authorised_until"]),
                ("3", "8610123456", "2026-01-01", "2026-12-31"), "numbers and date serials")


@case
def unknown_columns_are_kept(tmp):
    rows = [r + ["building 4", ""] for r in ROWS]
    check_equal(load(tmp, put(tmp, csv_text(rows, COLUMNS + ["location", "note"]))).status, 0, "import")
    check_equal({e.get("location") for e in json.loads(export(tmp))}, {"building 4"}, "custom field")


@case
def every_problem_is_listed_by_row_and_column(tmp):
    good = ROWS[4]

    def bad(**cells):
        return [cells.get(column, value) for column, value in zip(COLUMNS, good)]

    rows = [
        good,
        bad(asset="http://"),
        bad(asset="www.2.test", authorised_from="2026-02-30"),
        bad(asset="www.3.test", authorised_from="2026-05-01", authorised_until="2026-04-01"),
        bad(asset="www.4.test", probe_class="reckless"),
        bad(asset="www.5.test", email="nobody"),
        bad(asset="www.6.test", unit="other", unit_name="Other", parent="nowhere"),
        bad(asset="www.school.test"),
        bad(asset="www.8.test", unit=""),
        bad(asset="www.9.test", system="s", protection_level="9"),
        bad(asset="www.10.test", system="s2", critical="perhaps"),
        bad(asset="=HYPERLINK(1)"),
        bad(asset="10.0.0.0/99"),
        bad(asset="www.school.test", unit="third", unit_name="Third"),
    ]
    expected = {
        (3, "asset", "bad_asset"), (4, "authorised_from", "bad_date"), (5, "authorised_until", "date_order"), (6, "probe_class", "bad_probe_class"),
        (7, "email", "bad_email"), (8, "parent", "unknown_parent"), (9, "asset", "duplicate_asset"), (10, "unit", "missing"),
        (11, "protection_level", "bad_protection_level"), (12, "critical", "bad_critical"), (13, "asset", "formula"), (14, "asset", "bad_asset"),
        (15, "asset", "asset_of_two_units"),
    }
    check_refused(tmp, put(tmp, csv_text(rows)), expected, ["row 3", "column asset", "row 15"])
    as_json = put(tmp, json.dumps([dict(zip(COLUMNS, r)) for r in rows]), "bad.json")
    check_equal({code for _, _, code in problems(check_refused(tmp, as_json))}, {code for _, _, code in expected}, "the same from JSON")
    as_xlsx = write_xlsx(tmp / "bad.xlsx", [COLUMNS, *rows])
    check_refused(tmp, as_xlsx, expected, ["row 3", "row 15"])
    in_chinese = fengsui("registry", "import", put(tmp, csv_text(rows), "zh.csv"), "--data", tmp / "zh", "--language", "zh")
    check_true("第 3 行" in in_chinese.err or "3 行" in in_chinese.err, f"Chinese: {in_chinese.err[:200]}")


@case
def files_that_are_no_registry(tmp):
    whole = write_xlsx(tmp / "whole.xlsx", [COLUMNS, *ROWS]).read_bytes()
    sheet = whole.index(b"xl/worksheets/sheet1.xml")
    entities = ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><v>&b;</v></c>'
                '</row></sheetData></worksheet>')
    files = {
        "empty.csv": b"",
        "header.csv": (HEADER + "\n").encode(),
        "binary.csv": bytes(range(256)) * 64,
        "noise.csv": os.urandom(100_000),
        "quote.csv": (HEADER + '\nu1,"never ends,,,,,,www.a.test,,,,,,\n' + "x" * 1000).encode(),
        "mixed.csv": csv_text().encode() + "单位".encode("gb18030") + b",\xff\xfe\n",
        "utf16.csv": csv_text().encode("utf-16"),
        "nul.csv": csv_text().replace("North", "No\0rth").encode(),
        "narrow.csv": (HEADER + "\nu1,Unit\n").encode(),
        "columns.csv": b"name,site\nA,www.a.test\n",
        "twice.csv": (HEADER + ",asset\n" + row("www.a.test") + ",www.b.test\n").encode(),
        "cut.json": json.dumps([dict(zip(COLUMNS, r)) for r in ROWS])[:-40].encode(),
        "object.json": b'{"unit": "u1"}',
        "deep.json": b"[" * 200_000,
        "numbers.json": b"[1, 2, 3]",
        "nested.json": b'[{"unit": {"id": "u1"}, "asset": ["www.a.test"]}]',
        "cut.xlsx": whole[:len(whole) // 2],
        "bitten.xlsx": whole[:sheet + 60] + b"\0" * 40 + whole[sheet + 100:],
        "doctype.xlsx": write_xlsx(tmp / "x.xlsx", [COLUMNS], sheet=entities).read_bytes(),
        "plain.zip": b"PK\x05\x06" + b"\0" * 18,
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    }
    for name, content in files.items():
        check_refused(tmp, put(tmp, content, name))
    check_refused(tmp, tmp / "header.csv", words=["header"])
    check_refused(tmp, tmp / "quote.csv", words=["row 2"])
    check_refused(tmp, tmp / "columns.csv", {(1, "unit", "missing_column"), (1, "asset", "missing_column")})
    missing = fengsui("registry", "import", tmp / "nowhere.csv", "--data", tmp / "d")
    check_equal(missing.status, 2, "a file that does not exist")
    check_true("nowhere.csv" in missing.err, missing.err)
    folder = fengsui("registry", "import", tmp, "--data", tmp / "d")
    check_equal(folder.status, 2, f"a directory: {folder.err}")


@case
def files_made_to_hurt(tmp):
    sparse = tmp / "sparse.csv"
    with sparse.open("wb") as file:
        file.truncate(1 << 30)
    filler = '<row r="2">' + '<c r="A2" t="str"><v>' + "0" * 1_000_000 + "</v></c></row>"
    sheet = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + filler * 300 + "</sheetData></worksheet>")
    bomb = write_xlsx(tmp / "bomb.xlsx", [COLUMNS], sheet=sheet)
    wide = put(tmp, (",".join(f"c{i}" for i in range(100_000)) + "\n").encode(), "wide.csv")
    long = put(tmp, (HEADER + "\n" + row("www." + "a" * 2_000_000 + ".test") + "\n").encode(), "long.csv")
    many = put(tmp, (HEADER + "\n" + (row("http://") + "\n") * 200_000).encode(), "many.csv")
    for file in (sparse, bomb, wide, long, many):
        began = time.monotonic()
        result = check_refused(tmp, file)
        check_true(time.monotonic() - began < 20, f"{file.name} took {time.monotonic() - began:.0f} s")
        check_true(len(result.err) < 2_000_000, f"{file.name}: {len(result.err)} bytes of messages")


@case
def formulas_are_data_only_in_custom_fields(tmp):
    rows = [ROWS[0] + ["=1+1"], ROWS[4] + ["@SUM(A1)"]]
    check_equal(load(tmp, put(tmp, csv_text(rows, COLUMNS + ["note"]))).status, 0, "custom field")
    exported = list(csv.DictReader(io.StringIO(export(tmp, "csv"))))
    check_true(all(not entry["note"].startswith(("=", "@", "+", "-")) for entry in exported), f"export: {[e['note'] for e in exported]}")
    check_equal({e["note"] for e in json.loads(export(tmp))}, {"=1+1", "@SUM(A1)"}, "JSON keeps it as it was")
    cells = ["u1", "Unit", "", "", "", "", "", Formula("HYPERLINK(1)", "www.town.test"), "", "", "", "", "", ""]
    result = load(tmp, write_xlsx(tmp / "f.xlsx", [COLUMNS, cells]), data="f")
    check_true(result.status in (0, 2), "a computed cell is its value or a problem")
    if result.status == 0:
        check_equal(assets(tmp, "f"), {"www.town.test"}, "the value of the formula")


@case
def a_dry_run_changes_nothing(tmp):
    result = load(tmp, put(tmp, csv_text()), "--dry-run")
    check_equal((result.status, result.lines[0]["assets_added"], result.lines[0]["dry_run"]), (0, 5, True), f"preview {result.err}")
    check_equal(fengsui("registry", "export", "--data", tmp / "d").out.strip().count("\n"), 0, "nothing is kept")
    load(tmp, put(tmp, csv_text()))
    before = export(tmp)
    result = load(tmp, put(tmp, csv_text(ROWS[:1]), "less.csv"), "--dry-run")
    check_equal(result.lines[0]["assets_withdrawn"], 1, "would withdraw")
    check_equal(export(tmp), before, "after the preview")
    bad = load(tmp, put(tmp, csv_text([["u", "", "", "", "", "", "", "http://", "", "", "", "", "", ""]]), "bad.csv"), "--dry-run")
    check_equal(bad.status, 2, "a dry run of a bad file")


@case
def withdrawal_is_kept_in_history(tmp):
    load(tmp, put(tmp, csv_text()))
    less = load(tmp, put(tmp, csv_text([ROWS[0], ROWS[2]]), "less.csv"))
    check_equal(less.status, 0, less.err)
    check_equal(assets(tmp), {"https://www.water.test/", "10.20.0.0/16", "www.school.test"}, "only units that the file lists lose assets")
    check_equal(less.lines[0]["assets_withdrawn"], 2, "withdrawn")
    with sqlite3.connect(next((tmp / "d").glob("*.db"))) as database:
        texts = json.dumps([[str(cell) for cell in line] for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
                            for line in database.execute(f'SELECT * FROM "{table}"')])
    check_true("mail:water.test" in texts, "the withdrawn asset is still in the store")
    again = load(tmp, put(tmp, csv_text(), "again.csv"))
    check_equal(again.lines[0]["assets_restored"], 2, "restored")
    check_equal(len(assets(tmp)), 5, "all are back")
    check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 0, "audit")


@case
def a_bad_row_keeps_the_good_ones_out(tmp):
    load(tmp, put(tmp, csv_text(ROWS[:2])))
    before = export(tmp)
    rows = [*ROWS[:2], ["water", "District water works", "", "", "", "", "", "not a name!", "", "", "", "", "", ""], ROWS[4]]
    check_equal(load(tmp, put(tmp, csv_text(rows), "bad.csv")).status, 2, "import")
    check_equal(export(tmp), before, "registry after a refused import")
    taken = load(tmp, put(tmp, csv_text([["thief", "Thief", "", "", "", "", "", "https://www.water.test/", "", "", "", "", "", ""]]), "thief.csv"))
    check_equal({(c, code) for _, c, code in problems(taken)}, {("asset", "asset_of_two_units")}, "an asset of another unit")


@case
def whose_is_it(tmp):
    load(tmp, put(tmp, csv_text()))
    queries = ["10.20.3.4", "10.20.7.9", "10.21.0.1", "www.water.test", "https://www.water.test/a?b=1", "shop.www.water.test", "www.school.test",
               "water.test", "school.test", "http://10.20.9.9:8080/"]
    result = fengsui("registry", "owner", *queries, "--data", tmp / "d")
    answers = {line["query"]: line for line in result.of_type("owner")}
    check_equal(result.status, 0, result.err)
    check_equal((answers["10.20.3.4"]["unit"], answers["10.20.3.4"]["entry"]), ("plant", "10.20.0.0/16"), "by prefix")
    check_equal(answers["10.20.7.9"]["entry"], "10.20.7.9", "the longer match")
    check_equal(answers["10.21.0.1"]["registered"], False, "outside the prefix")
    check_equal(answers["www.water.test"]["unit"], "water", "by name")
    check_equal(answers["https://www.water.test/a?b=1"]["unit"], "water", "by URL")
    check_equal((answers["shop.www.water.test"]["unit"], answers["shop.www.water.test"]["how"]), ("water", "suffix"), "by the name above")
    check_equal(answers["school.test"]["registered"], False, "a name above a registered one is not ours")
    check_equal(answers["http://10.20.9.9:8080/"]["unit"], "plant", "a URL with an address")
    check_equal(answers["www.school.test"]["unit_name"], "第一中学", "names in Chinese")
    wrong = fengsui("registry", "owner", "no such thing!", "--data", tmp / "d")
    check_equal(wrong.status, 2, "not an address, name or URL")
    from_file = fengsui("registry", "owner", "10.20.3.4", "--registry", put(tmp, csv_text(), "file.csv"))
    check_equal(from_file.of_type("owner")[0]["unit"], "plant", "from a file")


main()
