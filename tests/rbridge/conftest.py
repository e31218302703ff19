"""R beside these tests: where it is missing they skip, and say what to install."""

import pytest


@pytest.fixture(scope="session")
def rsession():
    from pyterra.rbridge.session import session

    try:
        return session()
    except ImportError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def rpackage(rsession):
    """A function that skips where an R package is not installed."""

    def need(*names):
        for name in names:
            if not rsession.texts(rsession.call("find.package", name, quiet=True)):
                pytest.skip(f"R package {name} is missing; install r-cran-{name.lower()}")

    return need
