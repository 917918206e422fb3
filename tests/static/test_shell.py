"""What the page is made of: its own files only, small ones, and nothing from elsewhere."""

import json
import re
from pathlib import Path

LONGEST_FILE = 300
ABSOLUTE_URL = re.compile(r"""["'(](https?:)?//[a-z0-9]""")
VENDORS = {"js/lib/vendor.js", "js/map/maplibre.js"}
"""The second is loaded after the alert."""
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def import_map(static: Path) -> dict[str, str]:
    found = re.search(
        r'<script type="importmap">(.*?)</script>', (static / "index.html").read_text(), re.DOTALL
    )
    assert found is not None
    return json.loads(found[1])["imports"]  # type: ignore[no-any-return]


def test_nothing_is_asked_of_other_hosts(static: Path, scripts: dict[str, str]) -> None:
    texts = {
        path.name: path.read_text()
        for path in [*static.glob("*.html"), *static.glob("css/*.css"), static / "sw.js"]
    }
    calling = [
        name
        for name, text in (texts | scripts).items()
        if ABSOLUTE_URL.search(text.replace(SVG_NAMESPACE, ""))
    ]

    assert calling == []


def test_the_only_inline_script_is_the_import_map_and_no_style_is_inline(static: Path) -> None:
    page = (static / "index.html").read_text()

    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == ['<script type="importmap">']
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)


def test_third_party_code_is_named_in_two_files(scripts: dict[str, str]) -> None:
    naming = {path for path, text in scripts.items() if re.search(r'from "(?![./])', text)}

    assert naming == VENDORS


def test_everything_imported_by_name_is_in_the_import_map_and_on_disk(
    static: Path, scripts: dict[str, str]
) -> None:
    known = import_map(static)
    named = [each for path in VENDORS for each in re.findall(r'from "([^."][^"]*)"', scripts[path])]

    assert [each for each in named if each not in known and f"{each.split('/')[0]}/" not in known] == []
    if (static / "node_modules").is_dir():
        assert [path for path in known.values() if not (static / path.lstrip("/")).exists()] == []


def test_markup_is_only_made_by_templates_that_escape(scripts: dict[str, str]) -> None:
    raw = re.compile(r"\.(inner|outer)HTML|insertAdjacentHTML|unsafe(HTML|SVG)|document\.write|\beval\(")

    assert [path for path, text in scripts.items() if raw.search(text)] == []


def test_no_file_has_grown_too_long(static: Path, scripts: dict[str, str]) -> None:
    styles = {path.name: path.read_text() for path in static.glob("css/*.css")}

    assert [name for name, text in scripts.items() if len(text.splitlines()) > LONGEST_FILE] == []
    assert [name for name, text in styles.items() if len(text.splitlines()) > 2 * LONGEST_FILE] == []


def test_the_lock_names_no_address(static: Path) -> None:
    assert '"resolved"' not in (static / "package-lock.json").read_text()


def test_what_the_manifest_names_exists(static: Path) -> None:
    manifest = json.loads((static / "manifest.webmanifest").read_text())

    assert [
        icon["src"] for icon in manifest["icons"] if not (static / icon["src"].lstrip("/")).exists()
    ] == []


def test_the_worker_never_keeps_an_answer_of_the_interface(static: Path) -> None:
    assert '"/api/"' in (static / "sw.js").read_text().split("NEVER_KEPT")[1]


def test_the_numbers_are_in_the_page_itself_outside_of_what_scripts_draw(static: Path) -> None:
    page = (static / "index.html").read_text()
    before_scripts_draw = page.split("<body>")[1].split("<er-app>")[0]

    for number in ("119", "120", "110"):
        assert f'href="tel:{number}"' in before_scripts_draw
    assert page.split("<er-app>")[1].startswith("</er-app>")
