"""What can keep the private database from running, each with a stable code and what to do about it."""

from enum import StrEnum


class Cause(StrEnum):
    """Why the private database cannot be used."""

    BUSY = "busy"
    CLUSTER_MISSING = "cluster_missing"
    CLUSTER_OF_ANOTHER_USER = "cluster_of_another_user"
    CLUSTER_VERSION = "cluster_version"
    DATA_FOLDER_UNFIT = "data_folder_unfit"
    INITDB_FAILED = "initdb_failed"
    NOT_RUNNING = "not_running"
    NO_SERVER_USER = "no_server_user"
    POSTGIS_MISSING = "postgis_missing"
    START_FAILED = "start_failed"
    STOP_FAILED = "stop_failed"


class EmbeddedError(RuntimeError):
    """The private database cannot be used; the text says in both languages what to do."""

    def __init__(self, code: Cause, *, zh: str, en: str, detail: str = "") -> None:
        super().__init__("\n".join(text for text in (zh, en, detail) if text))
        self.code = code
        self.zh = zh
        self.en = en
        self.detail = detail
        """The server's own last words, where there are any."""
