#!/bin/sh
# Resolves pyproject.toml anew into the two locks; arguments go to pip-compile, for example --upgrade.
set -eu

# shellcheck source=packaging/prepare.sh
. "$(dirname -- "$0")/prepare.sh"

compile() {
    lock=$1
    shift
    "$venv/bin/pip-compile" --quiet --strip-extras --allow-unsafe --generate-hashes --no-header \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
        --build-deps-for=editable --build-deps-for=wheel --output-file "packaging/$lock" "$@" pyproject.toml
}

cd "$root"
compile requirements.lock "$@"
compile requirements-dev.lock --extra dev --extra postgres --constraint packaging/requirements.lock "$@"
