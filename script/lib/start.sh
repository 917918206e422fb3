# Read by every script here: where the project is, and what the others below do.
# shellcheck shell=bash

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
venv="$root/.venv"
setup_log="$root/data/setup.log"
# How long the last full run of the tests took that passed, and of which commit.
last_suite="$root/data/suite.last"

for part in say debian python node; do
    # shellcheck source=/dev/null
    source "$root/script/lib/$part.sh"
done
