"""Sphinx: how the site looks. ``tools/book`` lays out what it is made of, and calls it."""

import json
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from sphinx.search.en import SearchEnglish

project = "pyterra"
release = version_of("pyterra-geo")
copyright = "the authors of pyterra, MIT licence"
language = "en"

extensions = ["myst_nb", "sphinx_design", "sphinx_copybutton"]
exclude_patterns = ["_parts/**"]
nitpicky = False
default_role = "code"
python_use_unqualified_type_names = True
add_module_names = False

nb_execution_mode = "off"  # tools/book has run them
nb_output_stderr = "warn"
nb_merge_streams = True
nb_number_source_lines = False
nb_code_prompt_show = "Show the answer"
nb_code_prompt_hide = "Hide the answer"
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline", "attrs_block", "fieldlist"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings = ["myst.header"]
copybutton_prompt_text = r">>> |\.\.\. |> "
copybutton_prompt_is_regexp = True
copybutton_selector = "div.highlight pre"

html_theme = "pydata_sphinx_theme"
html_title = "pyterra"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 6,
    "show_prev_next": False,
    "navigation_depth": 2,
    "show_nav_level": 1,
    "collapse_navigation": True,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "logo": {"text": "pyterra"},
}
html_sidebars = {
    "reference/*": ["verbs.html"],
    "reference/groups/*": ["verbs.html"],
    "index": [],
    "start": [],
    "cheatsheet": [],
}
templates_path = ["_templates"]


def beside(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Verbs of the same group, for the side of a page of the reference: quicker than the whole tree on every page."""
    if page.startswith("reference/"):
        groups = json.loads((Path(app.srcdir) / "_parts" / "groups.json").read_text())
        name = page.rpartition("/")[2]
        here = next((g for g, told in groups.items() if g == name or name in next(iter(told.values()))), None)
        context["groups"], context["group"], context["verb"] = groups, here, name


def stemmed_once() -> None:
    """Let the search find the stem of each word once, not on every page: a tenth of all that Sphinx does here."""
    SearchEnglish.stem = staticmethod(cache(SearchEnglish({}).stem))


def setup(app: Any) -> None:
    """What the theme does not do."""
    stemmed_once()
    app.connect("html-page-context", beside)
