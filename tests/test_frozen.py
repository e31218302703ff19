"""Frozen dataclasses are those of Python to everyone, but for what they cost when their module is imported."""

import ast
import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

import pyterra
from pyterra.frozen import dataclass
from pyterra.grid.extent import Extent
from pyterra.grid.grid import Grid

WAYS = [{"frozen": True}, {"frozen": True, "eq": False}, {"frozen": True, "kw_only": True}]


def both(**how):
    """Two classes of the same text: of Python's decorator, and of ours."""

    def made(decorator):
        @decorator(**how)
        class Point:
            """A point."""

            x: int
            y: list[int] = dataclasses.field(default_factory=list)
            label: str = dataclasses.field(default="", repr=False)
            known: Any = dataclasses.field(default=None, compare=False)
            hint: int = dataclasses.field(default=0, repr=False, hash=False)

            @property
            def double(self):
                return self.x * 2

        Point.__qualname__ = "Point"
        return Point

    return made(dataclasses.dataclass), made(dataclass)


@pytest.mark.parametrize("how", WAYS)
def test_it_is_made_told_and_replaced_as_a_dataclass(how):
    for cls in both(**how):
        one = cls(x=1)
        assert (one.x, one.y, one.label, one.known, one.double) == (1, [], "", None, 2)
        assert cls(x=1).y is not one.y
        assert repr(one) == "Point(x=1, y=[], known=None)"
        assert dataclasses.is_dataclass(one)
        assert [field.name for field in dataclasses.fields(one)] == ["x", "y", "label", "known", "hint"]
        assert dataclasses.replace(one, x=5).x == 5
        assert dataclasses.asdict(one) == {"x": 1, "y": [], "label": "", "known": None, "hint": 0}
        assert copy.deepcopy(one).y == []
        assert cls.__doc__ == "A point."


@pytest.mark.parametrize("how", WAYS)
def test_both_have_the_same_attributes_and_signature(how):
    theirs, ours = both(**how)
    assert str(inspect.signature(theirs)) == str(inspect.signature(ours))
    theirs(x=1), ours(x=1)
    assert {*vars(theirs), "__signature__"} == set(vars(ours))
    assert theirs.__match_args__ == ours.__match_args__
    assert str(inspect.signature(theirs)) == str(inspect.signature(ours))


def test_two_are_equal_where_their_compared_fields_are():
    for cls in both(frozen=True):
        assert cls(1, [2], known=3) == cls(1, [2], known=4)
        assert cls(1, [2]) != cls(1, [3])
        assert cls(1, (), hint=2) != cls(1, ())
        assert hash(cls(1, (), hint=2)) == hash(cls(1, ()))
        assert cls(1) != 1
        assert hash(cls(1, (), known=3)) == hash(cls(1, (), known=4)) == hash((1, (), ""))
    theirs, ours = both(frozen=True)
    assert theirs(1) != ours(1)
    for cls in both(frozen=True, eq=False):
        assert cls(1) != cls(1)
        assert len({cls(1), cls(1)}) == 2


def test_two_of_one_field_or_none_are_equal_by_value():
    @dataclass(frozen=True)
    class One:
        x: float

    @dataclass(frozen=True)
    class Nothing:
        pass

    nan = float("nan")
    assert One(nan) == One(nan)  # as tuples: the same object
    assert hash(One(2)) == hash((2,))
    assert Nothing() == Nothing()
    assert repr(Nothing()).endswith("Nothing()")


def test_fields_stay_as_they_are():
    for cls in both(frozen=True):
        one = cls(1)
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
            one.x = 2
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'other'"):
            one.other = 2
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
            del one.x

        class More(cls):
            pass

        more = More(1)
        more.other = 2
        assert more.other == 2
        del more.other
        with pytest.raises(dataclasses.FrozenInstanceError):
            more.x = 2
        with pytest.raises(dataclasses.FrozenInstanceError):
            del more.x


def test_wrong_arguments_are_refused_in_the_same_words_at_any_time():
    told = []
    for cls in both(frozen=True):
        for _ in range(2):
            with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'") as info:
                cls()
            told.append(str(info.value).rpartition(".")[2])
    assert len(set(told)) == 1


def test_a_class_keeps_its_own_methods_and_hands_on_those_of_its_base():
    @dataclass(frozen=True)
    class Base:
        x: int

        def __repr__(self):
            return f"<{self.x}>"

        def __hash__(self):
            return 7

        def __post_init__(self):
            if self.x < 0:
                raise ValueError("x must not be negative")

    @dataclass(frozen=True)
    class Wider(Base):
        y: int = 0

        def __eq__(self, other):
            return self.y == other.y

    assert repr(Base(1)) == "<1>"
    assert hash(Base(1)) == 7
    assert repr(Wider(1, 2)).endswith("Wider(x=1, y=2)")
    assert Wider(1, 2) == Wider(3, 2)
    assert hash(Wider(1, 2)) == hash((1, 2))
    for cls in (Base, Wider):
        with pytest.raises(ValueError, match="x must not be negative"):
            cls(-1)


def test_the_signature_of_an_instance_is_that_of_its_call_and_of_a_subclass_its_own():
    @dataclass(frozen=True)
    class Kernel:
        size: int

        def __call__(self, block, window):
            return block

    class Named(Kernel):
        def __init__(self, name):
            super().__init__(len(name))

    class Alike(Kernel):
        pass

    assert str(inspect.signature(Named)) == "(name)"
    assert str(inspect.signature(Alike)) == "(size: int) -> None"
    assert str(inspect.signature(Kernel(1))) == "(block, window)"
    assert Named("abc").size == 3


def test_a_value_that_holds_itself_can_be_shown():
    @dataclass(frozen=True)
    class Holder:
        inside: list[Any]

    holder = Holder([])
    holder.inside.append(holder)
    assert repr(holder).endswith("Holder(inside=[...])")


def test_threads_may_make_the_first_instances_together():
    for _ in range(50):
        _, cls = both(frozen=True)
        start, made = Barrier(4), []

        def make(cls=cls, start=start, made=made):
            start.wait()
            made.append(cls(3))

        threads = [Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [cls(3)] * 4


def test_what_comes_from_another_process_is_equal_before_anything_was_made_here():
    grid = Grid(Extent(0, 2, 0, 1), 1, 2)
    code = (
        "import pickle, sys\n"
        "one, other = pickle.loads(sys.stdin.buffer.read())\n"
        "print(one == other, hash(one) == hash(other), one.ncol)"
    )
    sent = pickle.dumps((grid, dataclasses.replace(grid)))
    done = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=True)
    assert done.stdout.split() == [b"True", b"True", b"2"]


def test_classes_with_slots_or_that_may_change_are_pythons():
    @dataclass(frozen=True, slots=True, order=True)
    class Small:
        x: int

    @dataclass
    class Loose:
        x: int

    assert Small(1) < Small(2)
    assert not hasattr(Small(1), "__dict__")
    loose = Loose(1)
    loose.x = 2
    assert loose == Loose(2)


def test_nothing_is_compiled_before_there_is_an_instance():
    code = """
import sys
from pyterra.frozen import dataclass
compiled = []
sys.addaudithook(lambda event, _: compiled.append(event) if event == "compile" else None)
@dataclass(frozen=True)
class Point:
    'A point.'
    x: int
before = len(compiled)
Point(1)
first = len(compiled)
Point(2)
print(before, first, len(compiled))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, first, then = map(int, done.stdout.split())
    assert before == 0
    assert first == then > 0


def test_no_module_takes_the_decorator_of_python():
    for path in Path(pyterra.__file__).parent.rglob("*.py"):
        if path.name != "frozen.py":
            taken = [
                one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.ImportFrom)
            ]
            theirs = [name.name for one in taken if one.module == "dataclasses" for name in one.names]
            assert "dataclass" not in theirs, f"{path}: from pyterra.frozen import dataclass"
