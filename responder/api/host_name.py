"""The name of a machine in what browsers send."""


def host_of(header: str) -> str:
    """Take the name out of a Host header or an origin's authority, without the port."""
    name = header.strip().lower()
    if name.startswith("["):
        return name[: name.find("]") + 1]
    return name.rpartition(":")[0] or name
