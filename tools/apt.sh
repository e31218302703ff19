#!/bin/sh
# Installs Debian packages where that is permitted, else says what to do. $1 is who needs them, $2 what skips without them; the
# packages follow.
set -u

who=$1 skipped=$2
shift 2
if [ "$(id -u)" = 0 ]; then
    sudo=
elif sudo -n true 2>/dev/null; then
    sudo="sudo -n"
else
    echo "$who: not all is there; $skipped will skip (apt-get install $*)"
    exit 0
fi
echo "$who: installing with apt: $*"
export DEBIAN_FRONTEND=noninteractive
if $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
    exit 0
fi
echo "$who: that failed; $skipped will skip"
