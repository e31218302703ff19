#!/bin/sh
# All tests with R: the R package in r/: built, installed to a library under .build, tested, checked; then the vignettes
# in R are knitted; then tests/rbridge in a process of its own. $1 is the environment for development,
# $1-r the one for reticulate. Where R or that environment is not there, what needs it skips with one line.
# "package" as $2: the R package alone.
set -eu
venv=${1:-.venv}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac
python=$venv/bin/python
build=$PWD/.build/r

title() {
    printf '\n== %s\n' "$*"
}

knit() { # every vignette in R to a page under .build
    for story in "$PWD"/r/vignettes/*.Rmd; do
        [ -e "$story" ] || continue
        title "knit ${story##*/}"
        mkdir -p "$build/vignettes"
        Rscript --vanilla - "$story" "$build/vignettes" <<'END'
a <- commandArgs(TRUE)
page <- rmarkdown::render(a[1], output_dir = a[2], intermediates_dir = a[2], quiet = TRUE)
cat(page, "\n")
END
    done
}

package() { # stops at the first step that fails
    set -e
    export RETICULATE_PYTHON="$venv-r/bin/python" R_LIBS="$build/lib" _R_CHECK_FORCE_SUGGESTS_=false
    rm -rf "$build"
    mkdir -p "$build/lib"
    title "R CMD build, R CMD INSTALL"
    (cd "$build" && R CMD build --no-build-vignettes "$OLDPWD/r")
    # Not compiled to bytes: that takes two thirds of installing, and more than the tests gain by it.
    R CMD INSTALL --no-byte-compile --no-test-load --library="$build/lib" "$build"/pyterra_*.tar.gz >"$build/install.log" 2>&1 || { # read by R CMD check
        cat "$build/install.log"
        return 1
    }
    cat "$build/install.log"
    title "testthat"
    Rscript --vanilla -e 'testthat::test_dir("r/tests/testthat", package = "pyterra", load_package = "installed",
                          reporter = "check", stop_on_failure = TRUE)'
    title "R CMD check --no-manual"
    (cd "$build" && R CMD check --no-manual --no-tests --no-build-vignettes --ignore-vignettes \
        --library="$build/lib" --install="check:$build/install.log" pyterra_*.tar.gz) # as installed: that takes a minute
    status=$(sed -n 's/^Status: //p' "$build/pyterra.Rcheck/00check.log")
    case $status in
        *ERROR* | *WARNING*)
            echo "R CMD check: $status; neither errors nor warnings are allowed"
            return 1
            ;;
    esac
    knit
}

if [ "${2:-}" = package ]; then
    package
    exit 0
fi

failed=0
if ! command -v Rscript >/dev/null 2>&1; then
    echo "R: not found; tests of the R package skip (tools/setup_r.sh tells what to install)"
elif [ ! -e "$venv-r/.installed" ]; then
    echo "R: no environment for reticulate; tests of the R package skip (tools/setup_r_env.sh tells why)"
else
    sh "$0" "$venv" package || failed=$?
fi
title "tests/rbridge" # last: by now, where all tests run, the kernels it needs are compiled
"$python" -m pytest tests/rbridge || failed=$?
exit $failed
