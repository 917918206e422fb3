"""What others need to take the project up: licence, licences of what it ships, one version everywhere."""

import hashlib
import json
import re
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import responder

ROOT = Path(__file__).parents[1]
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
"""SHA-256 of the text that apache.org gives out as LICENSE-2.0.txt."""
NATIVE = {
    "libXau": "X.Org libXau",
    "libavif": "libavif",
    "libbrotlicommon": "brotli",
    "libbrotlidec": "brotli",
    "libfreetype": "FreeType",
    "libharfbuzz": "HarfBuzz",
    "libjpeg": "libjpeg-turbo",
    "liblcms2": "Little CMS",
    "liblzma": "liblzma",
    "libopenjp2": "OpenJPEG",
    "libpng16": "libpng",
    "libsharpyuv": "libwebp",
    "libwebp": "libwebp",
    "libwebpdemux": "libwebp",
    "libwebpmux": "libwebp",
    "libxcb": "libxcb",
    "libzstd": "zstd",
    "libbz2": "bzip2",
    "libcom_err": "MIT Kerberos",
    "libcrypt": "libcrypt of glibc",
    "libcrypto": "OpenSSL",
    "libcurl": "curl",
    "libgdal": "GDAL",
    "libgeos": "GEOS",
    "libgeos_c": "GEOS",
    "libgfortran": "libgfortran",
    "libgssapi_krb5": "MIT Kerberos",
    "libk5crypto": "MIT Kerberos",
    "libkeyutils": "keyutils",
    "libkrb5": "MIT Kerberos",
    "libkrb5support": "MIT Kerberos",
    "liblber": "OpenLDAP",
    "libldap": "OpenLDAP",
    "liblz4": "lz4",
    "libnghttp2": "nghttp2",
    "libpq": "libpq",
    "libproj": "PROJ",
    "libquadmath": "libquadmath",
    "libsasl2": "Cyrus SASL",
    "libscipy_openblas": "OpenBLAS",
    "libscipy_openblas64_": "OpenBLAS",
    "libsqlite3": "SQLite",
    "libssl": "OpenSSL",
    "libtiff": "libtiff",
}
"""By the name of a shared library in a wheel, without its hash: its name in NOTICE."""
BUILDER = re.compile(r"esbuild|@esbuild/.+")
ENTRY = re.compile(r"^  (\S.*?)  +\S.*$", re.MULTILINE)


def sections() -> dict[str, set[str]]:
    """Give the components that NOTICE names, by the words above them."""
    parts = re.split(r"^([A-Z][A-Z ,]+)$", (ROOT / "NOTICE").read_text(), flags=re.MULTILINE)
    return {title: set(ENTRY.findall(text)) for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)(?:\[.*\])?==", (ROOT / name).read_text(), re.MULTILINE))


def test_the_licence_is_the_standard_text() -> None:
    text = (ROOT / "LICENSE").read_bytes()

    assert hashlib.sha256(text).hexdigest() == APACHE_2


def test_notice_names_every_python_package_and_no_other() -> None:
    named = sections()
    shipped, all_of_them = locked("requirements.lock"), locked("requirements-dev.lock")

    assert len(shipped) > 50
    assert named["PYTHON PACKAGES, INSTALLED AND IN THE IMAGE"] == shipped
    assert named["PYTHON PACKAGES FOR DEVELOPMENT, NOT SHIPPED"] == all_of_them - shipped


def test_notice_names_every_shared_library_of_the_wheels() -> None:
    named = sections()["NATIVE LIBRARIES INSIDE THEM"]
    entries = {(what, package) for entry in named for what, package in _read(entry)}
    site = Path(sysconfig.get_path("platlib"))
    bundled = {
        (re.split(r"-[0-9a-f]{8}", file.name)[0], folder.name.removesuffix(".libs").replace("_", "-"))
        for folder in site.glob("*.libs")
        for file in folder.iterdir()
    }

    assert len(bundled) > 20
    assert {library for library, _ in bundled} - NATIVE.keys() == set()
    assert {(NATIVE[library], package) for library, package in bundled} - entries == set()


def _read(entry: str) -> Iterator[tuple[str, str]]:
    """Read "bzip2, lz4, in osmium" as pairs of library and package."""
    libraries, _, packages = entry.partition(", in ")
    for library in libraries.split(", "):
        for package in re.split(r", | and ", packages):
            yield library, package


def test_notice_names_every_package_of_the_page_and_no_other() -> None:
    named = sections()
    packages = json.loads((ROOT / "static" / "package-lock.json").read_text())["packages"]
    shipped, builders, others = set(), set(), set()
    for path, package in packages.items():
        if path:
            name = path.rpartition("node_modules/")[2]
            installed = builders if BUILDER.fullmatch(name) else shipped
            (others if package.get("dev") else installed).add(name)

    assert named["PACKAGES OF THE PAGE, INSTALLED AND SERVED TO BROWSERS"] == shipped
    assert named["PACKAGES THAT BUILD THE PAGE, INSTALLED AND NOT SERVED"] == builders
    assert named["PACKAGES OF THE PAGE FOR DEVELOPMENT, NOT SHIPPED"] == others - shipped


def test_licence_and_version_are_the_same_wherever_they_stand() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = json.loads((ROOT / "static" / "package.json").read_text())
    lock = json.loads((ROOT / "static" / "package-lock.json").read_text())

    assert {project["license"], page["license"]} == {"Apache-2.0"}
    assert {page["version"], lock["version"], lock["packages"][""]["version"]} == {responder.__version__}


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_who_reads_of_the_project_finds_licences_and_whom_to_tell(readme: str) -> None:
    text = (ROOT / readme).read_text()

    for name in ("LICENSE", "NOTICE", "SECURITY.md", "CONTRIBUTING.md"):
        assert f"]({name})" in text
        assert (ROOT / name).is_file()
