"""Tables on the terminal: nothing in them is cut off, however narrow it is."""

from rich.table import Column, Table


def listing(*headers: str, title: str | None = None, lines: bool = False) -> Table:
    """Return an empty table whose cells go on in the next line rather than lose their end."""
    columns = [Column(header, overflow="fold") for header in headers]
    return Table(*columns, title=title, title_justify="left", show_lines=lines)
