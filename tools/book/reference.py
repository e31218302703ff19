"""The reference: a page for each verb, made of the table of verbs, the docstrings and the differences from terra."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from groups import COST, GROUPS
from rst import Docstring, code, directive, from_markdown, heading, rows_of

import pyterra as pt
from pyterra.elsewhere import WORDS
from pyterra.generics import CLASSES, is_property, member
from pyterra.verb_table import SIGNS, Verb, verbs

ROOT = Path(__file__).parents[2]
OBJECTS = {
    "SpatRaster": "r",
    "SpatVector": "v",
    "SpatExtent": "e",
    "SpatRasterDataset": "d",
    "SpatRasterCollection": "s",
    "SpatVectorCollection": "s",
    "SpatNetwork": "n",
    "SpatVectorProxy": "p",
}
"""How an object of a class is called in signatures."""


@dataclass
class Way:
    """A function of a verb, and the classes that share it."""

    function: Any
    rows: list[Verb] = field(default_factory=list)

    @property
    def body(self) -> Any:
        """The plain function under a property or a wrapper."""
        found = self.function.fget if isinstance(self.function, property) else self.function
        return inspect.unwrap(found) if callable(found) else found

    @property
    def classes(self) -> list[str]:
        """Classes, without functions of the package."""
        return list(dict.fromkeys(row.cls for row in self.rows if row.owner != "pt"))


@dataclass
class Entry:
    """A page."""

    name: str
    group: str
    ways: list[Way] = field(default_factory=list)

    @property
    def rows(self) -> list[Verb]:
        """Its rows of the table."""
        return [row for way in self.ways for row in way.rows]


def group_of(row: Verb) -> str:
    """The group of a verb, a key of `GROUPS`."""
    if row.family.startswith("series.") and row.terra == ".":
        return "series"
    return row.theme if row.theme in GROUPS else "misc"


def _function(row: Verb) -> Any:
    if row.owner == "pt":
        return getattr(pt, row.python, None)
    owner = next((cls for cls in (*CLASSES,) if cls.__name__ == row.cls), None)
    return member(owner, row.python) if owner else None


@cache
def entries() -> dict[str, Entry]:
    """All pages by name; operators have none, they are in one table."""
    found: dict[str, Entry] = {}
    for row in verbs():
        if not row.is_here or row.python.startswith("__"):
            continue
        function = _function(row)
        if function is None:
            continue
        entry = found.setdefault(row.python, Entry(row.python, group_of(row)))
        key = inspect.getdoc(function)
        way = next((one for one in entry.ways if inspect.getdoc(one.function) == key), None)
        if way is None:
            way = Way(function)
            entry.ways.append(way)
        way.rows.append(row)
    return found


@cache
def terra_arguments() -> dict[tuple[str, str], str]:
    """Arguments of terra's functions by name and class."""
    lines = (Path(__file__).with_name("terra_signatures.tsv")).read_text("utf-8").splitlines()[2:]
    return {(name, cls): told for name, cls, told in (line.split("\t") for line in lines)}


@cache
def differences(section: str = "Verbs") -> list[list[str]]:
    """Rows of a table of docs/differences.md: what, terra, pyterra, why."""
    text = (
        (ROOT / "docs" / "differences.md").read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    )
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


def differences_of(entry: Entry) -> list[list[str]]:
    """Rows of the table of verbs that name it."""
    words = {entry.name, *(row.terra for row in entry.rows)}

    def names(cell: str) -> bool:
        return any(
            re.match(r"[\w.]+", one) and re.match(r"[\w.]+", one)[0] in words  # type: ignore[index]
            for one in re.findall(r"`([^`]+)`", cell)
        )

    return [row for row in differences() if names(row[0])]


def grouped_differences(text: str) -> str:
    """The page of differences with its long table of verbs cut into one for each group of verbs."""
    start, rest = text.split("\n## Verbs\n")
    table, end = rest.split("\n## ", 1)
    head, line, *rows = [one for one in table.splitlines() if one.startswith("|")]
    found: dict[str, list[str]] = {}
    by_terra = {row.terra: row for row in reversed(verbs())}
    for row in rows:
        words = re.findall(r"[A-Za-z_][\w.]*", " ".join(re.findall(r"`([^`]+)`", row.split(" | ")[0])))
        known = [word for word in words if word in entries() or word in by_terra]
        meant = (
            entries()[known[0]].rows[0]
            if known and known[0] in entries()
            else by_terra.get((known or [""])[0])
        )
        found.setdefault(group_of(meant) if meant else "misc", []).append(row)
    parts = [
        "\n".join([f"### {title}\n", head, line, *found[group], ""])
        for group, title in GROUPS.items()
        if group in found
    ]
    return f"{start}\n## Verbs\n\n" + "\n".join(parts) + f"\n## {end}"


def _defaults(function: Any) -> str:
    """Parameters after the first, as they are called."""
    parts, starred = [], False
    for i, one in enumerate(inspect.signature(function).parameters.values()):
        if i == 0 and one.kind is not one.VAR_POSITIONAL:
            continue
        if one.kind is one.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        starred = starred or one.kind is one.VAR_POSITIONAL
        mark = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        default = "" if one.default is one.empty else f"={one.default!r}"
        parts.append(f"{mark}{one.name}{default}")
    return ", ".join(parts)


def _call(name: str, arguments: str) -> str:
    line = f"{name}({arguments})"
    if len(line) <= 42:
        return line
    parts = re.split(r", (?![^(\[{]*[)\]}])", arguments)
    lines, now = [], "    "
    for part in parts:
        if len(now) + len(part) > 40 and now.strip():
            lines.append(now.rstrip())
            now = "    "
        now += part + ", "
    return "\n".join([f"{name}(", *lines, now.rstrip().rstrip(","), ")"])


def _ours(entry: Entry, way: Way) -> str:
    lines = []
    if not way.classes:
        told = inspect.signature(way.body)
        full = _defaults(way.body)
        first = next(iter(told.parameters.values()), None)
        if first is not None and first.kind is not first.VAR_POSITIONAL:
            begin = first.name + ("" if first.default is first.empty else f"={first.default!r}")
            full = f"{begin}, {full}" if full else begin
        return _call(f"pt.{entry.name}", full)
    for cls in way.classes:
        x = OBJECTS[cls]
        if is_property(way.function):
            lines.append(f"{x}.{entry.name}")
            if any(row.kind == "setter" and row.cls == cls for row in way.rows):
                lines.append(f"{x}.{entry.name} = value")
        else:
            lines.append(_call(f"{x}.{entry.name}", _defaults(way.body)))
    x = OBJECTS[way.classes[0]]
    return "\n".join(
        dict.fromkeys([*lines, f"pt.{entry.name}({x}{'' if is_property(way.function) else ', ...'})"])
    )


def _theirs(way: Way) -> str:
    lines = []
    for row in way.rows:
        if row.terra == ".":
            continue
        told = next(
            (
                terra_arguments()[key]
                for key in ((row.terra, row.cls), (row.terra, "ANY"), (row.terra, "."))
                if key in terra_arguments()
            ),
            None,
        )
        if told is None and row.cls == ".":
            told = next((args for (name, _), args in terra_arguments().items() if name == row.terra), None)
        if row.terra.endswith("<-"):
            lines.append(f"{row.terra.removesuffix('<-')}(x) <- value")
        elif told is not None:
            lines.append(_call(row.terra, told))
        else:
            lines.append(f"{row.terra}(x)")
    return "\n".join(dict.fromkeys(lines))


def _source(way: Way) -> str:
    try:
        lines, first = inspect.getsourcelines(way.body)
    except (OSError, TypeError):
        return ""
    text = inspect.cleandoc("\n" + "".join(lines))
    tree = ast.parse(text).body[0]
    doc = tree.body[0] if isinstance(tree, ast.FunctionDef | ast.ClassDef) else None
    kept = text.splitlines()
    if isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant):
        del kept[doc.lineno - 1 : doc.end_lineno]
    file = Path(inspect.getsourcefile(way.body) or "").resolve()
    where = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file.name
    return directive("dropdown", f"Source: {where}, line {first}", code("\n".join(kept)))


def _asked(rows: list[Verb]) -> str:
    told = list(dict.fromkeys(row.asked for row in rows if row.asked not in (".", "-")))
    live = [f"``tests/live/{one}.py``" for one in told if one.startswith("ask_")]
    other = [from_markdown(one) for one in told if not one.startswith("ask_")]
    compared = [f"compared with live terra on random input by {', '.join(live)}"] if live else []
    return "; ".join([*compared, *other])


def _in_r(rows: list[Verb]) -> str:
    told = []
    for row in rows:
        if row.methods and row.terra != ".":
            told.append(f"``{row.terra}`` of {row.cls}")
        elif row.methods:
            told.append(f"``{row.python}`` (pyterra alone has it)")
    return "; ".join(dict.fromkeys(told))


def _glance(way: Way, doc: Docstring) -> str:
    """What a table at the side of a verb says."""
    rows = []
    nodes = list(dict.fromkeys(one for row in way.rows for one in row.node.split() if one in COST))
    missing = doc.parameter("na_rm")
    if missing:
        rows.append(("Missing values", f"``na_rm``: {missing}"))
    else:
        text = " ".join([doc.more(), doc.section("Notes")]).replace("\n", " ")
        said = [one for one in re.split(r"(?<=\.)\s+(?=[A-Z`:])", text) if re.search(r"missing|NaN", one)]
        said = [one for one in said if one.count("``") % 2 == 0 and not re.search(r"(?:^|\s)[-*]\s|::", one)]
        if said:
            rows.append(("Missing values", " ".join(said[:2])))
    if nodes:
        rows.append(("Cost", "; ".join(f"{COST[one]} (``{one}``)" for one in nodes)))
    if asked := _asked(way.rows):
        rows.append(("Tested", asked))
    if told := _in_r(way.rows):
        rows.append(("From R", told))
    return rows_of(rows, widths="20 80") if rows else ""


def _way(entry: Entry, way: Way, level: int, names: dict[str, Entry], picture: str) -> Iterator[str]:
    doc = Docstring(inspect.getdoc(way.function), names, entry.name)
    yield doc.summary + "\n"
    theirs = _theirs(way)
    cards = directive(
        "grid-item-card",
        "",
        "**Python**\n\n" + code(_ours(entry, way)),
        columns="12" if not theirs else "12 12 6 6",
    )
    if theirs:
        cards += directive(
            "grid-item-card", "", "**terra, in R**\n\n" + code(theirs, "r"), columns="12 12 6 6"
        )
    yield directive("grid", "1 1 2 2", cards, gutter="2", class_container="signatures")
    if more := doc.more():
        yield more + "\n"
    if found := doc.list_of("Parameters"):
        yield heading("Arguments", level) + "\n" + found + "\n"
    results = doc.list_of("Returns") or doc.list_of("Yields")
    if results:
        yield heading("Result", level) + "\n" + results + "\n"
    if found := doc.list_of("Raises"):
        yield heading("Errors", level) + "\n" + found + "\n"
    if examples := doc.section("Examples"):
        yield heading("Examples", level) + "\n" + examples + "\n"
    yield picture
    if notes := doc.section("Notes"):
        yield heading("Notes", level) + "\n" + notes + "\n"
    if glance := _glance(way, doc):
        yield heading("At a glance", level) + "\n" + glance + "\n"
    if references := doc.section("References"):
        yield heading("References", level) + "\n" + references + "\n"
    if also := doc.see_also():
        yield heading("See also", level) + "\n" + "\n".join(f"- {line}" for line in also) + "\n"
    yield _source(way)


def page(name: str, picture: str = "") -> str:
    """The page of a verb.

    Parameters
    ----------
    name : str
    picture : str
        A section with a picture, already written.
    """
    names = entries()
    entry = names[name]
    terra = ", ".join(dict.fromkeys(row.terra for row in entry.rows if row.terra not in (".", name)))
    lines = [
        heading(name, 0),
        # marked as the main ones, these come first when one searches the site
        f".. index:: {', '.join(f'! {one}' for one in (name, *terra.split(', '), *WORDS.get(name, ())) if one)}\n",
    ]
    for number, way in enumerate(entry.ways):
        several = len(entry.ways) > 1
        if several:
            lines.append(heading(" and ".join(way.classes) or "Function", 1))
        lines += _way(entry, way, 2 if several else 1, names, picture if number == 0 else "")
    if words := WORDS.get(name):
        lines.append(f"Elsewhere: {', '.join(words)}.\n")
    if rows := differences_of(entry):
        table = [(from_markdown(a), from_markdown(b), from_markdown(c)) for a, b, c, *_ in rows]
        lines += [
            heading("Differences from terra", 1),
            rows_of(table, ("What", "terra", "pyterra"), "25 35 40"),
        ]
    lines.append(f":doc:`All verbs of this group: {GROUPS[entry.group]} </reference/groups/{entry.group}>`\n")
    return "\n".join(lines)


def _first_line(entry: Entry) -> str:
    doc = Docstring(inspect.getdoc(entry.ways[0].function), entries(), entry.name)
    return doc.summary


def group_page(group: str) -> str:
    """The page of a group: its verbs in a table."""
    inside = sorted(
        (entry for entry in entries().values() if entry.group == group), key=lambda entry: entry.name
    )
    rows = []
    for entry in inside:
        terra = ", ".join(dict.fromkeys(f"``{row.terra}``" for row in entry.rows if row.terra != "."))
        classes = ", ".join(dict.fromkeys(row.cls for row in entry.rows if row.cls != "."))
        rows.append((f":doc:`{entry.name} </reference/{entry.name}>`", terra, classes, _first_line(entry)))
    tree = directive(
        "toctree", "", "\n".join(f"/reference/{entry.name}" for entry in inside), maxdepth="1", hidden=""
    )
    extra = _operators() if group == "local-arith" else ""
    return "\n".join(
        [
            heading(GROUPS[group], 0),
            rows_of(rows, ("Verb", "terra", "Classes", "What it does"), "18 18 22 42"),
            extra,
            tree,
        ]
    )


def _operators() -> str:
    rows = []
    for row in verbs():
        if row.kind == "operator" and row.python in SIGNS:
            sign = SIGNS[row.python]
            rows.append((f"``{row.terra}``", f"``{sign.rstrip('(')}``", row.cls))
    told: dict[tuple[str, str], list[str]] = {}
    for terra, ours, cls in rows:
        told.setdefault((terra, ours), []).append(cls)
    table = [(*key, ", ".join(dict.fromkeys(classes))) for key, classes in told.items()]
    return heading("Operators", 1) + "\n" + rows_of(table, ("terra", "Python", "Classes"), "20 20 60")


def r_page() -> str:
    """One table of what the R package does of each verb."""
    parts = [
        heading("Verbs from R", 0),
        "The R package has terra's verbs for objects that ``as_py`` has handed to Python. Verbs with a row here are computed by\n"
        "pyterra, with the arguments that the row names; whatever is not here is left to terra, with a message, as ``?fall-back`` says.\n",
    ]
    for group, title in GROUPS.items():
        rows = []
        for row in verbs():
            if not row.methods or group_of(row) != group:
                continue
            arguments = " ".join(
                dict.fromkeys(
                    re.split(r"[>:?~!=]", word)[0]
                    for method in row.methods
                    for word in method.arguments.split()
                    if word != "." and not word.startswith("@")
                )
            )
            ours = (
                f":doc:`{row.python} </reference/{row.python}>`"
                if row.python in entries()
                else f"``{row.python}``"
            )
            rows.append(
                (
                    f"``{row.terra if row.terra != '.' else row.python}``",
                    row.cls,
                    f"``{arguments}``" if arguments else "",
                    ours,
                )
            )
        if rows:
            parts += [
                heading(title, 1),
                rows_of(rows, ("R", "Class", "Arguments after the first", "Python"), "20 20 38 22"),
            ]
    return "\n".join(parts)


def index() -> str:
    """The page of all groups."""
    used = [group for group in GROUPS if any(entry.group == group for entry in entries().values())]
    cards = ""
    for group in used:
        inside = sorted(entry.name for entry in entries().values() if entry.group == group)
        words = " ".join(f":doc:`{name} </reference/{name}>`" for name in inside)
        cards += directive("grid-item-card", f":doc:`{GROUPS[group]} </reference/groups/{group}>`", words)
    tree = directive(
        "toctree",
        "",
        "\n".join([*(f"/reference/groups/{group}" for group in used), "/reference/r"]),
        hidden="",
        maxdepth="1",
    )
    return "\n".join(
        [
            heading("Reference", 0),
            f"The {len(entries())} verbs, in the order in which terra's help index groups them. Each page has the signature beside\n"
            "terra's, the arguments, an example with its output, what is done about missing values, what it costs, and where it\n"
            "differs from terra. Verbs are methods, ``r.focal(5)``, and functions, ``pt.focal(r, 5)``.\n",
            directive("grid", "1 1 2 2", cards, gutter="3", class_container="groups"),
            ":doc:`What the R package does of each verb </reference/r>`\n",
            tree,
        ]
    )


def pages(pictures: dict[str, str]) -> dict[str, str]:
    """All pages of the reference, by their file."""
    made = {
        "reference/index.rst": index(),
        "reference/r.rst": r_page(),
        "reference/landscape.rst": landscape_page(),
    }
    for group in GROUPS:
        if any(entry.group == group for entry in entries().values()):
            made[f"reference/groups/{group}.rst"] = group_page(group)
    made |= {f"reference/{name}.rst": page(name, pictures.get(name, "")) for name in entries()}
    return made


def landscape_page() -> str:
    """The page of the landscape that the pictures show."""
    text = Path(__file__).with_name("landscape.py").read_text("utf-8")
    return "\n".join(
        [
            ":orphan:\n",
            heading("The landscape of the pictures", 0),
            "Pictures of the reference show this landscape. ``landscape()`` makes it in a moment; copy it to try what you see.\n",
            code(text),
        ]
    )


def siblings() -> dict[str, dict[str, list[str]]]:
    """Verbs of each group, for the side of their pages."""
    return {
        group: {title: sorted(entry.name for entry in entries().values() if entry.group == group)}
        for group, title in GROUPS.items()
    }
