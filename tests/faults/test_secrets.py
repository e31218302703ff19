"""Secrets of every kind, through everything that pyterra says or writes: none is found.

Pickles are exempt: they hold what is needed to read again.
"""

import io
import logging
import traceback
import warnings
from datetime import date

import numpy as np
import pytest
import rasterio
import strangers

import pyterra as pt
from pyterra.errors import PyterraError, PyterraWarning, ReadError, SourceError, UDFError, WriteError
from pyterra.redact import clean, redact
from pyterra.run.progress import Progress
from pyterra.tiles import Asset, Collection, Item, write_catalogue
from pyterra.tiles.crew import Work, perform
from pyterra.tiles.manifest import Manifest

pytestmark = pytest.mark.usefixtures("asked_once")
SECRET = "Tr0ubad0r"
ADDRESSES = [
    "http://me:{s}@127.0.0.1:9/a.tif",
    "http://me:x@{s}@127.0.0.1:9/a.tif",
    "http://127.0.0.1:9/a.tif?{s}",
    "http://127.0.0.1:9/a.tif?sig={s}&sv=2020",
    "http://127.0.0.1:9/a.tif?X-Goog-Signature={s}",
    "http://127.0.0.1:9/a.tif;jsessionid={s}",
    "/vsicurl/http://me:{s}@127.0.0.1:9/a.tif",
    "/vsicurl?url=http%3A%2F%2F127.0.0.1%3A9%2Fa.tif&header.Authorization=Bearer%20{s}",
    "/vsicurl?header.X-Api-Key={s}&url=http://127.0.0.1:9/a.tif",
]
WORDS = [
    "PG:host=127.0.0.1 user=me password={s}",
    "PG:host=127.0.0.1 password='{s} {s}'",
    "MYSQL:db,user=me,password={s}",
    "Authorization: Bearer {s}{s}",
    "Authorization: Token {s}",
    "headers={{'Authorization': 'Basic {s}{s}'}}",
    "Cookie: session={s}",
    "AWS_SECRET_ACCESS_KEY={s}",
    "aws_session_token: {s}",
    "AZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=https;AccountKey={s};EndpointSuffix=x",
    '{{"private_key": "{s}"}}',
    "GDAL_HTTP_USERPWD=me:{s}",
    "X-Api-Key: {s}",
]
TEXTS = [text.format(s=SECRET) for text in ADDRESSES + WORDS]


@pytest.mark.parametrize("text", TEXTS)
def test_one_function_takes_every_kind_out_and_says_nothing_new_when_asked_again(text):
    told = redact(f"it failed: {text} (twice)")
    assert SECRET not in told
    assert redact(told) == told


@pytest.mark.parametrize(
    "value", ["AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + "a1" * 18, "eyJhbGciOi.eyJzdWIiOi.SflKxw"]
)
def test_keys_are_known_by_their_form(value):
    assert value not in redact(f"with {value} it failed")


def test_values_of_secret_variables_are_known_wherever_they_appear(monkeypatch):
    monkeypatch.setenv("GDAL_HTTP_USERPWD", f"me:{SECRET}")
    monkeypatch.setenv("MY_TOKEN", f"{SECRET}-2")
    monkeypatch.setenv("HOME_OF_DATA", "/data/of/mine")
    assert redact(f"me:{SECRET} and {SECRET}-2 under /data/of/mine") == "*** and *** under /data/of/mine"


@pytest.mark.parametrize(
    "text",
    [
        "rast: /data/sid/a.tif cannot be opened: not recognized",
        "https://example.org/a.tif: rows 0:3 cannot be read",
        "design: basic terrain; side = 3; inside: 4",
        "is it there? yes = no",
    ],
)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text


def everything(call):
    """All that a call says: error, traceback with all that it came from, warnings, records of logs at every level."""
    said = []

    class Keep(logging.Handler):
        def emit(self, record):
            said.append(logging.Formatter().format(record))

    root, keep = logging.getLogger(), Keep(logging.DEBUG)
    level = root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            try:
                said.append(repr(call()))
            except PyterraError as error:
                chain = error
                while chain is not None:
                    said.append(f"{chain} {chain!r} {chain.args}")
                    chain = chain.__cause__ or chain.__context__
                said.append("".join(traceback.format_exception(error)))
        said += [str(one.message) for one in found]
    finally:
        root.removeHandler(keep)
        root.setLevel(level)
    return "\n".join(said)


@pytest.mark.parametrize("text", [text.format(s=SECRET) for text in ADDRESSES] + [TEXTS[9]])
@pytest.mark.parametrize("door", ["rast", "sds", "sprc", "vrt", "vect", "describe"])
def test_doors_say_no_secret(tmp_path, door, text):
    calls = {
        "rast": lambda: pt.rast(text),
        "sds": lambda: pt.sds(text),
        "sprc": lambda: pt.sprc([text]),
        "vrt": lambda: pt.vrt([text], tmp_path / "a.vrt"),
        "vect": lambda: pt.vect(text),
        "describe": lambda: pt.describe(text),
    }
    with rasterio.Env(GDAL_HTTP_MAX_RETRY=0, GDAL_HTTP_CONNECTTIMEOUT=1):
        said = everything(calls[door])
    assert said
    assert SECRET not in said


@pytest.mark.parametrize("text", TEXTS)
def test_errors_and_warnings_are_made_without_secrets(text):
    for kind in (SourceError, ReadError, WriteError, UDFError, PyterraWarning):
        assert SECRET not in f"{kind(text)} {kind(text)!r}"

    def chained():
        try:
            try:
                raise OSError(2, text, text)
            except OSError as error:
                raise ValueError(text) from error
        except ValueError as error:
            raise SourceError("it failed") from error

    assert SECRET not in everything(chained)


def test_a_users_error_loses_its_secrets_and_keeps_the_rest():
    r = pt.rast(np.ones((1, 2, 2)))

    def failing(v):
        raise RuntimeError(f"no answer from {TEXTS[0]}")

    said = everything(lambda: r.app(failing, per="block").values())
    assert SECRET not in said
    assert "no answer from http://***@127.0.0.1:9/a.tif" in said


def test_reprs_sources_and_tags_show_none(tmp_path):
    path = strangers.tif(tmp_path / f"a.tif?token={SECRET}", 1)
    r = pt.rast(path)
    v = pt.vect(["POINT (1 2)"])
    said = (
        f"{r!r} {pt.sources(r)} {r._repr_html_()} {pt.sprc([r])!r} {pt.sprc([r]).sources()} {r.names} {v!r}"
    )
    assert SECRET not in said


def test_a_virtual_raster_is_not_written_with_a_secret(tmp_path):
    from pyterra.io.raster import vrt

    with pytest.raises(SourceError, match=r"vrt: the address https://example\.org/a\.tif\?\*\*\* holds"):
        vrt._reference(f"https://example.org/a.tif?sig={SECRET}", tmp_path)
    assert vrt._reference("https://example.org/a.tif", tmp_path) == ("https://example.org/a.tif", False)


def test_reports_and_manifests_of_jobs_hold_none(tmp_path):
    def failing(tile, context):
        raise RuntimeError(TEXTS[tile])

    with Manifest(tmp_path / "m.sqlite") as manifest:
        for i in range(len(TEXTS)):
            found = perform(Work(failing, None), i)
            assert SECRET not in f"{found}"
            manifest.start(f"t{i}", "")
            manifest.fail(f"t{i}", TEXTS[i])
        assert SECRET not in str(list(manifest.records()))
    assert SECRET.encode() not in (tmp_path / "m.sqlite").read_bytes()


def test_a_line_of_progress_shows_none():
    told = io.StringIO()
    with Progress(1, f"write a.tif?token={SECRET}", enabled=True, stream=told) as shown:
        shown.advance()
    assert "write a.tif?" in f"{told.getvalue()} {shown.label}"
    assert SECRET not in f"{told.getvalue()} {shown.label}"


@pytest.mark.parametrize("text", [text.format(s=SECRET) for text in ADDRESSES if "://" in text])
def test_addresses_of_files_in_stac_items_hold_none(tmp_path, text):
    day = date(2000, 1, 1)
    item = Item(id="i", bbox=(0, 0, 1, 1), begin=day, end=day, assets={"a": Asset(href=text)})
    write_catalogue(
        tmp_path, [Collection(id="a", description="d", items=[item])], catalogue_id="c", description="d"
    )
    written = [path.read_text() for path in tmp_path.rglob("*.json")]
    assert len(written) == 3
    assert not any(SECRET in one for one in written)


def test_options_of_gdal_do_not_show_in_what_it_logs(tmp_path):
    hidden = {"GDAL_HTTP_USERPWD": f"me:{SECRET}", "GDAL_HTTP_HEADERS": f"Authorization: Bearer {SECRET}"}
    quick = {"GDAL_HTTP_MAX_RETRY": 0, "GDAL_HTTP_CONNECTTIMEOUT": 1, "CPL_DEBUG": "ON"}
    with rasterio.Env(**hidden, **quick):
        for call in (pt.rast, pt.vect):
            said = everything(lambda call=call: call("http://127.0.0.1:9/a.json"))
            assert "127.0.0.1" in said
            assert SECRET not in said


def test_clean_takes_what_an_error_says_of_its_file():
    error = OSError(2, "no such file", TEXTS[0])
    clean(error)
    assert SECRET not in f"{error} {error.filename}"
