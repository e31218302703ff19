"""The site is built without a warning, offline; its links lead somewhere, and its vignettes ran while it was built."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pyterra.verb_table import verbs

ROOT = Path(__file__).parents[1]


class Page(HTMLParser):
    """What a page links to, what it loads, and its anchors."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loaded, self.anchors = [], [], set()
        self.text = path.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.anchors.update(filter(None, (found.get("id"), found.get("name"))))
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        elif tag in ("script", "img", "iframe", "source", "video", "embed") and found.get("src"):
            self.loaded.append(found["src"])
        elif tag == "link" and found.get("rel") not in ("canonical", "next", "prev", "search", "index"):
            self.loaded.append(found["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the site."""
    for package in (
        "myst_nb",
        "pydata_sphinx_theme",
        "sphinx_design",
        "sphinx_copybutton",
        "ipykernel",
        "numpydoc",
    ):
        pytest.importorskip(package)
    folder = tmp_path_factory.mktemp("book")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "book"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {
        path: Page(path) for path in sorted((site / "html").rglob("*.html")) if "_static" not in path.parts
    }


@pytest.mark.timeout(1200)
def test_every_link_leads_somewhere(site, pages):
    lost = []
    for path, page in pages.items():
        for link in {*page.links, *page.loaded}:
            told = urlsplit(link)
            if told.scheme or told.netloc:
                continue
            target = (path.parent / unquote(told.path)).resolve() if told.path else path
            if target.is_dir():
                target /= "index.html"
            anchors = pages[target].anchors if target in pages else {unquote(told.fragment)}
            if not target.exists() or (told.fragment and unquote(told.fragment) not in anchors | {""}):
                lost.append(f"{path.relative_to(site)}: {link}")
    assert lost == []
    assert len(pages) > 10


@pytest.mark.timeout(1200)
def test_nothing_is_loaded_from_elsewhere(site, pages):
    foreign = re.compile(r"^(?:[a-z]+:)?//")
    found = [(path.name, one) for path, page in pages.items() for one in page.loaded if foreign.match(one)]
    for path in (site / "html").rglob("*.css"):
        text = path.read_text("utf-8")
        found += [
            (path.name, url)
            for url in re.findall(r"(?:url\(|@import\s*)[\"']?([^\"')\s]+)", text)
            if foreign.match(url)
        ]
    assert found == []
    assert not any("mathjax" in page.text.lower() for page in pages.values())


@pytest.mark.timeout(1200)
def test_every_vignette_ran(site, pages):
    """All code cells have been run in order, without a word of an error; those for R where R is."""
    for path in sorted((ROOT / "vignettes").glob("*.py")):
        if path.stem == "terra_chapter":  # stands in tabs
            chapter = pages[site / "html" / "vignettes" / "terra_chapter.html"].text
            assert chapter.count("sd-tab-set") > 20
            assert chapter.count("<img") > 5
            continue
        made = json.loads((site / "source" / "vignettes" / f"{path.stem}.ipynb").read_text())
        code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
        if path.stem == "r_in_python" and all(cell["execution_count"] is None for cell in code):
            continue
        assert all(cell["execution_count"] for cell in code), path.stem
        shown = pages[site / "html" / "vignettes" / f"{path.stem}.html"].loaded
        drawn = [one for cell in code for one in cell["outputs"] if "image/png" in one.get("data", {})]
        assert sum("_images" in one for one in shown) >= len(drawn) > 0, path.stem


@pytest.mark.timeout(1200)
def test_each_picture_of_the_gallery_has_its_thumbnail(site, pages):
    page = pages[site / "html" / "pictures.html"]
    assert len([one for one in page.loaded if "_static/gallery/" in one]) > 45
    assert len({one for one in page.links if one.startswith("vignettes/gallery.html#")}) > 45


@pytest.mark.timeout(1200)
def test_every_verb_has_a_page_with_its_signature_beside_that_of_terra(site, pages):
    here = {verb.python for verb in verbs() if verb.is_here and not verb.python.startswith("__")}
    reference = {path.stem: page for path, page in pages.items() if path.parent.name == "reference"}
    assert here - set(reference) == set()
    focal = reference["focal"].text
    assert "terra, in R" in focal
    assert "na.policy" in focal
    assert "focal.png" in focal
    assert "Differences from terra" in focal
    assert all("Source: pyterra/" in reference[name].text for name in ("focal", "vect", "crs"))
