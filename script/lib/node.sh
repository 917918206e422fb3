# shellcheck shell=bash
# The page: its libraries through npm, and what is served, built of its sources. Node.js itself comes along into .venv
# where the machine has none.

node_fits() {
    command -v npm > /dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2> /dev/null
}

ensure_node() {
    node_fits && return
    # Debian's own may be older than the page's tools want.
    PATH="$venv/bin:$PATH"
    node_fits && return
    step "安装 Node.js 到 .venv" "Installing Node.js into .venv" install_locked "$root/script/lib/node.lock"
    node_fits || fail "Node.js 安装后仍不可用" "Node.js was installed and still does not run"
}

npm_ci() {
    (cd "$root/static" && npm ci --ignore-scripts --no-audit --no-fund "$@")
}

ensure_static() { # run|dev
    local lock="$root/static/package-lock.json" modules="$root/static/node_modules" only=()
    [ "$1" = dev ] || only=(--omit=dev)
    ensure_node
    if ! is_stamped "$modules/.installed-dev" "$lock" && ! is_stamped "$modules/.installed-$1" "$lock"; then
        step "安装网页依赖" "Installing the page's libraries" npm_ci "${only[@]}"
        fingerprint "$lock" > "$modules/.installed-$1"
    fi
    # Built again only when one of its sources has other contents.
    node "$root/static/build.js" --check || step "构建网页" "Building the page" node "$root/static/build.js"
}
