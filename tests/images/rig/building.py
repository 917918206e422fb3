"""The images, built by buildah on stand-ins for the base images, which cannot be pulled everywhere."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
STORE = ROOT / "data" / "images"
"""Where the images lie; the stand-ins are kept for the next run, and everything may be deleted."""
STAND_INS = Path(__file__).parents[1] / "stand_ins"
DEBIAN = "localhost/responder-stand-in-debian"
SUITE = "trixie"
"""The Debian release with the versions of Python and PostgreSQL that the base images have."""
APPLICATION = "localhost/responder-under-test"
DATABASE = "localhost/responder-database-under-test"
TOOLS = {
    "buildah": "buildah",
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
    "nats-server": "nats-server",
}
_IN_BUILD = "/run/building"
_NPM_SETTINGS = str(Path("/root") / ".npmrc")
"""Of the user who builds."""
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_OF_NETWORK = ("index-url", "extra-index-url", "proxy", "trusted-host", "timeout")


def missing() -> str:
    """Say what this machine lacks to build the images and run them; empty when it lacks nothing."""
    lacking = [
        f"{tool} (apt-get install {package})" for tool, package in TOOLS.items() if not shutil.which(tool)
    ]
    if os.geteuid() != 0:
        lacking.append("root")
    return ", ".join(lacking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image whose files lie in a folder."""

    root: Path
    environment: dict[str, str]
    entrypoint: tuple[str, ...]
    user: int
    work_dir: str


def buildah(*words: str) -> str:
    """Run buildah on the store of these tests; return what it prints."""
    places = ("--root", str(STORE / "store"), "--runroot", str(STORE / "run"))
    try:
        return _run("buildah", *places, *words).strip()
    except subprocess.CalledProcessError as error:
        lines = (error.stdout + error.stderr).splitlines()
        message = f"buildah {words[0]} failed:\n" + "\n".join(lines[-30:])
        raise RuntimeError(message) from error


@contextmanager
def built(name: str, context: Path) -> Iterator[Image]:
    """Build an image, and have its files in a folder for as long as the block lasts."""
    for base in re.findall(r"^FROM (\S+:\S+)", (context / "Dockerfile").read_text("utf-8"), re.MULTILINE):
        _ensure_stand_in(base)
    _build(name, context, context / "Dockerfile")
    container = buildah("from", "--pull-never", name)
    try:
        yield _image(container)
    finally:
        buildah("umount", container)
        buildah("rm", container)
        buildah("rmi", name)


def _image(container: str) -> Image:
    asked = (
        "{{range .OCIv1.Config.Env}}env {{.}}\n{{end}}{{range .OCIv1.Config.Entrypoint}}run {{.}}\n{{end}}"
    )
    asked += "user {{.OCIv1.Config.User}}\ndir {{.OCIv1.Config.WorkingDir}}"
    told = [
        line.partition(" ")[::2] for line in buildah("inspect", "--format", asked, container).splitlines()
    ]
    [user] = [value for key, value in told if key == "user"]
    [work_dir] = [value for key, value in told if key == "dir"]
    return Image(
        root=Path(buildah("mount", container)),
        environment=dict(value.split("=", 1) for key, value in told if key == "env"),
        entrypoint=tuple(value for key, value in told if key == "run"),
        user=int(user),
        work_dir=work_dir or "/",
    )


def _build(name: str, context: Path, instructions: Path) -> None:
    settings = _network_settings()
    mounts = {settings: _IN_BUILD, settings / "pip.conf": "/etc/pip.conf", settings / "npmrc": _NPM_SETTINGS}
    buildah(
        "bud",
        *("--isolation", "chroot", "--pull-never", "--layers=false"),
        *(f"--volume={here}:{there}:ro" for here, there in mounts.items()),
        *("--tag", name, "--file", str(instructions), str(context)),
    )


def _network_settings() -> Path:
    """Write down how this machine reaches the package registries, for the build and not for the image."""
    settings = STORE / "building"
    settings.mkdir(parents=True, exist_ok=True)
    pip, npm = ["[global]"], []
    if _CERTIFICATES.exists():
        shutil.copyfile(_CERTIFICATES, settings / "certificates.pem")
        pip.append(f"cert = {_IN_BUILD}/certificates.pem")
        npm.append(f"cafile={_IN_BUILD}/certificates.pem")
    for line in _run(sys.executable, "-m", "pip", "config", "list").splitlines():
        key, _, value = line.partition("=")
        key, value = key.rsplit(".", 1)[-1], value.strip("'")
        if key in _OF_NETWORK and not value.startswith("file:"):
            pip.append(f"{key} = {value}")
    (settings / "pip.conf").write_text("\n".join(pip) + "\n", encoding="utf-8")
    if shutil.which("npm"):
        npm.append(f"registry={_run('npm', 'config', 'get', 'registry').strip()}")
    (settings / "npmrc").write_text("\n".join(npm) + "\n", encoding="utf-8")
    return settings


def _ensure_stand_in(base: str) -> None:
    """Make what is tagged as the base image, unless that was done before."""
    instructions = STAND_INS / f"{base.partition(':')[0]}.Dockerfile"
    name = f"localhost/{base}"
    if not _has(name):
        _ensure_debian()
        _build(name, STAND_INS, instructions)


def _ensure_debian() -> None:
    if _has(DEBIAN):
        return
    folder = STORE / "debian"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run("debootstrap", "--variant=minbase", SUITE, str(folder))
    container = buildah("from", "scratch")
    buildah("copy", container, str(folder), "/")
    buildah("commit", "--rm", container, DEBIAN)
    shutil.rmtree(folder)


def _has(name: str) -> bool:
    # Of all images at once: asked for one that is not there, buildah fails.
    return name in {
        one.removesuffix(":latest") for one in buildah("images", "--format", "{{.Name}}:{{.Tag}}").split()
    }


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours
