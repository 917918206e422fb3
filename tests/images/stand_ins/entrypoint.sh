#!/bin/sh
# What the entry point of the image postgres does with an empty volume.
set -eu
if [ "${1:-}" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    # shellcheck disable=SC2086 - several arguments are meant
    initdb --username=postgres --auth="${POSTGRES_HOST_AUTH_METHOD:-trust}" ${POSTGRES_INITDB_ARGS:-}
fi
exec "$@"
