#!/bin/sh
# Says where a Python 3.12 or newer is: the one that PYTHON312 names, else the first that is found on the PATH or among pyenv's.
# tg-auto-test needs it; Signpost itself does not.
set -u

will_do() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

if [ -n "${PYTHON312:-}" ]; then
    will_do "$PYTHON312" && echo "$PYTHON312" && exit 0
    echo "PYTHON312=$PYTHON312 is no Python 3.12 or newer that can make environments." >&2
    exit 1
fi
for one in python3.12 python3.13 python3.14 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
    will_do "$one" && echo "$one" && exit 0
done
echo "Left out: tg-auto-test needs Python 3.12 or newer, and none was found. Install one, or: make test-telegram PYTHON312=FILE" >&2
exit 1
