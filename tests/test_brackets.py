"""Numbers in brackets: those below 0 count from the end, everything else stays what it is."""

import numpy as np
import pandas as pd
import pytest

from pyterra.brackets import counted


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (-1, 4),
        (np.int8(-5), 0),
        (-6, -6),
        (7, 7),
        ("red", "red"),
        (True, True),
        (slice(-2, None), [3, 4]),
        (slice(None, None, -2), [4, 2, 0]),
        ((-1, "a", -9), [4, "a", -9]),
        ([True, False], [True, False]),
        (np.array([-1, 0]), [4, 0]),
        (pd.Series([-1, 2]), [4, 2]),
        (np.array([True, False]), [True, False]),
        (np.array([2, 3], "uint8"), [2, 3]),
    ],
    ids=repr,
)
def test_what_stands_in_brackets(key, expected):
    found = counted(key, 5)
    assert (list(found) if np.ndim(found) else found) == expected
