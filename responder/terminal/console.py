"""What the commands say, and how they say that something went wrong: Chinese first, English beside it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import psycopg
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from geo.errors import GeoError
from responder.domain.errors import ResponderError
from responder.embedded import EmbeddedError
from responder.ports.database import DatabaseImpairedError, Impairment
from responder.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)


class CommandError(Exception):
    """A command cannot go on; the text says in both languages what to do."""

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")


def nobody_named(username: str) -> CommandError:
    """Return the error for an unknown user name."""
    return CommandError(zh=f"没有用户名为“{username}”的人。", en=f"There is no user name {username!r}.")


def say(zh: str, en: str, *, style: str = "") -> None:
    """Print a line in both languages."""
    OUT.print(f"{escape(zh)}  [dim]{escape(en)}[/dim]", style=style, soft_wrap=True)


@contextmanager
def explained(**given: object) -> Iterator[Settings]:
    """
    Read the settings, `given` before the environment, and explain what goes wrong in the block.

    Something known ends the command with exit code 1 and plain words, not with a traceback.
    """
    try:
        settings = Settings.model_validate(
            {name: value for name, value in given.items() if value is not None}
        )
    except ValidationError as error:
        _fail("settings", *(": ".join((*(map(str, one["loc"])), one["msg"])) for one in error.errors()))
    try:
        yield settings
    except (ResponderError, GeoError) as error:
        words = [word(settings.static_dir, language, f"error.{error.code}") for language in ("zh-CN", "en")]
        said = str(error) if str(error) != error.code else ""
        _fail(error.code, *(text for text in (*words, said) if text))
    except EmbeddedError as error:
        _fail(error.code, str(error))
    except CommandError as error:
        _fail("", str(error))
    except Exception as error:
        # The store's driver says this from inside another's exception.
        cause = error.__cause__ or error
        # Whichever is missed first: every transaction begins by calling a function of ours.
        if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedFunction):
            _fail(
                "",
                "数据库中还没有表。请先执行：responder migrate",
                "There are no tables. Run: responder migrate",
            )
        if isinstance(cause, psycopg.errors.RaiseException):
            # What a migration cannot do by itself, in its own words.
            asked = (cause.diag.message_primary or "", cause.diag.message_hint or "")
            _fail(
                "",
                "需要数据库管理员先做一件事。",
                "The server's administrator has to do something first.",
                *asked,
            )
        if isinstance(error, DatabaseImpairedError) or isinstance(cause, psycopg.errors.DiskFull):
            code = {Impairment.DISK: "disk_full", Impairment.READ_ONLY: "database_read_only"}.get(
                error.impairment if isinstance(error, DatabaseImpairedError) else Impairment.DISK, "busy"
            )
            words = [word(settings.static_dir, language, f"error.{code}") for language in ("zh-CN", "en")]
            _fail(code, *(text for text in words if text), str(cause).splitlines()[0])
        if not isinstance(cause, psycopg.OperationalError):
            raise
        _fail("not_ready", "数据库无法连接。", "The database cannot be reached.", str(cause))


def _fail(code: str, *lines: str) -> NoReturn:
    mark = f" \\[{code}]" if code else ""
    ERR.print(f"[bold red]错误 Error[/bold red]{mark}", soft_wrap=True)
    for line in lines:
        ERR.print(escape(line), soft_wrap=True)
    raise typer.Exit(1)


def word(static_dir: Path, language: str, name: str) -> str:
    """Return what the screens say in its place; nothing when they are not at hand."""
    try:
        words = json.loads((static_dir / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(words.get(name, ""))


@contextmanager
def working(zh: str, en: str) -> Iterator[None]:
    """Show that something is being done, and for how long already."""
    with progress_bars() as bars:
        bars.add_task(f"{zh}  [dim]{en}[/dim]", total=None)
        yield


def progress_bars() -> "Progress":
    """Return bars that vanish when they are done; on a terminal that is none, nothing is drawn."""
    # The processes that serve draw no bars, and shall not wait for what draws them.
    from rich.progress import (  # noqa: PLC0415 - see above
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=ERR,
        transient=True,
        disable=not ERR.is_terminal,
    )


class StepBar:
    """A bar that is told `(step, share from 0 to 1)`, as the readers in `geo` tell it."""

    def __init__(self, bars: "Progress", description: str) -> None:
        self._bars = bars
        self._description = description
        self._task: TaskID = bars.add_task(description, total=1.0)

    def __call__(self, step: str, share: float) -> None:
        self._bars.update(
            self._task, completed=share, description=f"{self._description} [dim]{escape(step)}[/dim]"
        )
