#!/bin/sh
# What the tests of the R bridge, of the R package and against live terra need: R and a few of its packages. On Debian
# and Ubuntu what is missing is installed where that is permitted; elsewhere those tests skip.
set -u

# R's package -> Debian's, and what it is for.
wanted='
terra        r-cran-terra         objects to exchange, answers to compare with
jsonlite     r-cran-jsonlite      descriptions of what is exchanged
reticulate   r-cran-reticulate    Python in R
sf           r-cran-sf            vectors of another kind
ranger       r-cran-ranger        a model to predict with
randomForest r-cran-randomforest  another
mgcv         r-cran-mgcv          another
rpart        r-cran-rpart         another
strucchange  r-cran-strucchange   breaks of series to compare with
testthat     r-cran-testthat      tests of the R package
codetools    r-cran-codetools     loading classes without a page of notes
roxygen2     r-cran-roxygen2      help pages
knitr        r-cran-knitr         vignettes
rmarkdown    r-cran-rmarkdown     vignettes
'

packages= # Debian's that are missing
for program in Rscript:r-base-core pandoc:pandoc; do
    command -v "${program%:*}" >/dev/null 2>&1 || packages="$packages ${program#*:}"
done
have=" "
if command -v Rscript >/dev/null 2>&1; then
    have=$(Rscript --vanilla -e 'cat("", .packages(TRUE), "")' 2>/dev/null) || have=" "
fi
while read -r name package _; do
    [ -n "$name" ] || continue
    case "$have" in
        *" $name "*) ;;
        *) packages="$packages $package" ;;
    esac
done <<END
$wanted
END
case "$packages" in *reticulate*) packages="$packages libpython3-dev" ;; esac # reticulate loads a shared Python
[ -n "$packages" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    names=$(echo "$wanted" | sed -n 's/^\([A-Za-z0-9]*\)  *r-cran.*/"\1"/p' | sed -e ':a' -e 'N' -e '$!ba' -e 's/\n/, /g')
    echo "R: not all is there; tests with R and terra will skip (install R and pandoc, then in R: install.packages(c($names)))"
    exit 0
fi
# shellcheck disable=SC2086  # names are separate words
exec sh "${0%/*}/apt.sh" R "tests with R and terra" $packages
