"""Tables as a header and a matrix of doubles."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from pyterra.errors import PyterraWarning, RError
from pyterra.rbridge import from_r, schema, tables

TABLES = {
    "matrix": (
        "{ d$m <- matrix(3:6, 2); d$z <- 7:8; d }",
        {"a": [1, 2], "m.1": [3, 4], "m.2": [5, 6], "z": [7, 8]},
    ),
    "matrix with names": (
        "{ d$m <- cbind(p = 3:4, q = 5:6); d }",
        {"a": [1, 2], "m.p": [3, 4], "m.q": [5, 6]},
    ),
    "table": ("{ d$t <- data.frame(p = 3:4, q = 5:6); d }", {"a": [1, 2], "t.p": [3, 4], "t.q": [5, 6]}),
    "array": ("{ d$v <- array(3:4); d }", {"a": [1, 2], "v": [3, 4]}),
    "a missing level": ("{ d$f <- addNA(factor(c('x', NA))); d }", {"a": [1, 2], "f": ["x", np.nan]}),
    "no names": ("unname(cbind(d, b = 3:4))", {"V1": [1, 2], "V2": [3, 4]}),
    "a missing name": ("setNames(d, NA)", {"NA": [1, 2]}),
    "as it is": ("{ d$v <- I(c(0.5, 4)); d }", {"a": [1, 2], "v": [0.5, 4]}),
}


def test_tables_keep_every_type_without_r():
    frame = pd.DataFrame(
        {
            "double": [0.1, np.nan],
            "whole": [1, 2],
            "missing": pd.array([7, None], dtype="Int64"),
            "flag": pd.array([True, None], dtype="boolean"),
            "text": ['é"', None],
            "date": pd.to_datetime(["2020-01-01", None]).as_unit("s"),
            "time": pd.to_datetime(["2020-01-01 00:00:00.25", None]).tz_localize("UTC").as_unit("us"),
            "class": pd.Categorical(["b", None], categories=["a", "b"]),
        }
    )
    header, numbers = tables.parts_of(frame)
    assert numbers.flags.f_contiguous
    back = tables.frame_of(json.loads(schema.to_text(header)), numbers)
    pd.testing.assert_frame_equal(back, frame)


@pytest.mark.parametrize(("code", "wanted"), TABLES.values(), ids=TABLES)
def test_columns_of_a_table_keep_their_places(rfun, code, wanted):
    found = from_r(rfun(f"{{ d <- data.frame(a = 1:2); {code} }}"))
    np.testing.assert_equal({name: found[name].tolist() for name in found.columns}, wanted)


def test_times_without_end_are_missing(rfun):
    found = from_r(
        rfun("data.frame(d = as.Date(c(Inf, 1), origin = '1970-01-01'), t = .POSIXct(c(-Inf, 1), 'UTC'))")
    )
    assert found.isna().to_numpy().tolist() == [[True, True], [False, False]]


def test_times_of_a_zone_that_is_not_known_are_told_in_utc(rfun):
    with pytest.warns(PyterraWarning, match="the time zone 'Nowhere/Land' of column 't' is not known"):
        found = from_r(rfun("data.frame(t = .POSIXct(3600, 'Nowhere/Land'))"))
    assert str(found["t"][0]) == "1970-01-01 01:00:00+00:00"


def test_integer64_arrives_as_whole_numbers(rsession, rfun):
    bits = np.array([1, 2**40 + 7, -5, -(2**63)], np.int64).view(np.float64)
    plain = rfun(
        "function(x) { d <- data.frame(n = seq_along(x)); d$v <- structure(x, class = 'integer64'); d }"
    )
    found = from_r(rsession.apply(plain, bits))["v"]
    assert found.tolist()[:3] == [1, 2**40 + 7, -5]
    assert found.isna().tolist() == [False, False, False, True]
    with pytest.raises(RError, match=r"column v: whole numbers must lie within 2\^53"):
        from_r(rsession.apply(plain, np.array([2**53 + 1], np.int64).view(np.float64)))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("{ d$v <- structure(1:2, class = 'money'); d }", "column v: must hold numbers.* got money"),
        ("{ d$v <- as.difftime(c(1, 2), units = 'hours'); d }", "column v: must hold numbers.* got difftime"),
        ("{ d$v <- c(1i, 2i); d }", "got complex"),
        ("{ d$v <- array(1:8, c(2, 2, 2)); d }", "column v: must have 2 values as the table has rows, got 8"),
        ("{ attr(d, 'row.names') <- 1:3; d }", "column a: must have 3 values as the table has rows, got 2"),
    ],
)
def test_columns_that_would_arrive_as_something_else_are_refused(rfun, code, text):
    with pytest.raises(RError, match=text):
        from_r(rfun(f"{{ d <- data.frame(a = 1:2); {code} }}"))


def test_labels_that_are_numbers_have_no_needless_fraction():
    frame = pd.DataFrame([[1.0, 2.0, 3.0, 4.0]], columns=[0.0, np.float64(12.0), 0.5, "a"])
    header, _ = tables.parts_of(frame)
    assert [column["name"] for column in header["columns"]] == ["0", "12", "0.5", "a"]
