"""The same random questions to pyterra and to live terra."""

from __future__ import annotations

import warnings
from collections import Counter

import pytest
from live.compare import difference
from live.known import known
from live.questions import QUESTIONS, chance
from live.session import Terra, find_terra

pytestmark = pytest.mark.r

EACH = 5
"""Random cases for every line of the lists of questions."""


@pytest.fixture(scope="session")
def terra(tmp_path_factory):
    rscript = find_terra()
    if rscript is None:
        pytest.skip("needs R with terra: apt-get install r-cran-terra")
    with Terra(rscript, tmp_path_factory.mktemp("terra")) as session:
        yield session


@pytest.fixture
def asked(terra, question, request):
    """Random cases of a function of questions, each with terra's answer."""
    count = EACH * (10 if request.config.getoption("long") else 1)
    seed = request.config.getoption("seed")
    trials = [
        asks(chance(asks, seed, k))
        for asks, lines in Counter(QUESTIONS).items()
        if asks.__name__ == question
        for k in range(count * lines)
    ]
    return list(zip(trials, terra.ask(trials), strict=True))


@pytest.mark.parametrize("question", sorted({question.__name__ for question in QUESTIONS}))
def test_pyterra_gives_what_terra_gives(question, asked, terra, request):
    wrong = []
    for trial, answer in asked:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                ours = trial.ours()
                text = difference(trial, ours, answer)
            except Exception as error:
                text = difference(trial, error, answer)
        if text and known(trial, answer, terra.version) is None:
            wrong.append(f"{trial}\n    {text}")
    seed = request.config.getoption("seed")
    assert not wrong, f"{len(wrong)} of {len(asked)} differ (--seed {seed}):\n" + "\n".join(wrong)
