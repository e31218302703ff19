#!/bin/sh
# Builds the site. Where R and the environment for reticulate are, the R package is installed to a library under .build, so that its
# page shows what R says. $1 is the environment for development.
set -eu
venv=${1:-.venv}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac
library=$PWD/.build/book/library
if command -v Rscript >/dev/null 2>&1 && [ -e "$venv-r/.installed" ]; then
    mkdir -p "$library"
    R CMD INSTALL --no-test-load --no-docs --no-byte-compile --library="$library" r >"$library/install.log" 2>&1 || cat "$library/install.log"
    export R_LIBS="$library${R_LIBS:+:$R_LIBS}" RETICULATE_PYTHON="$venv-r/bin/python"
fi
exec "$venv/bin/python" tools/book
