"""The line that is shown while something takes long."""

import io

import pytest

import pyterra as pt
from pyterra.run import progress
from pyterra.run.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is set."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_rate_and_what_is_left_follow_from_what_was_done(clock):
    bar = Progress(8, "write", done=2, enabled=True, stream=io.StringIO())
    bar.advance(3)
    assert bar.line(6.0) == "write [###############         ]  62% 5/8 blocks, 0.5/s, 0:06, 0:06 left"
    bar.advance(3)
    assert bar.line(3661.0).endswith("100% 8/8 blocks, 0.00164/s, 1:01:01")


def test_nothing_shows_of_what_is_done_in_a_moment(clock):
    with Progress(9, "read", enabled=True, stream=(out := Terminal())) as bar:
        clock[0] = 1.9
        bar.advance()
    assert out.getvalue() == ""


def test_a_terminal_has_one_line_that_goes_away(clock):
    with Progress(9, "read", enabled=True, stream=(out := Terminal())) as bar:
        for moment in (2.1, 2.2, 2.4):
            clock[0] = moment
            bar.advance()
    assert out.getvalue().count("\r") == 3  # at 2.1 and 2.4, and when it is wiped out
    assert out.getvalue().endswith("\r\x1b[K")


def test_a_log_gets_a_line_every_half_minute(clock):
    bar = Progress(9, "read", enabled=True, stream=(out := io.StringIO()))
    for moment in (3, 20, 34, 40):
        clock[0] = moment
        bar.advance()
    assert [line.split(", ")[-2] for line in out.getvalue().splitlines()] == ["0:03", "0:34"]


def test_the_option_decides_where_nothing_else_does(clock):
    out = io.StringIO()
    with pt.options(progress=False):
        bar = Progress(9, "read", stream=out)
    clock[0] = 5
    bar.advance()
    assert out.getvalue() == ""


class Shown:
    """What a notebook was given to show."""

    def __init__(self):
        self.bars = []

    def __call__(self, bar, *, display_id):
        self.bars.append(bar)
        return self

    def update(self, bar):
        self.bars.append(bar)


def test_a_notebook_has_a_bar_that_goes_away(clock, monkeypatch, capsys):
    display = pytest.importorskip("IPython.display", reason="IPython is not installed")
    shown = Shown()
    monkeypatch.setattr(display, "display", shown)
    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    with Progress(8, "write <b>.tif", enabled=True) as bar:
        for moment in (1.9, 2.1, 2.2, 4.2):
            clock[0] = moment
            bar.advance(2)
    first, second, last = shown.bars
    assert "<progress value='4' max='8'" in first._repr_html_()
    assert "write &lt;b&gt;.tif" in first._repr_html_()
    assert "8/8 blocks" in repr(second)
    assert last._repr_html_() == repr(last) == ""
    assert capsys.readouterr().err == ""


def test_a_console_and_a_log_are_no_notebook(monkeypatch):
    assert not progress.in_notebook()
    monkeypatch.setitem(
        progress.sys.modules, "IPython", type("Module", (), {"get_ipython": lambda: object()})
    )
    assert not progress.in_notebook()
    kernel = type("Shell", (), {"kernel": 1})
    monkeypatch.setitem(progress.sys.modules, "IPython", type("Module", (), {"get_ipython": kernel}))
    assert progress.in_notebook()
