"""The settings the private server runs with."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

MEBIBYTE = 1024 * 1024


def server_settings(socket_dir: Path, *, log_dir: Path, memory_bytes: int) -> dict[str, str]:
    """Choose settings for a server that shares a machine of `memory_bytes` with the application."""
    buffers_mib = min(max(memory_bytes // MEBIBYTE // 8, 64), 1024)
    return {
        # Reached through the socket alone: no port of this machine is touched.
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "port": "5432",
        # A committed alert survives a power cut.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "max_connections": "100",
        "shared_buffers": f"{buffers_mib}MB",
        "effective_cache_size": f"{buffers_mib * 4}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "1GB",
        "random_page_cost": "1.1",
        # An alert to a thousand people is a third of a megabyte of log, written while the circle is locked.
        "default_toast_compression": "lz4",
        # Compiling a query costs more than our short queries take.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # A week of logs, each day overwriting the same day of last week.
        "logging_collector": "on",
        "log_directory": str(log_dir),
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_line_prefix": "%m [%p] %u@%d ",
        "log_min_duration_statement": "1s",
        # The details of an error repeat the row that was to be written: names and notes, not for logs.
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


def configuration_text(settings: Mapping[str, str]) -> str:
    """Write settings as PostgreSQL reads them; an administrator's own go into `local.conf`, read last."""
    quoted = {name: value.replace("\\", "\\\\").replace("'", "''") for name, value in settings.items()}
    lines = [f"{name} = '{value}'" for name, value in quoted.items()]
    return "\n".join(
        [
            "# Written at every start. Put changes into local.conf.",
            *lines,
            "include_if_exists 'local.conf'",
            "",
        ]
    )


def access_text() -> str:
    """Let in only who comes through the socket and is named in the user map."""
    return "local all all peer map=responder\nlocal replication all peer map=responder\n"


def user_map_text(system_users: Iterable[str], *, roles: Iterable[str]) -> str:
    """Say which users of the operating system may act as which database roles."""
    pairs = [(user, role) for user in sorted(set(system_users)) for role in roles]
    return "".join(f'responder "{user}" "{role}"\n' for user, role in pairs)


def machine_memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
