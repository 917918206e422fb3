# shellcheck shell=bash
# Python and its packages, in .venv, each checked against the hash in the lock.

python_fits() { # COMMAND...
    "$@" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null
}

find_python() {
    local candidate
    for candidate in ${RESPONDER_PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if python_fits "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

ensure_venv() {
    ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || return 0
    local python
    if ! python=$(find_python); then
        can_install || explain_missing "Python 3.11" "python3 python3-venv"
        install_debian python3 python3-venv
        python=$(find_python) || fail "需要 Python 3.11 或更新版本；也可改用：docker compose up" \
            "Python 3.11 or newer is needed; or use: docker compose up"
    fi
    step "创建 Python 环境 .venv" "Making the Python environment .venv" "$python" -m venv --clear "$venv"
}

fingerprint() { # FILE
    sha256sum -- "$1" | cut -d' ' -f1
}

is_stamped() { # STAMP LOCK
    [ -f "$1" ] && [ "$(cat -- "$1")" = "$(fingerprint "$2")" ]
}

install_locked() { # LOCK
    if command -v uv > /dev/null && uv pip install --python "$venv/bin/python" --require-hashes -r "$1"; then
        return
    fi
    "$venv/bin/python" -m pip --version || "$venv/bin/python" -m ensurepip
    "$venv/bin/python" -m pip install --no-input --disable-pip-version-check --require-hashes -r "$1"
}

# The project is found where it lies: nothing is built, so a second start needs no network.
ensure_importable() {
    local packages
    packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    [ "$(cat "$packages/responder.pth" 2> /dev/null)" = "$root" ] || printf '%s\n' "$root" > "$packages/responder.pth"
    ln -sfn ../../script/lib/responder "$venv/bin/responder"
}

# What is compiled is kept beside its source; without this the first start would do it, while it serves.
ensure_compiled() {
    local sources
    sources=$(find "$root/geo" -name '*.py' -print0 | LC_ALL=C sort -z | xargs -0 cat "$root/requirements.lock" | sha256sum)
    [ "$(cat "$venv/.compiled" 2> /dev/null)" != "$sources" ] || return 0
    step "编译路网算法" "Compiling the search on the roads" "$venv/bin/python" -m geo
    printf '%s\n' "$sources" > "$venv/.compiled"
}

ensure_python() { # run|dev
    local lock=requirements.lock stamp="$venv/.installed-$1"
    [ "$1" = run ] || lock=requirements-dev.lock
    ensure_venv
    # The lock for development holds all of the other, too.
    if ! is_stamped "$stamp" "$root/$lock" && ! is_stamped "$venv/.installed-dev" "$root/requirements-dev.lock"; then
        step "安装 Python 依赖（$lock）" "Installing the Python packages of $lock" install_locked "$root/$lock"
        fingerprint "$root/$lock" > "$stamp"
    fi
    ensure_importable
    ensure_compiled
}
