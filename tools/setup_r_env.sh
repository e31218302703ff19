#!/bin/sh
# Where R is: rpy2 into the environment $1, and the environment $1-r, whose Python and numpy fit R's reticulate.
# Where R is not, nothing is made, and that is said in one line.
set -eu
venv=${1:-.venv}
other=$venv-r

skip() {
    echo "R: $*"
    exit 0
}

command -v Rscript >/dev/null 2>&1 || skip "not found; its tests will skip (install R, see tools/setup_r.sh)"
extra=$(Rscript --vanilla -e 'cat(if (getRversion() >= "4.5.0") "r" else "r44")')
reticulate=$(Rscript --vanilla -e 'cat(as.character(packageVersion("reticulate")) )' 2>/dev/null) || reticulate=
old= # reticulate before 1.38 knows numpy 1 alone, and Python up to 3.11
[ -z "$reticulate" ] || old=$(Rscript --vanilla -e 'cat(if (packageVersion("reticulate") < "1.38") "old")')

install() { # the environment's Python, then what pip installs; without a compiler: rpy2 finds R when it runs
    python=$1
    shift
    if command -v uv >/dev/null 2>&1; then
        RPY2_CFFI_MODE=ABI uv pip install --quiet --python "$python" "$@"
    else
        RPY2_CFFI_MODE=ABI "$python" -m pip install --quiet "$@"
    fi
}

echo "R: rpy2 into $venv"
install "$venv/bin/python" --editable ".[$extra]"

[ -n "$reticulate" ] || skip "reticulate not found; tests of the R package will skip (install.packages('reticulate'))"

fits() { # a Python that can make environments, and that reticulate can load as a library
    "$1" - "$old" >/dev/null 2>&1 <<'END'
import os, sys, sysconfig, venv, ensurepip
folder, name, machine = (sysconfig.get_config_var(k) or "" for k in ("LIBDIR", "INSTSONAME", "MULTIARCH"))
shared = name and not name.endswith(".a")
places = [os.path.join(folder, name), os.path.join(folder, machine, name), os.path.join(sys.base_prefix, name)]
found = sys.platform == "darwin" or any(map(os.path.exists, places))
newest = (3, 11) if sys.argv[1] else (3, 99)
sys.exit(not (shared and found and (3, 11) <= sys.version_info[:2] <= newest))
END
}

python=
for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 "$venv/bin/python"; do
    if command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
        python=$(command -v "$candidate")
        break
    fi
done
if command -v uv >/dev/null 2>&1; then
    echo "R: uv makes $other for reticulate $reticulate"
    uv venv --quiet --allow-existing --python "${python:-3.11}" "$other"
elif [ -n "$python" ]; then
    echo "R: $python and pip make $other for reticulate $reticulate"
    [ -x "$other/bin/python" ] || "$python" -m venv "$other"
    "$other/bin/python" -m pip install --quiet --upgrade 'pip>=25.1'
else
    skip "no Python with a shared library fits reticulate $reticulate; tests of the R package will skip" \
        "(apt-get install python3.11 python3.11-venv libpython3.11, or set PYTHON=/path/to/python)"
fi
install "$other/bin/python" --editable ".[$extra,plot]" pytest pytest-timeout ${old:+'numpy<2'}
touch "$other/.installed"
