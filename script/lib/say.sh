# shellcheck shell=bash
# Messages to the user: Chinese where the locale is Chinese, English otherwise; on stderr, as progress is.

say() { # ZH EN
    case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
        zh*) printf '%s\n' "$1" >&2 ;;
        *) printf '%s\n' "$2" >&2 ;;
    esac
}

# Tell whether help is asked for among the arguments: then nothing shall be installed for it.
asks_help() { # ARGUMENTS...
    local argument
    for argument in "$@"; do
        case "$argument" in -h | --help) return 0 ;; esac
    done
    return 1
}

fail() { # ZH EN
    say "失败：$1" "Failed: $2"
    exit 1
}

# Run something that takes a while: its words go to the log, and the log's end is shown when it fails.
step() { # ZH EN COMMAND...
    local zh=$1 en=$2 began=$SECONDS
    shift 2
    say "… $zh" "… $en"
    [ -d "$root/data" ] || mkdir -m 755 "$root/data"
    printf '\n== %s\n' "$*" >> "$setup_log"
    if ! "$@" >> "$setup_log" 2>&1; then
        tail -n 15 -- "$setup_log" >&2
        fail "$zh（完整日志：$setup_log）" "$en (the whole log: $setup_log)"
    fi
    say "✓ $zh（$((SECONDS - began)) 秒）" "✓ $en ($((SECONDS - began)) s)"
}
