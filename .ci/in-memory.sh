#!/bin/sh
# Run a command with its temporary files in memory, if there is room: on a disk every save of a test waits for it.
# Where /dev/shm is small, or no program may run from it, they stay where they are.
set -eu
room=$(df -Pk /dev/shm 2>/dev/null | awk '$1 == "tmpfs" { print $4 }')
[ "${room:-0}" -ge 1048576 ] || exec "$@"
memory=$(mktemp -d /dev/shm/beech-tests.XXXXXX)
trap 'rm -rf "$memory"' EXIT
trap 'exit 130' INT TERM
printf '#!/bin/sh\n' >"$memory/runs"
chmod +x "$memory/runs"
if "$memory/runs" 2>/dev/null; then
    export TMPDIR="$memory"
fi
"$@"
