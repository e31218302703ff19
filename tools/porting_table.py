"""Print docs/porting.md: the table of verbs that stands in vignettes/porting.py, the only place where it is edited."""

from pathlib import Path

STORY = Path(__file__).parents[1] / "vignettes" / "porting.py"
HEAD = """# Verbs of terra, pyterra, and the rest

<!-- made from vignettes/porting.py by tools/porting_table.py -->
"""
FOOT = """
[vignettes/porting.py](../vignettes/porting.py) ports a script line by line and shows ten traps;
[differences.md](differences.md) tells where pyterra means to differ.
"""


def section() -> str:
    """Text and table below the heading, without comment signs."""
    cells = STORY.read_text().split("\n# %%")
    cell = next(cell for cell in cells if "# ## Verbs side by side" in cell)
    lines = [line[2:] for line in cell.strip().splitlines() if line.startswith("#")]
    return "\n".join(lines[1:]).strip()


if __name__ == "__main__":
    print(f"{HEAD}\n{section()}\n{FOOT}", end="")
