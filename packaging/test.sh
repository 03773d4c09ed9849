#!/bin/sh
# Runs the gates, all of them or those named, for example: sh packaging/test.sh lint types
# Every gate runs even when an earlier one fails; the last lines say which failed.
set -u

# shellcheck source=packaging/prepare.sh
. "$(dirname -- "$0")/prepare.sh"

gates="format lint types imports scripts tests coverage wheel"
failed=
summary=

# gate NAME TITLE COMMAND...: runs COMMAND when NAME is asked for, under a heading, and remembers how it went.
gate() {
    name=$1
    title=$2
    shift 2
    case " $wanted " in *" $name "*) ;; *) return 0 ;; esac
    printf '\n==== %s: %s\n' "$name" "$title"
    started=$(date +%s)
    if "$@"; then verdict=passed; else verdict=FAILED failed="$failed $name"; fi
    line=$(printf '  %-9s %s  %s s' "$name" "$verdict" "$(($(date +%s) - started))")
    summary="$summary
$line"
}

install_test_programs() {
    packages=
    for pair in xvfb-run:xvfb xdotool:xdotool shellcheck:shellcheck git:git prometheus:prometheus \
        prometheus-node-exporter:prometheus-node-exporter victoria-metrics:victoria-metrics; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || packages="$packages ${pair##*:}"
    done
    # Debian keeps the server's programs out of the path, in a folder by version.
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages="$packages postgresql"
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2086 # a list of names
    install_packages $packages && return 0
    [ -z "${CI:-}" ] || fail "the gates are incomplete without them."
    say "the tests that need them are skipped."
}

run_tests() {
    rm -f .coverage .coverage.*
    python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered --durations=15
}

# The floor only rises: falling below it fails, rising clear of it asks for the new number.
hold_coverage() {
    floor=$(cat packaging/coverage_floor.txt)
    total=$(coverage report --format=total) || return 1
    echo "covered $total %, floor $floor %"
    awk -v total="$total" -v floor="$floor" 'BEGIN {
        if (total < floor) { print "below the floor: test what was added"; exit 1 }
        if (total > floor + 0.3) printf "raise packaging/coverage_floor.txt to %.2f\n", total
    }'
}

build_wheel() (
    work=$(mktemp -d) || exit 1
    trap 'rm -rf "$work"' EXIT
    python -m build --wheel --no-isolation --outdir "$work" . >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    python -m pip install --quiet --no-deps --no-compile --target "$work/site" "$work"/quarterdeck-*.whl || exit 1
    diff -r resources "$work/site/quarterdeck/_resources" || { echo "the wheel does not carry resources/ as it is"; exit 1; }
    cd "$work" && PYTHONPATH=$work/site python -c '
from quarterdeck.services.resources import resource_path
found = resource_path("help")
assert "_resources" in found.parts, found
print("the wheel carries the resources and finds them")'
)

for asked; do
    case " $gates " in *" $asked "*) ;; *) fail "there is no gate $asked; the gates are: $gates." ;; esac
done

prepare requirements-dev.lock
install_test_programs
cd "$root" || exit 1
PATH=$venv/bin:$PATH
export PATH
wanted=${*:-$gates}

gate format "ruff format" ruff format --check .
gate lint "ruff check" ruff check .
# Named, for pyright prefers another configuration it finds in a folder above.
gate types "pyright" pyright --project pyproject.toml --pythonpath "$venv/bin/python"
gate imports "import-linter" lint-imports
gate scripts "shellcheck" shellcheck --external-sources packaging/*.sh
gate tests "pytest, two at a time, in random order" run_tests
gate coverage "the floor" hold_coverage
gate wheel "builds, installs and carries resources/" build_wheel

printf '\n==== summary%s\n' "$summary"
if [ -n "$failed" ]; then
    printf 'failed:%s\n' "$failed"
    exit 1
fi
echo "all gates passed"
