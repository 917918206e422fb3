"""What is served is one version of the page, whole, small, and built again only when a source has changed."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FIRST_KIB = 402
"""All files of a first visit, map and other screens included, as Brotli; requests and data are 75 KiB more."""
ALERT_KIB = 110
"""What has to come before an alert can be on screen."""


def told(worker: Path) -> dict[str, Any]:
    """What the service worker is told to keep."""
    first, _, _ = worker.read_text().partition("\n")
    found: dict[str, Any] = json.loads(first.removeprefix("const SHELL = ").removesuffix(";"))
    return found


def at(built: Path, address: str) -> Path:
    return built / (address.lstrip("/") or "index.html")


def sent_kib(file: Path) -> float:
    compressed = file.with_name(f"{file.name}.br")
    return (compressed if compressed.exists() else file).stat().st_size / 1024


def named_in_page(built: Path) -> set[str]:
    return set(re.findall(r"(?:href|src|content)=\"(/[^\"]+)\"", (built / "index.html").read_text()))


def on_demand(built: Path) -> set[str]:
    """Addresses of what few people need, and no device keeps before: planning drills, taking part in one, registers."""
    page = (built / "index.html").read_text()
    styles = re.findall(r'name="(?:drills|drill-run|registers)-styles" content="([^"]+)"', page)
    scripts = {path.name: path.read_text() for path in (built / "assets").glob("*.js")}
    named = {name for name, text in scripts.items() if re.search("drills-styles|drill-run-styles|registers-styles", text)}
    others = {each for name in scripts.keys() - named for each in imported_by(scripts[name])}
    theirs = {each for name in named for each in imported_by(scripts[name])} - others
    return {*styles, *({f"/assets/{name}" for name in named | theirs} - named_in_page(built))}


def imported_by(script: str) -> set[str]:
    return set(re.findall(r"(?:from|import)\"\./([\w.-]+\.js)\"", script))


def preloaded(page: str) -> set[str]:
    return set(re.findall(r'<link rel="modulepreload" href="/assets/([^"]+)"', page))


def test_the_worker_is_told_every_file_each_with_its_hash(built: Path) -> None:
    files = told(built / "sw.js")["files"]

    # Icons are for the system, which asks for them when it has a network.
    named = {each for each in named_in_page(built) if not each.endswith(".png")} - on_demand(built)
    assert files.keys() >= {"/", "/icon.svg", "/manifest.webmanifest"} | named
    served = {path for path in (built / "assets").iterdir() if path.suffix not in {".map", ".gz", ".br"}}
    kept = {at(built, address) for address in files}
    assert served - kept == {at(built, address) for address in on_demand(built)}
    for address, integrity in files.items():
        digest = hashlib.sha256(at(built, address).read_bytes()).digest()
        assert integrity == f"sha256-{base64.b64encode(digest).decode()}", address


def test_what_one_file_names_is_there(built: Path) -> None:
    scripts = list((built / "assets").glob("*.js"))
    imported = {
        name for path in scripts for name in re.findall(r"(?:from|import)\(?\"\./([\w.-]+\.js)\"", path.read_text())
    }

    assert len(imported) > 1
    assert {name for name in imported if not (built / "assets" / name).is_file()} == set()
    assert {each for each in named_in_page(built) if not at(built, each).is_file()} == set()
    assert all((built / "assets" / f"{path.name}.map").is_file() for path in scripts)


def test_all_that_the_first_script_imports_is_asked_for_at_once(built: Path) -> None:
    page = (built / "index.html").read_text()
    [main] = re.findall(r'<script type="module" src="/assets/([^"]+)"', page)
    needed: set[str] = set()
    due = [main]
    while due:
        text = (built / "assets" / due.pop()).read_text()
        found = imported_by(text) - needed
        needed |= found
        due.extend(found)
    assert needed == preloaded(page)


def test_an_alert_needs_little_of_it_and_the_whole_is_small(built: Path) -> None:
    page = (built / "index.html").read_text()
    first = set(re.findall(r'(?:rel="(?:stylesheet|modulepreload)" href|src)="(/assets/[^"]+)"', page))
    words = {each for each in named_in_page(built) if "zh-CN" in each}

    before_alert = sum(sent_kib(at(built, each)) for each in {"/", *first, *words})
    whole = sum(sent_kib(at(built, each)) for each in told(built / "sw.js")["files"])
    assert before_alert < ALERT_KIB
    assert whole < FIRST_KIB


def test_no_address_of_the_sources_is_left(built: Path) -> None:
    page = (built / "index.html").read_text()

    assert "importmap" not in page
    assert re.findall(r'"/(?:js|css|locales|node_modules)/', page) == []


@pytest.fixture
def copy(static: Path, tmp_path: Path) -> Path:
    """A page of few words, and the means to build it."""
    if not (static / "node_modules" / "esbuild").is_dir() or shutil.which("node") is None:
        pytest.skip("the page's tools are not installed")
    for script in ("build.js", "build-replay.js"):
        shutil.copy(static / script, tmp_path)
    for name, text in {
        "package.json": '{"type": "module"}',
        "package-lock.json": "{}",
        "index.html": '<meta name="words-en" content="/locales/en.json" />\n'
        '<link rel="stylesheet" href="/css/one.css" />\n<link rel="stylesheet" href="/css/two.css" />\n'
        '<script type="importmap">{}</script>\n<script type="module" src="/js/main.js"></script>\n',
        "sw.js": "",
        "report-form.js": "",
        "manifest.webmanifest": "{}",
        "icon.svg": "<svg/>",
        "icons/icon.png": "",
        "css/one.css": "a { color: red; }",
        "css/two.css": "a { color: blue; }",
        "js/main.js": 'import "./near.js"; import("./far.js");',
        "js/near.js": "document.title = 'near';",
        "js/far.js": "document.title = 'far';",
        "locales/en.json": '{"a": "b"}',
        "js/replay/replay.js": "document.title = 'replay';",
        "css/replay/replay.css": "a { color: violet; }",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "node_modules").symlink_to(static / "node_modules")
    return tmp_path


def build(folder: Path, *arguments: str) -> int:
    done = subprocess.run(["node", "build.js", *arguments], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own script
    assert done.stderr == ""
    return done.returncode


def test_the_page_is_built_again_only_when_a_source_has_changed(copy: Path) -> None:
    assert build(copy, "--check") == 1
    assert build(copy) == 0
    made_ns = (copy / "dist" / "index.html").stat().st_mtime_ns
    assert build(copy) == 0
    assert (copy / "dist" / "index.html").stat().st_mtime_ns == made_ns

    for changed in ("js/far.js", "css/two.css", "locales/en.json", "index.html", "sw.js", "package-lock.json"):
        file = copy / changed
        before = file.read_text()
        file.write_text(before + "\n")
        assert build(copy, "--check") == 1, changed
        # The same contents at another time are no change.
        file.write_text(before)
        assert build(copy, "--check") == 0, changed
    (copy / "js" / "new.js").write_text("")
    assert build(copy, "--check") == 1


def test_another_file_is_another_version_and_nothing_of_the_old_one_is_left(copy: Path) -> None:
    build(copy)
    before = told(copy / "dist" / "sw.js")
    (copy / "js" / "far.js").write_text("document.title = 'farther';")
    build(copy)
    after = told(copy / "dist" / "sw.js")

    assert after["version"] != before["version"]
    kept = {path for path in after["files"] if path in before["files"]}
    assert any("one" in path or "page" in path for path in kept), "what has not changed keeps its name"
    gone = set(before["files"]) - set(after["files"])
    assert gone
    assert [each for each in gone if at(copy / "dist", each).exists()] == []
    assert sorted(path.name for path in copy.iterdir() if path.name.startswith("dist")) == ["dist"]


def test_styles_keep_their_order(copy: Path) -> None:
    build(copy)
    [styles] = (copy / "dist" / "assets").glob("*.css")

    assert styles.read_text().index("red") < styles.read_text().index("#00f")


def test_a_source_that_cannot_be_read_leaves_what_was_built(copy: Path) -> None:
    build(copy)
    (copy / "js" / "main.js").write_text("import {")
    done = subprocess.run(["node", "build.js"], cwd=copy, capture_output=True, text=True, check=False)  # noqa: S607 - our own script

    assert done.returncode != 0
    assert (copy / "dist" / "index.html").is_file()
    assert sorted(path.name for path in copy.iterdir() if path.name.startswith("dist")) == ["dist"]
