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


@pytest.fixture(scope="session")
def terra(rsession, rpackage):
    rpackage("terra")
    make = rsession.rinterface.evalr(
        """function(values, nrow, ncol, names) {
             r <- terra::rast(nrows = nrow, ncols = ncol, nlyrs = length(names), xmin = 0, xmax = ncol, ymin = 0,
                              ymax = nrow, crs = "")
             terra::values(r) <- values
             names(r) <- names
             r
           }"""
    )

    label = rsession.rinterface.evalr(
        """function(r, i, codes, labels) {
             levels(r[[i]]) <- stats::setNames(data.frame(codes, labels), c("value", names(r)[i]))
             r
           }"""
    )

    def of(r, levels=None):
        made = rsession.apply(make, r.values(), r.nrow, r.ncol, r.names)
        for name, labels in (levels or {}).items():
            made = rsession.apply(label, made, r.names.index(name) + 1, list(labels), list(labels.values()))
        return made

    return of


@pytest.fixture(scope="session")
def rfun(rsession):
    return rsession.rinterface.evalr
