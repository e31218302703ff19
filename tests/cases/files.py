"""Cases of files of other formats."""

from __future__ import annotations

import pyterra as pt
from cases.case import Case, new_path

FILES = [
    Case("write_cdf", lambda z: z.x.write_cdf(new_path(z, "nc"), "light"), reads="files hold values"),
    Case(
        "write_cdf",
        lambda z: pt.write_cdf({"a": z.series, "b": z.one}, new_path(z, "nc")),
        "variables",
        reads="files hold values",
    ),
]
