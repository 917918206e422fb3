# shellcheck shell=bash
# What comes from Debian. Nothing is asked of a machine that has it already.

apt_is_fresh=

can_install() {
    command -v apt-get > /dev/null && { [ "$(id -u)" = 0 ] || command -v sudo > /dev/null; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi
}

explain_missing() { # WHAT PACKAGES
    fail "缺少 $1，而本机没有 apt 或没有 root/sudo 权限。请让管理员执行：apt-get install $2，然后重新运行；或者改用：docker compose up" \
        "$1 is missing and there is no apt, or no root or sudo, to install it with. Ask an administrator to run: apt-get install $2 — then run this again; or use: docker compose up"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

apt_refresh() {
    [ -z "$apt_is_fresh" ] || return 0
    step "更新软件包列表" "Refreshing the list of packages" as_root apt-get update
    apt_is_fresh=yes
}

missing_packages() { # PACKAGES...
    local package
    for package in "$@"; do
        [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || printf '%s\n' "$package"
    done
}

install_debian() { # PACKAGES...
    apt_refresh
    step "安装 $*" "Installing $*" apt_install "$@"
}

install_offered() { # PACKAGES...
    local package offered=()
    apt_refresh
    for package in "$@"; do
        [ -z "$(apt-cache policy "$package" | sed -n '/Candidate: [^(]/p')" ] || offered+=("$package")
    done
    [ ${#offered[@]} -eq 0 ] || install_debian "${offered[@]}"
}

# For what makes the tests more thorough: what cannot be had is done without, and pytest names what it skips.
# What was tried in vain is not tried again at every run.
install_if_possible() { # PACKAGES...
    local missing tried="$venv/.tried-to-install"
    command -v dpkg-query > /dev/null || return 0
    mapfile -t missing < <(missing_packages "$@")
    if [ ${#missing[@]} -gt 0 ] && can_install && [ "$(cat "$tried" 2> /dev/null)" != "${missing[*]}" ]; then
        (install_offered "${missing[@]}") || true
        mapfile -t missing < <(missing_packages "$@")
        printf '%s\n' "${missing[*]}" > "$tried"
    fi
    if [ ${#missing[@]} -gt 0 ]; then
        say "提示：没有 ${missing[*]}，需要它们的测试和对比会跳过" "Note: no ${missing[*]}; tests and comparisons that need them are skipped"
    fi
}

postgis_majors() {
    local control
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        [ ! -f "$control" ] || basename "$(dirname "$(dirname "$control")")"
    done
}

# Debian would make and start a cluster of its own on port 5432; nothing here needs it, so it is not made.
# Where PostgreSQL is configured already, its administrator's choice stands.
install_postgis_quietly() { # PACKAGE
    local setting=/etc/postgresql-common/createcluster.d/responder.conf
    if [ -e /etc/postgresql-common/createcluster.conf ]; then
        apt_install "$1"
        return
    fi
    as_root mkdir -p "$(dirname "$setting")"
    echo 'create_main_cluster = false' | as_root tee "$setting" > /dev/null
    local outcome=0
    apt_install "$1" || outcome=$?
    as_root rm -f "$setting"
    return "$outcome"
}

ensure_postgis() {
    [ -z "$(postgis_majors)" ] || return 0
    can_install || explain_missing PostGIS postgresql-postgis
    apt_refresh
    local package
    package=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | cut -d' ' -f1 | sort -t- -k2,2n | tail -n 1)
    [ -n "$package" ] || explain_missing PostGIS postgresql-postgis
    step "安装数据库 $package" "Installing the database, $package" install_postgis_quietly "$package"
}

# What answers and speed are compared with.
references() {
    echo "postgresql-$(postgis_majors | tail -n 1)-pgrouting"
    # Where systemd runs, Debian's package would start a server on a port of this machine.
    [ -d /run/systemd/system ] || command -v nats-server > /dev/null || echo nats-server
}

ensure_references() {
    local packages
    mapfile -t packages < <(references)
    install_if_possible "${packages[@]}"
}

# The browsers and fonts of the end-to-end tests, and the references.
ensure_test_machinery() {
    # libatomic1: the programs that Playwright brings along are linked with it.
    local packages
    mapfile -t packages < <(references)
    packages+=(fonts-noto-cjk libatomic1)
    command -v chromium > /dev/null || packages+=(chromium)
    command -v chromium-headless-shell > /dev/null || packages+=(chromium-headless-shell)
    install_if_possible "${packages[@]}"
}

# What a report on a drill is printed with. Without it the server runs, and offers the report as HTML only.
ensure_printing() {
    local missing
    command -v dpkg-query > /dev/null || return 0
    mapfile -t missing < <(missing_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk)
    [ ${#missing[@]} -gt 0 ] || return 0
    if can_install && [ "$(cat "$venv/.tried-to-print" 2> /dev/null)" != "${missing[*]}" ]; then
        (install_offered "${missing[@]}") || true
        mapfile -t missing < <(missing_packages "${missing[@]}")
        printf '%s\n' "${missing[*]}" > "$venv/.tried-to-print"
    fi
    if [ ${#missing[@]} -gt 0 ]; then
        say "提示：没有 ${missing[*]}，演练报告只能导出网页，不能导出 PDF" "Note: no ${missing[*]}; reports on drills come as HTML only, not as PDF"
    fi
}
