#!/bin/sh
# What the tests of pages need: Chromium. On Debian it is installed where that is permitted; elsewhere those tests skip.
set -u

for program in chromium chromium-browser google-chrome chrome; do
    command -v "$program" >/dev/null 2>&1 && exit 0
done
if ! command -v apt-get >/dev/null 2>&1 || ! apt-cache show chromium 2>/dev/null | grep -q '^Filename:.*/chromium/'; then
    echo "browser: there is no Chromium; tests of pages in a browser will skip" # Ubuntu's package is a snap, which needs more
    exit 0
fi
exec sh "${0%/*}/apt.sh" browser "tests of pages in a browser" chromium
