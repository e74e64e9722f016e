#!/bin/sh
# Makes sure that Microsoft's stand-in for Teams is in .venv/playground, for the tests in a real browser. It is one package with
# nothing below it, checked against its locked hash; none of its install scripts is run. It needs Node 20 or newer, and npm.
set -eu

here=$(dirname "$0")
into=$here/../.venv/playground
[ -f "$into/.installed" ] && [ "$into/.installed" -nt "$here/playground/package-lock.json" ] && exit 0
if ! command -v npm >/dev/null || ! node -e 'process.exit(+(parseInt(process.versions.node) < 20))'; then
    echo "The tests of Teams in a browser need Node 20 or newer, and npm. Install them, and run this again." >&2
    exit 1
fi
echo "Fetching and checking Microsoft's stand-in for Teams"
mkdir -p "$into"
cp "$here/playground/package.json" "$here/playground/package-lock.json" "$into"
npm ci --prefix "$into" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
touch "$into/.installed"
