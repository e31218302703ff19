"""Errors that GDAL only logs are collected, and the program's own logging is left alone."""

import logging
import threading

import pytest

from pyterra.io.raster.gdal_log import gdal_errors

LOST = "GDAL signalled an error: err_no=1, msg='Write error at scanline 7'"


@pytest.fixture
def logger():
    return logging.getLogger("rasterio._err")


def test_errors_are_collected_and_nothing_else(logger):
    with gdal_errors() as errors:
        logger.info(LOST)
        logger.info("GDAL signalled an error: err_no=4, msg='a.tif.aux.xml: No such file or directory'")
        logger.info("all is well")
    logger.info(LOST)
    assert errors == [LOST]


def test_errors_of_another_thread_are_not_ours(logger):
    with gdal_errors() as errors:
        thread = threading.Thread(target=logger.info, args=(LOST,))
        thread.start()
        thread.join()
    assert errors == []


def test_errors_of_a_thread_that_is_not_pythons_are_everybodys(logger):
    record = logger.makeRecord(logger.name, logging.INFO, __file__, 1, LOST, (), None)
    record.threadName, record.thread = "Dummy-3", -1
    with gdal_errors() as errors:
        logger.handle(record)
    assert errors == [LOST]


def test_nested_blocks_both_see_an_error(logger):
    with gdal_errors() as outer, gdal_errors() as inner:
        logger.info(LOST)
    assert outer == inner == [LOST]


def test_logging_is_as_it_was_and_shows_no_more_than_before(logger):
    filters = list(logger.filters)
    shown = []
    handler = logging.Handler()
    handler.emit = shown.append
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        with gdal_errors():
            logger.info(LOST)
            logger.error("shown")
    finally:
        root.removeHandler(handler)
    assert [record.getMessage() for record in shown] == ["shown"]
    assert logger.level == logging.NOTSET
    assert logger.filters == filters
