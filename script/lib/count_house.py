"""Print the figures of script/count house, and on stderr what each rests on. Needs only Python and git."""

import argparse
import ast
import io
import re
import statistics
import subprocess
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path, PurePath

CODE = (".py", ".js", ".ts", ".css", ".sql", ".sh")
PRODUCT = ("responder/", "geo/", "static/", "script/", "benchmarks/")
TESTS = ("tests/", "static/tests/")
NOT_COUNTED = ("responder/store/migrations/versions/*",)
"""Migrations are only ever added, and are found by their number."""

NOUN_TRAILER = "Noun"
"""Each commit that adds a noun names it so in its last paragraph: `Noun: gate`."""
NOUN_BEFORE = "hazard"
"""While no commit has the trailer: files that name this one."""
NOT_OF_A_NOUN = (
    "tests/golden/*",
    "static/locales/*",
    "static/js/types/messages.d.ts",
    "docs/asyncapi.json",
    "CHANGELOG.md",
    "findings/*",
    "script/lib/count_house.py",
)
"""Words, changes, and what is generated."""

GUARD = (
    "responder/services/turns.py",
    "responder/services/attempts.py",
    "responder/services/urgent.py",
    "responder/services/failed_try.py",
    "responder/services/passwords.py",
    "responder/services/password_process.py",
    "responder/services/password_worker.py",
    "responder/domain/patience.py",
    "responder/domain/backoff.py",
    "responder/store/attempt.py",
    "responder/store/queries/*/attempt.py",
    "responder/store/people/login_failures.py",
    "responder/api/guards/turnstile.py",
    "responder/api/middleware/turnstile.py",
    "responder/api/middleware/login_throttle.py",
    "responder/api/pace.py",
    "responder/cli/door.py",
    "responder/cli/connection_limiter.py",
    "responder/runtime/paced_listener.py",
    "responder/runtime/server.py",
    "responder/runtime/pending_connections.py",
    "responder/runtime/address_queue.py",
    "responder/runtime/connection_limiter.py",
    "responder/live/door.py",
    "responder/live/strangers.py",
    "responder/live/collecting.py",
    "responder/live/connection/listener.py",
    "responder/live/connection/paced_listener.py",
    "responder/live/connection/unauthenticated.py",
    "responder/live/connection/gc_pause.py",
    "responder/security/*.py",
)
"""
The sign-in guard and alert-first, by all the names that these modules have had.

What limits, delays or orders sign-ins and connections, and what makes others wait for an alert. How HTTP is
spoken with time limits (`runtime/http_protocol.py`, `lingering.py`) is not counted, nor are callers.
"""
NOT_OF_THE_GUARD = tuple(
    f"responder/security/{name}.py"
    for name in (
        "sign_in",
        "sessions",
        "tokens",
        "live_ticket",
        "change_password",
        "password_policy",
        "common_passwords",
    )
)
"""Accounts and sessions, which would be there without a guard."""


def git(*arguments: str) -> list[str]:
    """Return the lines of a git command."""
    done = subprocess.run(  # noqa: S603 - fixed commands, and a revision that git itself checks
        ["git", *arguments],  # noqa: S607 - the developer's own git
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    return done.stdout.splitlines()


def tell(name: str, about: str) -> None:
    """Say what a figure rests on."""
    print(f"{name}: {about}", file=sys.stderr)


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Tell whether a path is meant by one of the patterns."""
    return any(fnmatch(path, pattern) for pattern in patterns)


def largest_folder(name: str, files: list[str]) -> int:
    """Return how many of the files the fullest folder holds."""
    held = Counter(str(PurePath(path).parent) for path in files)
    folder, count = held.most_common(1)[0]
    tell(name, folder)
    return count


def code_files(tracked: list[str], *, tests: bool) -> list[str]:
    """Return the files with code, of the product or of its tests; an `__init__.py` does not count."""
    return [
        path
        for path in tracked
        if path.startswith(TESTS) == tests
        and path.startswith(TESTS if tests else PRODUCT)
        and (path.endswith(CODE) or path.startswith("script/"))
        and PurePath(path).name != "__init__.py"
        and not matches(path, NOT_COUNTED)
    ]


def duplicate_public_names(tracked: list[str]) -> dict[str, list[str]]:
    """Return the public classes of the product that several modules define, with these modules."""
    defined: defaultdict[str, list[str]] = defaultdict(list)
    for path in tracked:
        if path.endswith(".py") and path.startswith(("responder/", "geo/")):
            for node in ast.parse(Path(path).read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    defined[node.name].append(path)
    return {name: paths for name, paths in sorted(defined.items()) if len(paths) > 1}


def noun_files(tracked: list[str]) -> int:
    """Return how many files the newest noun touches."""
    found = git(
        "log", "-1", f"--format=%(trailers:key={NOUN_TRAILER},valueonly)", f"--grep=^{NOUN_TRAILER}: "
    )
    if noun := next((line.strip() for line in found if line.strip()), ""):
        commits = git("log", "--format=%H", f"--grep=^{NOUN_TRAILER}: {re.escape(noun)}$")
        files = set(git("show", "--format=", "--name-only", *commits))
        tell("noun_files", f"{noun}, changed by {len(commits)} commits")
    else:
        named = re.compile(rf"(?<![a-z]){NOUN_BEFORE}s?(?![a-z])", re.IGNORECASE)
        texts = (path for path in tracked if path.endswith((*CODE, ".md", ".yaml", ".geojson", ".toml")))
        files = {path for path in texts if named.search(spaced(Path(path).read_text(encoding="utf-8")))}
        tell("noun_files", f"no commit has the trailer {NOUN_TRAILER}; files that name {NOUN_BEFORE}")
    return len({path for path in files if path and not matches(path, NOT_OF_A_NOUN)})


def spaced(text: str) -> str:
    """Part the words of names such as HazardState."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)


def code_lines(path: str) -> int:
    """Return the lines of a module that are neither blank nor comment nor docstring."""
    text = Path(path).read_text(encoding="utf-8")
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    blank = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    lines = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in blank
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(lines - docstrings)


def guard_lines(tracked: list[str]) -> int:
    """Return the code lines of the sign-in guard and of alert-first."""
    modules = [path for path in tracked if matches(path, GUARD) and not matches(path, NOT_OF_THE_GUARD)]
    lines = {path: code_lines(path) for path in modules}
    tell(
        "guard_lines",
        ", ".join(f"{path.removeprefix('responder/')} {count}" for path, count in lines.items()),
    )
    return sum(lines.values())


def median_commit_subject(since: str | None) -> float:
    """Return the median length of the subjects after a commit."""
    if since is None:
        [since] = git("log", "-1", "--format=%h", "-G^__version__ =", "--", "responder/__init__.py")
    subjects = git("log", "--no-merges", "--format=%s", f"{since}..HEAD", "--")
    tell("median_commit_subject", f"{len(subjects)} commits after {since}")
    return statistics.median(map(len, subjects)) if subjects else 0


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--since", help="count the subjects of the commits after this one")
    since = parser.parse_args().since
    tracked = [path for path in git("ls-files") if Path(path).is_file()]
    name = "files_in_largest_folder"
    print(name, largest_folder(name, code_files(tracked, tests=False)))
    name = "files_in_largest_test_folder"
    print(name, largest_folder(name, code_files(tracked, tests=True)))
    twice = duplicate_public_names(tracked)
    for each, paths in twice.items():
        tell("duplicate_public_names", f"{each}: {', '.join(paths)}")
    print("duplicate_public_names", len(twice))
    print("noun_files", noun_files(tracked))
    print("guard_lines", guard_lines(tracked))
    print("median_commit_subject", f"{median_commit_subject(since):g}")


if __name__ == "__main__":
    main()
