#!/bin/sh
# Make the environment for development in the folder $1: with uv and the lock where uv is present, else with pip.
set -eu
venv=${1:-.venv}

works() { # a Python from 3.11 on that can make environments
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

python=
for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 && works "$candidate"; then
        python=$(command -v "$candidate")
        break
    fi
done

if command -v uv >/dev/null 2>&1; then
    echo "setup: uv makes $venv"
    if [ -n "$python" ]; then
        UV_PROJECT_ENVIRONMENT=$venv uv sync --frozen --python "$python"
    else
        UV_PROJECT_ENVIRONMENT=$venv uv sync --frozen
    fi
    exit 0
fi

if [ -z "$python" ] && command -v apt-get >/dev/null 2>&1; then
    for sudo in "" "sudo -n"; do
        if $sudo true 2>/dev/null && { [ "$(id -u)" = 0 ] || [ -n "$sudo" ]; }; then
            echo "setup: installing python3-venv with apt"
            $sudo apt-get update -qq && $sudo apt-get install -y -qq python3-venv
            works python3 && python=$(command -v python3)
            break
        fi
    done
fi
if [ -z "$python" ]; then
    echo "setup: Python 3.11 or newer with venv is needed and was not found; install it, or set PYTHON=/path/to/python" >&2
    exit 1
fi
echo "setup: $python and pip make $venv"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --upgrade 'pip>=25.1'
"$venv/bin/python" -m pip install --quiet --editable . --group dev
