"""A process in the files of an image, run as an engine does: read-only, without a home, as its own user."""

import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.images.rig.building import Image

_SETTING_UP = r"""
set -eu
root=$1; shift
within() { printf '%s' "$root$(chroot "$root" realpath -m "$1")"; }
# As an engine does: what is mounted on is made before the rest becomes read-only.
mkdir -p "$root/proc" "$root/tmp" "$root/dev"
touch "$root/etc/resolv.conf"
for word in "$@"; do
    case $word in
        --) break ;;
        *:*) mkdir -p "$(within "${word#*:}")" ;;
    esac
done
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind /dev "$root/dev"
mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/dev/shm"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
while [ "$1" != -- ]; do
    there=$(within "${1#*:}")
    mkdir -p "$there"
    mount --bind "${1%%:*}" "$there"
    shift
done
shift
user=$1; work_dir=$2; shift 2
exec chroot "$root" \
    setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --bounding-set=-all \
    /bin/sh -c 'cd "$1" && shift && exec env -i "$@"' sh "$work_dir" "$@"
"""


@dataclass(kw_only=True)
class Container:
    """What is run in an image with one environment and the same mounted folders."""

    image: Image
    environment: Mapping[str, str]
    mounts: Mapping[Path, str]
    """Folders of this machine, and where the processes see them: all that can be written beside /tmp."""
    log: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str, entrypoint: bool = True) -> subprocess.Popen[bytes]:
        """Start a process; it is ready some time later."""
        environment = self.image.environment | {"HOME": "/nonexistent"} | self.environment
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - ours
                [
                    *("unshare", "--mount", "--propagation=private", "sh", "-c", _SETTING_UP, "sh"),
                    str(self.image.root),
                    *(f"{here}:{there}" for here, there in self.mounts.items()),
                    *("--", str(self.image.user), self.image.work_dir),
                    *(f"{name}={value}" for name, value in environment.items()),
                    *(self.image.entrypoint if entrypoint else ()),
                    *words,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def run(self, *words: str, entrypoint: bool = True, timeout_s: float = 180) -> None:
        """Run a process to its end, which must be a good one."""
        process = self.start(*words, entrypoint=entrypoint)
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.started.remove(process)
        if process.returncode != 0:
            end = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            message = f"{' '.join(words)} ended with exit code {process.returncode}:\n{end}"
            raise RuntimeError(message)

    def stop(self) -> None:
        """End what is still running, as an engine does: ask, and kill what has not ended after a while."""
        for process in reversed(self.started):
            process.send_signal(signal.SIGTERM)
        for process in self.started:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.started.clear()
