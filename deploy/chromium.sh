#!/bin/sh
# Makes sure that there is a Chromium for the browser tests; $CHROMIUM names one, otherwise the system's own is used.
set -eu

if [ -n "${CHROMIUM:-}" ]; then
    [ -x "$CHROMIUM" ] && exit 0
    echo "CHROMIUM names $CHROMIUM, which cannot be run. Name another, or unset it." >&2
    exit 1
fi
[ -x /usr/bin/chromium ] && exit 0
if ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium. Install it, and name it: CHROMIUM=/path/to/chromium make test-clients" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "The browser tests need Chromium. As root: apt-get install chromium" >&2
    exit 1
fi
echo "Installing Chromium for the browser tests"
$as_root apt-get update -qq </dev/null
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium </dev/null
