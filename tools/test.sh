#!/bin/sh
# All that must pass: the tests in Python on two processes, and beside them, in what these leave idle, formatting, types and
# imports (make check), then the tests with R. What is beside says its words at the end. $1 is the environment for development.
set -eu
venv=${1:-.venv}
log=.build/beside.log
mkdir -p .build
# What a shell starts in the background is deaf to Ctrl-C; tests of interrupts must not be.
"$venv/bin/python" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp("sh", sys.argv[1:])' sh -c 'failed=0
make VENV="$1" check || failed=$?
sh tools/test_r.sh "$1" || failed=$?
exit $failed' sh "$venv" >"$log" 2>&1 &
beside=$!
trap 'kill $beside 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM

failed=0
"$venv/bin/python" -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/rbridge || failed=$?
wait $beside || failed=$?
trap - EXIT
cat "$log"
exit $failed
