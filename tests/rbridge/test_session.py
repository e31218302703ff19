"""The R session: calls by name, values as data, and a process that is left as it was."""

import os
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

from pyterra.errors import ArgumentError, PyterraError, RError, RWarning

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


def test_what_r_cannot_take_is_refused(rsession):
    with pytest.raises(ArgumentError, match="cannot hand over a object"):
        rsession.to_r(object())


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


# What is missing, and the cure; these need no R.
