"""R started inside Python, or found where it hosts Python; what is missing is said with its cure."""

import os
import subprocess
import sys
import textwrap

import pytest

from pyterra.rbridge import start


def run(code, **environment):
    """A Python of its own; returns what it did."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


FORKS = {
    "sys.exit": "pid = os.fork()\nif pid == 0: sys.exit(0)\nos.waitpid(pid, 0)",
    "an error": "pid = os.fork()\nif pid == 0: sys.stderr.close(); raise ValueError\nos.waitpid(pid, 0)",
    "multiprocessing": "p = multiprocessing.get_context('fork').Process(target=sys.exit); p.start(); p.join()",
    "R in the child": "pid = os.fork()\nif pid == 0: s.call('sum', 1); sys.exit(0)\nos.waitpid(pid, 0)",
}


def test_the_environment_is_as_it_was(rsession):
    done = run(
        """
        import os, signal, subprocess
        signal.signal(signal.SIGINT, handler := lambda *_: None)
        before = dict(os.environ)
        from pyterra.rbridge.session import session
        session()
        after = subprocess.run(["env", "-0"], capture_output=True, text=True).stdout.split("\\0")
        after = dict(line.split("=", 1) for line in after if line)
        changed = {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)}
        print(sorted(changed - {"R_HOME", "PYTHON_SESSION_INITIALIZED"}), dict(os.environ) == after)
        print(signal.getsignal(signal.SIGINT) is handler)
        """,
        EDITOR="my editor",
        R_HOME="",
    )
    assert done.stdout.splitlines() == ["[] True", "True"], done.stderr


@pytest.mark.parametrize("fork", FORKS.values(), ids=FORKS)
def test_what_is_forked_off_leaves_rs_files_and_workers_to_its_parent(fork, tmp_path):
    done = run(
        f"""
        import multiprocessing, os, sys
        import numpy as np
        import pyterra as pt
        from pyterra.rbridge import rscript
        from pyterra.rbridge.session import session
        s = session()
        s.call("saveRDS", s.rinterface.evalr("lm(y ~ x, data.frame(x = 1:9, y = 2 * (1:9)))"), {str(tmp_path / "m")!r})
        r = pt.rast(np.ones((1, 2, 2)), names=["x"])
        predicted = r.predict(pt.rbridge.read_model({str(tmp_path / "m")!r}))
        predicted.compute()
        workers = list(rscript.pool._all)
        s.call("file.create", s.call("file.path", s.call("tempdir"), "kept"))
        exec({fork!r})
        print(s.texts(s.call("list.files", s.call("tempdir"), pattern="kept")), {{w.alive for w in workers}})
        """
    )
    assert done.stdout == "['kept'] {True}\n", done.stderr


def test_a_fork_waits_for_r():
    done = run(
        """
        import os, sys, threading, time
        from pyterra.rbridge.session import session
        s = session()
        thread = threading.Thread(target=s.call, args=("Sys.sleep", 0.5))
        thread.start()
        while s.lock.acquire(blocking=False):
            s.lock.release()
            time.sleep(0.01)
        pid = os.fork()
        if pid == 0:
            print(s.number(s.call("sum", 1, 2)), flush=True)
            sys.exit(0)
        print(os.waitpid(pid, 0)[1], s.number(s.call("sum", 2, 2)))
        """
    )
    assert done.stdout == "3.0\n0 4.0\n", done.stderr


def test_reticulate_inside_is_warned_of(rsession, rpackage):
    rpackage("reticulate")
    done = run(
        """
        import os, warnings
        from pyterra.rbridge.session import session
        s = session()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            s.call("loadNamespace", "reticulate")
        print([str(w.message) for w in caught], flush=True)
        os._exit(0)
        """
    )
    assert "reticulate is loaded in an R that Python started" in done.stdout, done.stderr


def test_inside_reticulate_the_session_is_that_of_r(rsession, rpackage, tmp_path):
    rpackage("reticulate")
    script = tmp_path / "host.R"
    script.write_text(
        """
        x <- 5
        reticulate::py_run_string("
from pyterra.rbridge.session import session
s = session()
print('found', s.hosted, s.number(s.rinterface.globalenv['x']), flush=True)
        ")
        cat("R goes on\n")
        """
    )
    home = os.path.join(os.environ["R_HOME"], "bin", "Rscript")
    environment = {k: v for k, v in os.environ.items() if k not in ("R_HOME", "PYTHON_SESSION_INITIALIZED")}
    environment |= {
        "RETICULATE_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    done = subprocess.run(
        [home, str(script)], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "found True 5.0" in done.stdout, done.stderr
    assert "R goes on" in done.stdout


def test_no_r_is_an_import_error_with_the_cure(tmp_path):
    done = run(
        """
        try:
            from pyterra.rbridge.session import session
            session()
        except ImportError as error:
            print(error)
        """,
        PATH=str(tmp_path),
        R_HOME="",
    )
    assert done.stdout.startswith("R: no R was found; install R"), done.stderr


@pytest.mark.parametrize(
    ("rpy2", "r", "text"),
    [
        (None, "4.2.2", "rpy2, which is not installed.*rpy2-rinterface>=3.6.1,<3.6.6"),
        (None, "4.5.1", "use: python -m pip install rpy2-rinterface "),
        ("3.6.7", "4.2.2", "rpy2-rinterface 3.6.7 needs R 4.5 or newer, found R 4.2.2; use: .*<3.6.6"),
        ("3.6.5", "4.2.2", "cannot load R 4.2.2: OSError: undefined symbol"),
        ("3.6.5", None, "cannot load R of unknown version"),
    ],
)
def test_what_does_not_fit_is_told_with_the_cure(rpy2, r, text):
    import re

    assert re.search(text, start.missing(rpy2, r, OSError("undefined symbol")))
