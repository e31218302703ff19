"""The bridge to R is found by name, and what is of R is known without it."""

import sys

import pytest

from pyterra import bridge


def test_what_rpy2_holds_is_known_by_where_its_class_comes_from():
    theirs = type("Sexp", (), {"__module__": "rpy2.rinterface"})()
    others = type("Sexp", (), {"__module__": "rpy2like.rinterface"})()
    assert bridge.is_r(theirs)
    assert not bridge.is_r(others)
    assert not bridge.is_r(3)


def test_modules_are_imported_when_they_are_asked_for():
    assert bridge.of_r("stack") is sys.modules["pyterra.rbridge.stack"]
    with pytest.raises(ImportError):
        bridge.of_r("none")


def test_an_object_goes_to_r_by_the_converter(monkeypatch):
    class Convert:
        @staticmethod
        def to_r(x):
            return ("of R", x)

    monkeypatch.setattr(bridge, "of_r", {"convert": Convert}.__getitem__)
    assert bridge.to_r(3) == ("of R", 3)
