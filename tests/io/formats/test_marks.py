"""Texts by which a driver would follow a file elsewhere."""

import pytest

from pyterra.io.formats.marks import MARKS, leads_elsewhere


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_is_found_in_any_case_wherever_it_stands(mark):
    assert leads_elsewhere(b"  \n" + mark.upper() + b" more") == mark.decode()


def test_other_texts_have_none():
    assert leads_elsewhere(b'II*\0 an image, <svg>, {"type": "FeatureCollection"}') == ""
