"""The C stack of the thread that is in R."""

import os
import subprocess
import sys
import textwrap

import pytest


def run(code, **environment):
    """A Python of its own; returns what it did."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


RECURSION = {
    "calls": "f <- function(x) f(x + 1)",
    "sapply": "f <- function(x) sapply(x, f)",
    "handlers": "f <- function(x) tryCatch(f(x), warning = identity)",
    "do.call": "f <- function(x) do.call('f', list(x))",
    "dispatch": "f.default <- function(x) f(x); f <- function(x) UseMethod('f')",
    "no limit of R's own": "options(expressions = 500000); f <- function(x) f(x + 1)",
}


@pytest.mark.parametrize("code", RECURSION.values(), ids=RECURSION)
def test_endless_recursion_is_an_error_in_any_thread(code):
    done = run(
        f"""
        import threading
        import numpy as np
        import pyterra as pt
        from pyterra.rbridge.session import session
        s = session()
        endless = s.rinterface.evalr({f"function(v) {{ {code}; f(1) }}"!r})
        r = pt.rast(np.ones((1, 2, 2)))
        def work():
            for what in (lambda: s.apply(endless, 1), lambda: r.app(endless)):
                try:
                    what()
                except pt.errors.PyterraError as error:
                    print("C stack usage" in str(error) or "nested too deeply" in str(error))
        work()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        print(s.number(s.call("sum", 1, 2)), s.number(s.rinterface.evalr("1 + 1")))
        """
    )
    assert done.stdout.split() == ["True"] * 4 + ["3.0", "2.0"], done.stderr
    assert done.returncode == 0
