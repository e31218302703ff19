"""What is read back of a file: all pieces, some, or none."""

import numpy as np

from pyterra.io.safe.verify import Digests, digest, to_verify


def test_full_reads_back_everything_and_off_nothing():
    assert to_verify(list("abc"), "full") == list("abc")
    assert to_verify(list("abc"), "off") == []
    assert to_verify([], "sample") == []


def test_sample_reads_back_the_first_and_last_piece_and_some_between():
    chosen = to_verify(range(400), "sample")
    assert chosen[0] == 0
    assert chosen[-1] == 399
    assert len(chosen) == 4 + 24 + 1  # of the first four one is a sixteenth, too
    assert to_verify(range(3), "sample") == [0, 1, 2]


def test_digests_are_of_the_pieces_that_are_read_back():
    for verify in ("full", "sample", "off"):
        digests = Digests(verify)
        for i in range(400):
            digests.add(i, np.array([i]), last=i == 399)
        assert list(digests) == to_verify(range(400), verify)
        assert [i for i in range(400) if digests.differ(i, np.array([1000]))] == list(digests)
        assert not any(digests.differ(i, np.array([i])) for i in range(400))


def test_a_digest_tells_one_bit_and_not_the_layout_in_memory():
    values = np.arange(12.0).reshape(3, 4)
    other = values.copy()
    other.view("uint8")[1, 5] ^= 1
    assert digest(other) != digest(values)
    assert digest(np.asfortranarray(values)) == digest(values)
