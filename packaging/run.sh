#!/bin/sh
# Starts Quarterdeck on this machine and the demo bank. Installs what is missing first; arguments go to `quarterdeck demo`.
set -eu

# shellcheck source=packaging/prepare.sh
. "$(dirname -- "$0")/prepare.sh"

prepare requirements.lock

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
    exec "$venv/bin/quarterdeck" demo "$@"
fi

pictures=${QUARTERDECK_PICTURES:-$root/build/pictures}
say "there is no display here, so the table is printed and the panels are drawn as pictures into $pictures"
QT_QPA_PLATFORM=offscreen
export QT_QPA_PLATFORM
exec "$venv/bin/quarterdeck" demo --headless --pictures "$pictures" "$@"
