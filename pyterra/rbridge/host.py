"""What the R package asks of Python.

A question is a JSON text and a list of objects that it points at; the answer is an object of pyterra, a JSON text,
or both. Errors, warnings and interrupts are parts of the answer: nothing is raised into R.

Values in a text: ``{"#": k}`` is object number k (a raster, a vector, an array of doubles), ``{"frame": ..., "#": k}`` a
table, ``{"date": [...]}`` and ``{"time": [...]}`` days and seconds since 1970, ``{"na": true}`` a missing value that
stands alone; the rest is plain JSON, with null for NULL and for what is missing among others.
"""

from __future__ import annotations

import copy
import json
import math
import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from inspect import isfunction
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import PyterraError
from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatnetwork import SpatNetwork
from pyterra.handles.spatraster import SpatRaster
from pyterra.handles.spatvector import SpatVector
from pyterra.handles.spatvectorproxy import SpatVectorProxy
from pyterra.handles.vectors import SpatVectorCollection
from pyterra.options import options
from pyterra.rbridge.host_arguments import MISSING, fitting

Doubles = NDArray[np.float64]
OBJECTS = (
    SpatRaster,
    SpatVector,
    SpatExtent,
    SpatRasterDataset,
    SpatRasterCollection,
    SpatVectorCollection,
    SpatVectorProxy,
    SpatNetwork,
)
"""What stays in Python and goes to R as a handle."""
MODULES = {"function": "pyterra", "special": "pyterra.rbridge.host_verbs"}
"""Where functions that are no methods are."""
INLINE = 500
"""Numbers up to which a vector is written into the text; more travel as an array."""


# Questions


def ask(question: str, *objects: Any) -> Any:
    """Answer a question of R: an object of pyterra, a text, or (text, object, ...) where there are several."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            result = _do(json.loads(question), objects)
            said = _said(caught)
            if isinstance(result, OBJECTS) and not said:
                return result
            parts: list[Any] = []
            text = _text({**told(result, parts), **({"warnings": said} if said else {})})
            return (text, *parts) if parts else text
        except KeyboardInterrupt:
            return _text({"is": "interrupt"})
        except Exception as error:
            return _text({**_failure(error), "warnings": _said(caught)})


def _do(question: dict[str, Any], objects: Sequence[Any]) -> Any:
    do, name = question["do"], question["name"]
    told_first, told_by_name = question.get("positional", []), question.get("named", {})
    positional = [value_of(v, objects) for v in told_first]
    named = {key: value_of(v, objects) for key, v in told_by_name.items()}
    called = _called(do, name, positional)
    if called is not None:
        told = [*enumerate(told_first), *told_by_name.items()]
        missing = frozenset(place for place, v in told if v == MISSING)
        positional, named = fitting(name, called, positional, named, missing)
    answer = DOES[do]
    if not question.get("now"):
        return answer(name, *positional, **named)
    with options(executor="serial"):  # a function of R runs on this thread alone
        result = answer(name, *positional, **named)
        return result.compute() if isinstance(result, SpatRaster) else result


def _called(do: str, name: str, args: Sequence[Any]) -> Callable[..., Any] | None:
    """The function whose signature says what the arguments must be; None where there is none."""
    if do in MODULES:
        return cast(Callable[..., Any], getattr(import_module(MODULES[do]), name))
    if do not in ("call", "set"):
        return None
    found = getattr(type(args[0]), name, None)
    found = found.fset if isinstance(found, property) else found
    return found if isfunction(found) else None


def _call(name: str, x: Any, *args: Any, **kwargs: Any) -> Any:
    return getattr(x, name)(*args, **kwargs)


def _set(name: str, x: Any, value: Any) -> Any:
    """A copy of the handle with a property set: other variables of R keep theirs."""
    made = copy.copy(x)
    setattr(made, name, value)
    return made


def _set_item(name: str, x: Any, key: Any, value: Any) -> Any:
    made = copy.copy(x)
    made[key] = value
    return made


def _function(name: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(import_module(MODULES["function"]), name)(*args, **kwargs)


def _special(name: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(import_module(MODULES["special"]), name)(*args, **kwargs)


DOES: dict[str, Callable[..., Any]] = {
    "call": _call,
    "get": lambda name, x: getattr(x, name),
    "set": _set,
    "item": lambda name, x, key: x[key],
    "set_item": _set_item,
    "function": _function,
    "special": _special,
}


def value_of(value: Any, objects: Sequence[Any]) -> Any:
    """What a part of a question stands for."""
    if isinstance(value, list):
        return [value_of(v, objects) for v in value]
    if not isinstance(value, dict):
        return value
    if "frame" in value:
        from pyterra.rbridge import tables

        return tables.frame_of(value["frame"], objects[value["#"]])
    if "#" in value:
        found = objects[value["#"]]
        if "whole" in value:
            found = found.astype(np.int64)
        return found if "dim" not in value else found.reshape(value["dim"], order="F")
    if "function" in value:
        made: Any = getattr(import_module("pyterra.rbridge.host_functions"), value["as"])
        return made(objects[value["function"]])
    if "date" in value:
        return [None if v is None else np.datetime64(int(v), "D") for v in value["date"]]
    if "time" in value:
        return [None if v is None else np.datetime64(int(v), "s") for v in value["time"]]
    if "numbers" in value:  # missing is NaN, also where there is one number
        return np.array([math.nan if v is None else v for v in value["numbers"]])
    if value == MISSING:
        return None
    if "nan" in value:
        return math.nan
    return {key: value_of(v, objects) for key, v in value["named"].items()}


# Answers


def told(result: Any, parts: list[Any]) -> dict[str, Any]:
    """A result in the words of an answer; objects and arrays are added to `parts`."""
    if isinstance(result, OBJECTS) or hasattr(result, "opaque"):
        parts.append(result)
        return {"is": "object", "#": len(parts) - 1}
    if result is None:
        return {"is": "null"}
    if isinstance(result, str | os.PathLike):
        return {"is": "text", "value": [os.fspath(result)]}
    if isinstance(result, bool | np.bool_):
        return {"is": "logical", "value": [bool(result)]}
    if isinstance(result, int | float | np.integer | np.floating):
        return _numbers(np.array([result], dtype=np.float64), parts)
    if hasattr(result, "to_wkt") and hasattr(result, "to_epsg"):
        return {"is": "text", "value": [result.to_wkt()]}
    if isinstance(result, Mapping):
        return _listed(list(result.values()), parts, [str(k) for k in result])
    if hasattr(result, "itertuples"):
        return _frame(result, parts)
    if hasattr(result, "to_frame"):  # a Series: numbers with names
        return {**told(result.to_numpy(), parts), "names": [str(k) for k in result.index]}
    if isinstance(result, np.ndarray):
        return _array(result, parts)
    if isinstance(result, Iterable):
        items = list(result)
        if items and all(isinstance(v, str) for v in items):
            return {"is": "text", "value": items}
        if items and all(isinstance(v, bool | np.bool_) for v in items):
            return {"is": "logical", "value": [bool(v) for v in items]}
        if items and all(isinstance(v, int | float | np.integer | np.floating) for v in items):
            return _numbers(np.array(items, dtype=np.float64), parts)
        return _listed(items, parts, None)
    raise TypeError(f"a {type(result).__name__} has no counterpart in R")


def _listed(items: list[Any], parts: list[Any], names: list[str] | None) -> dict[str, Any]:
    return {"is": "list", "value": [told(v, parts) for v in items], **({"names": names} if names else {})}


def _array(array: NDArray[Any], parts: list[Any]) -> dict[str, Any]:
    dim = {"dim": list(array.shape)} if array.ndim > 1 else {}
    flat = array.ravel(order="F")
    if array.dtype.kind == "b":
        return {"is": "logical", "value": flat.tolist(), **dim}
    if array.dtype.kind == "M":
        unit = "date" if np.datetime_data(array.dtype)[0] == "D" else "time"
        numbers = flat.astype("datetime64[D]" if unit == "date" else "datetime64[s]")
        return {
            **_numbers(np.where(np.isnat(numbers), np.nan, numbers.astype(np.int64)), parts),
            "class": unit,
        }
    if array.dtype.kind in "iuf":
        return {**_numbers(flat.astype(np.float64, copy=False), parts), **dim}
    return {"is": "text", "value": [None if v is None or v != v else str(v) for v in flat.tolist()], **dim}


def _numbers(numbers: Doubles, parts: list[Any]) -> dict[str, Any]:
    if (
        numbers.size > INLINE or np.isnan(numbers).any()
    ):  # which kind of missing, NA or NaN, only an array tells
        parts.append(np.ascontiguousarray(numbers))
        return {"is": "array", "#": len(parts) - 1}
    if np.isfinite(numbers).all():
        return {"is": "numbers", "value": numbers.tolist()}
    return {
        "is": "numbers",
        "value": [{math.inf: "Inf", -math.inf: "-Inf"}.get(v, repr(v)) for v in numbers.tolist()],
    }


def _frame(frame: Any, parts: list[Any]) -> dict[str, Any]:
    from pyterra.rbridge import tables

    header, table = tables.parts_of(frame.reset_index(drop=True))
    parts.append(np.asarray(table, dtype=np.float64).ravel(order="F"))
    named = frame.index.dtype.kind not in "iu"
    rows = {"rows": [str(v) for v in frame.index]} if named else {}
    return {"is": "frame", "header": json.dumps(header), "#": len(parts) - 1, **rows}


def _failure(error: Exception) -> dict[str, Any]:
    classes = [cls.__name__ for cls in type(error).__mro__ if cls not in (object, BaseException)]
    text = str(error) if isinstance(error, PyterraError) or str(error) else type(error).__name__
    return {"is": "error", "message": text, "classes": classes}


def _said(caught: list[warnings.WarningMessage]) -> list[str]:
    return list(dict.fromkeys(str(one.message) for one in caught if issubclass(one.category, UserWarning)))


def _text(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


# Doubles through files, where reticulate does not convert arrays


def echo(array: Doubles) -> Doubles:
    """The same numbers in another array; R probes with it whether arrays are converted."""
    return np.array(array, dtype=np.float64, order="F")


def own(array: Doubles) -> Doubles:
    """The numbers of a matrix of R, column after column, in memory of Python: R may free its own."""
    return np.array(array, dtype=np.float64, order="F").reshape(-1, order="F")


def column(array: Doubles) -> Doubles:
    """Numbers as a matrix of one column: reticulate converts matrices fast, vectors slowly."""
    return np.ascontiguousarray(array, dtype=np.float64).reshape(-1, 1)


def load_doubles(path: str) -> Doubles:
    """Numbers that R wrote."""
    return np.fromfile(path, dtype=np.float64)


def save_doubles(array: Doubles, path: str) -> int:
    """Write numbers for R; how many there are."""
    flat = np.ascontiguousarray(array, dtype=np.float64).reshape(-1)
    flat.tofile(path)
    return int(flat.size)


def size(array: Doubles) -> str:
    """How many numbers an array has, as text."""
    return str(int(array.size))
