#!/bin/sh
# What the tests against live terra need: R with the terra package. On Debian and Ubuntu it is installed where it is
# missing and where that is permitted; elsewhere those tests skip.
set -u

if command -v Rscript >/dev/null 2>&1 && Rscript -e 'library(terra)' >/dev/null 2>&1; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "R: terra for R is missing; tests against live terra will skip (install R, then install.packages('terra'))"
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    sudo=
elif sudo -n true 2>/dev/null; then
    sudo="sudo -n"
else
    echo "R: terra for R is missing; tests against live terra will skip (apt-get install r-base-core r-cran-terra)"
    exit 0
fi
echo "R: installing r-base-core and r-cran-terra with apt"
export DEBIAN_FRONTEND=noninteractive
if $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends r-base-core r-cran-terra >/dev/null; then
    exit 0
fi
echo "R: that failed; tests against live terra will skip"
