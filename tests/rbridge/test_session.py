"""The R session: calls by name, values as data, memory that is safe, and a process that is left as it was."""

import gc
import os
import subprocess
import sys
import textwrap
import threading

import numpy as np
import psutil
import pytest

from pyterra.errors import ArgumentError, PyterraError, RError, RWarning
from pyterra.rbridge import start

HOSTILE = [
    "",
    "it's",
    'say "yes"',
    "back\\slash \\n \\\\",
    "line\nbreak\ttab\r",
    "größe – 高さ 🗺",
    '"); stop("pasted"); ("',
    "`x`; q('no')",
    "$(touch /tmp/pasted); %s {0}",
    "NA",
]


def run(code, **environment):
    """A Python of its own; returns what it did."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_text_passes_as_data(rsession, text):
    same = rsession.call("paste0", text, "")
    assert rsession.text(same) == text
    assert rsession.number(rsession.call("nchar", text)) == len(text)


@pytest.mark.parametrize("text", [t for t in HOSTILE if t])
def test_names_pass_as_data(rsession, text):
    named = rsession.call("list", **{text: 1.0})
    assert rsession.texts(rsession.call("names", named)) == [text]
    assert rsession.texts(rsession.call("names", {text: 2.0, "b": None})) == [text, "b"]


def test_text_that_r_cannot_hold_is_refused(rsession):
    for text in ("a\0b", "\udc80"):
        with pytest.raises(ArgumentError, match="R: text must"):
            rsession.call("nchar", text)


def test_missing_text_is_none_and_not_the_letters_na(rsession):
    assert rsession.texts(rsession.to_r(["a", None, "NA"])) == ["a", None, "NA"]
    assert rsession.doubles(rsession.call("is.na", ["a", None, "NA"])).tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("value", "kind", "back"),
    [
        (True, "logical", [1]),
        (3, "integer", [3]),
        (2**40, "double", [2**40]),
        (0.1, "double", [0.1]),
        ([1, None, 2.5], "double", [1, np.nan, 2.5]),
        ([True, None], "logical", [1, np.nan]),
        (np.float32(0.5), "double", [0.5]),
        (np.array([1, 2], np.int16), "double", [1, 2]),
        (range(3), "double", [0, 1, 2]),
    ],
)
def test_numbers_have_their_types_and_na_is_nan(rsession, value, kind, back):
    made = rsession.to_r(value)
    assert rsession.text(rsession.call("typeof", made)) == kind
    np.testing.assert_array_equal(rsession.doubles(made), back)


def test_a_matrix_has_the_same_rows_and_columns_on_both_sides(rsession):
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    matrix = rsession.vector(array)
    assert rsession.doubles(rsession.call("dim", matrix)).tolist() == [2, 3]
    assert rsession.number(rsession.call("[", matrix, 2, 1)) == array[1, 0]
    np.testing.assert_array_equal(rsession.doubles(matrix), array)


def test_what_r_cannot_take_is_refused(rsession):
    with pytest.raises(ArgumentError, match="cannot hand over a object"):
        rsession.to_r(object())


def test_views_are_read_only_and_share_memory(rsession):
    vector = rsession.vector(np.arange(10.0))
    first, second = rsession.doubles(vector), rsession.doubles(vector)
    assert np.shares_memory(first, second)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        first.setflags(write=True)


@pytest.mark.parametrize("part", [lambda a: a, lambda a: a[5:], lambda a: a.reshape(100, -1).T[3]])
def test_views_and_their_parts_keep_the_vector_alive(rsession, part):
    expected = part(np.arange(200_000.0)).copy()
    kept = part(rsession.doubles(rsession.call("as.double", rsession.call("seq", 0, 199_999))))
    for _ in range(3):
        gc.collect()
        rsession.call("gc")
        rsession.vector(np.full(200_000, -1.0))  # takes the memory of whatever was let go
    np.testing.assert_array_equal(kept, expected)


def test_ten_thousand_conversions_leak_neither_memory_nor_none(rsession):
    array = np.arange(2000.0)

    def convert(times):
        for _ in range(times):
            view = rsession.doubles(rsession.vector(array))
            assert view[-1] == 1999
        gc.collect()
        rsession.call("gc")

    convert(5_000)
    before, nones = psutil.Process().memory_info().rss, sys.getrefcount(None)
    convert(10_000)
    assert abs(sys.getrefcount(None) - nones) < 100
    assert psutil.Process().memory_info().rss - before < 40 * 2**20  # 10,000 vectors are 160 MB


def test_errors_bring_rs_message_and_call(rsession):
    with pytest.raises(RError, match=r"invalid formula.*\(in .*formula") as caught:
        rsession.call("stats::lm", 1)
    assert isinstance(caught.value, PyterraError)
    assert isinstance(caught.value, RuntimeError)
    assert "formula" in caught.value.call


def test_errors_do_not_print_the_data(rsession):
    with pytest.raises(RError) as caught:
        rsession.call("crossprod", np.arange(1e6), np.arange(3.0))
    assert len(str(caught.value)) < 300


def test_unknown_functions_and_packages_are_errors(rsession):
    with pytest.raises(RError, match="nowhere_to_be_found"):
        rsession.call("nowhere_to_be_found")
    with pytest.raises(RError, match="nopackage"):
        rsession.call("nopackage::f")


def test_warnings_become_python_warnings_and_the_value_comes_all_the_same(rsession):
    with pytest.warns(RWarning, match="NAs introduced"):
        value = rsession.call("as.numeric", "x")
    assert np.isnan(rsession.number(value))


def test_messages_go_to_stderr(rsession, capfd):
    rsession.call("message", "hello from R")
    captured = capfd.readouterr()
    assert captured.err == "hello from R\n"
    assert captured.out == ""


def test_the_bridge_does_not_see_what_users_define(rsession):
    world = rsession.rinterface.globalenv
    world["paste0"] = rsession.to_r("not a function")
    world["guard_call"] = rsession.to_r("mine")
    try:
        assert rsession.text(rsession.call("paste0", "a", "b")) == "ab"
        with pytest.raises(RError):
            rsession.call("stop", "x")
    finally:
        del world["paste0"], world["guard_call"]


def test_any_thread_may_call(rsession):
    found, errors = {}, []

    def work(number):
        try:
            for i in range(100):
                values = rsession.doubles(rsession.call("rev", rsession.vector(np.arange(500.0) + number)))
                assert values[0] == 499 + number
                found[number] = i
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert found == dict.fromkeys(range(4), 99)


def test_objects_dropped_in_other_threads_are_released_once_r_is_free(rsession):
    preserved = rsession.rinterface._rinterface._R_PRESERVED
    vectors = [rsession.vector(np.arange(3.0)) for _ in range(50)]
    many = len(preserved)
    thread = threading.Thread(target=vectors.clear)
    with rsession.lock:
        thread.start()
        thread.join()
        assert len(preserved) == many  # another thread is in R: they wait
    rsession.call("gc")
    assert len(preserved) <= many - 50


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


@pytest.mark.parametrize(
    "ending",
    [
        "",
        "raise SystemExit(0)",
        "import threading; threading.Thread(target=s.call, args=('Sys.sleep', 0.5)).start()",
        "s.rinterface.endr(0)",
    ],
)
def test_python_ends_well_with_views_and_r_objects_alive(rsession, ending):
    done = run(
        f"""
        import numpy as np
        from pyterra.rbridge.session import session
        s = session()
        kept = s.doubles(s.vector(np.arange(1e6))), s.call("new.env"), s.function("stats::lm")
        print("alive", flush=True)
        {ending}
        """
    )
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


@pytest.mark.parametrize(
    ("code", "most"),
    [
        ("function() { t <- Sys.time(); while (Sys.time() - t < 0.3) sum(1:1000); 1 }", 3),
        ("function() { t <- Sys.time(); while (Sys.time() - t < 9) sum(1:1000); 1 }", 3),
        ("function() { for (i in 1:3) { cat('', sep = ''); Sys.sleep(0.1) }; 1 }", 3),
        ("function() { solve(matrix(runif(810000), 900)); 1 }", 60),
    ],
    ids=["short loops", "a long loop", "printing", "native code"],
)
def test_ctrl_c_stops_r_where_it_looks_for_it_and_never_gets_lost(rsession, code, most):
    done = run(
        f"""
        import os, signal, threading, time
        from pyterra.rbridge.session import session
        s = session()
        slow = s.rinterface.evalr({code!r})
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        begin, done = time.monotonic(), 0
        try:
            while time.monotonic() - begin < 100:
                s.apply(slow)
                done += 1
        except KeyboardInterrupt:
            print(done <= {most}, s.number(s.call("sum", 1, 2)))
        """
    )
    assert done.stdout == "True 3.0\n", done.stderr


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


FORKS = {
    "sys.exit": "pid = os.fork()\nif pid == 0: sys.exit(0)\nos.waitpid(pid, 0)",
    "an error": "pid = os.fork()\nif pid == 0: sys.stderr.close(); raise ValueError\nos.waitpid(pid, 0)",
    "multiprocessing": "p = multiprocessing.get_context('fork').Process(target=sys.exit); p.start(); p.join()",
    "R in the child": "pid = os.fork()\nif pid == 0: s.call('sum', 1); sys.exit(0)\nos.waitpid(pid, 0)",
}


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


def test_warnings_are_counted_by_their_text(rsession, rfun):
    many = rfun(
        "function() { for (i in 1:30000) { warning('same'); if (i %% 10000 == 0) warning('other') }; warning('once'); 5 }"
    )
    with pytest.warns(RWarning) as caught:
        assert rsession.number(rsession.apply(many)) == 5
    assert [str(w.message) for w in caught] == ["R: same (30000 times)", "R: other (3 times)", "R: once"]


def test_of_warnings_that_all_differ_the_first_are_told(rsession, rfun):
    with pytest.warns(RWarning) as caught:
        rsession.apply(rfun("function() { for (i in 1:1000) warning('cell ', i); warning('') }"))
    told = [str(w.message) for w in caught]
    assert told[:2] == ["R: cell 1", "R: cell 2"]
    assert told[-1] == f"R: further warnings with other texts ({1001 - len(told) + 1} times)"


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


# What is missing, and the cure; these need no R.


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
