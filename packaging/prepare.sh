# shellcheck shell=sh
# Read by run.sh and test.sh: a virtual environment from the lock, and what the system has to have for it.
# Everything already in place is left alone; a second start only compares one stamp.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=${QUARTERDECK_VENV:-$root/.venv}

say() {
    printf 'quarterdeck: %s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

# prepare LOCK: the environment holds exactly what LOCK (a file in packaging/) names, and the program itself.
prepare() {
    stamp_file=$venv/.quarterdeck-$1
    stamp="$root $(cat "$root/packaging/$1" "$root/pyproject.toml" | cksum)"
    root_file=$venv/.quarterdeck-root
    if [ -x "$venv/bin/quarterdeck" ] && [ "$(cat "$root_file" 2>/dev/null)" = "$root" ] &&
        [ "$(cat "$stamp_file" 2>/dev/null)" = "$stamp" ]; then
        return 0
    fi
    make_environment
    say "installing the locked requirements into $venv"
    # The lock is whole, so nothing is resolved here: a release made after the lock was written cannot come between.
    pip_install --no-deps --require-hashes --only-binary :all: --requirement "$root/packaging/$1" ||
        fail "the requirements could not be installed; the lines above say why. Nothing else was changed."
    pip_install --no-deps --no-build-isolation --editable "$root" || fail "the program itself could not be installed."
    broken=$("$venv/bin/python" -m pip --disable-pip-version-check check) || fail "the lock does not fit this Python: $broken"
    install_missing_libraries
    install_font
    printf '%s\n' "$stamp" >"$stamp_file"
    printf '%s\n' "$root" >"$root_file"
}

pip_install() {
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check "$@"
}

make_environment() {
    if [ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    python=$(find_python) || { install_packages python3 python3-venv && python=$(find_python); } ||
        fail "Python 3.11 or later is needed and was not found. Install it, or name it in QUARTERDECK_PYTHON."
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" ||
            fail "without it no virtual environment can be made."
    fi
    "$python" -m venv "$venv" || fail "no virtual environment could be made in $venv."
}

find_python() {
    for candidate in ${QUARTERDECK_PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# ------------------------------------------------------------------------------------------------ the system's packages

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# install_packages NAME...: false, after saying in words what is missing, when that is not possible here.
install_packages() {
    if ! may_install; then
        say "the system lacks these packages, and they cannot be installed from here: $*."
        say "An administrator can: apt-get install $*"
        return 1
    fi
    say "installing from the system's packages: $*"
    renew_lists
    names=
    for name; do
        names="$names $(current_name "$name")"
    done
    hold_services
    # shellcheck disable=SC2086 # a list of names
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -qq -y --no-install-recommends \
        install $names >/dev/null && outcome=0 || outcome=$?
    release_services
    [ "$outcome" -eq 0 ] || say "these packages could not be installed: $*. The lines above say why."
    return "$outcome"
}

lists_are_new=

renew_lists() {
    [ -z "$lists_are_new" ] || return 0
    lists_are_new=yes
    as_root apt-get update -qq || say "the lists of packages could not be renewed; trying with those at hand."
}

# Later releases renamed some libraries when their time type grew to 64 bits.
current_name() {
    if apt-cache show "$1t64" >/dev/null 2>&1; then echo "$1t64"; else echo "$1"; fi
}

# Some packages start a service when they are installed. Only the program is wanted here.
service_policy=/usr/sbin/policy-rc.d
service_policy_is_ours=

hold_services() {
    [ -e "$service_policy" ] && return 0
    service_policy_is_ours=yes
    trap release_services EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$service_policy" >/dev/null
    as_root chmod 755 "$service_policy"
}

release_services() {
    [ -n "$service_policy_is_ours" ] || return 0
    service_policy_is_ours=
    as_root rm -f "$service_policy"
}

# ------------------------------------------------------------------------------------------------------ what Qt needs

install_missing_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    missing=$(missing_libraries)
    [ -n "$missing" ] || return 0
    packages=$(for library in $missing; do package_of "$library"; done | sort -u)
    # shellcheck disable=SC2086 # a list of names
    install_packages $packages || say "until then the window may not open."
    missing=$(missing_libraries)
    # shellcheck disable=SC2086 # one line
    [ -z "$missing" ] || say "Qt still lacks" $missing
}

missing_libraries() {
    qt=$("$venv/bin/python" -c 'from importlib.util import find_spec; print(find_spec("PySide6").submodule_search_locations[0])')
    for part in lib/libQt6Widgets lib/libQt6Svg lib/libQt6DBus lib/libQt6Network lib/libQt6WaylandClient \
        plugins/platforms/libqxcb plugins/platforms/libqoffscreen plugins/platforms/libqwayland; do
        for file in "$qt/Qt/$part".so*; do
            [ -e "$file" ] && ldd "$file"
        done
    done 2>/dev/null | sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p' | sort -u
}

# package_of SONAME: the package that carries it, by Debian's naming rule and the exceptions to it.
package_of() {
    case $1 in
        libglib-2.0.so.0 | libgthread-2.0.so.0) echo libglib2.0-0 ;;
        libGLdispatch.so.0) echo libglvnd0 ;;
        libgssapi_krb5.so.2) echo libgssapi-krb5-2 ;;
        libbrotli*.so.1) echo libbrotli1 ;;
        *)
            stem=${1%%.so.*}
            case $stem in *[0-9]) stem=$stem- ;; esac
            echo "$stem${1##*.so.}" | tr '[:upper:]' '[:lower:]'
            ;;
    esac
}

# The console is drawn in Inter; without it the system's own font serves.
install_font() {
    [ "$(uname -s)" = Linux ] || return 0
    if [ -d /usr/share/fonts/opentype/inter ] || [ -d /usr/share/fonts/truetype/inter ] || ! may_install; then
        return 0
    fi
    install_packages fonts-inter || say "going on with the system's own font."
}
