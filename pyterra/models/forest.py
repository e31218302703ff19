"""scikit-learn's forests, read out of their trees: the same bits as its own `predict`, sooner."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from pyterra import kernels
from pyterra.forks import renewed
from pyterra.run.one_thread import one_thread


class Forest:
    """A random forest or extra trees of scikit-learn, with one output.

    Rows with infinite or missing values, which most forests refuse, are left to scikit-learn.

    Parameters
    ----------
    model : object
        The estimator, with ``n_jobs=1``.
    name : str
        ``predict`` or ``predict_proba``.
    """

    def __init__(self, model: Any, name: str) -> None:
        self.model, self.name = model, name
        self._lock = renewed(threading.Lock())
        self._trees: Any = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Forest, (self.model, self.name)

    @staticmethod
    def takes(model: Any, name: str) -> bool:
        """Whether a model is such a forest."""
        kinds = (
            "RandomForestClassifier",
            "RandomForestRegressor",
            "ExtraTreesClassifier",
            "ExtraTreesRegressor",
        )
        if type(model).__module__ != "sklearn.ensemble._forest" or type(model).__name__ not in kinds:
            return False
        values = model.estimators_[0].tree_.value
        shares = not hasattr(model, "classes_") or np.allclose(values.sum(axis=2), 1)
        return name in ("predict", "predict_proba") and model.n_outputs_ == 1 and shares

    def __call__(self, rows: Any) -> Any:
        matrix = np.ascontiguousarray(rows, np.float32)
        if not np.isfinite(matrix).all():
            return self._plain(rows)
        nodes, values, roots, depths = self.trees
        out = np.zeros((len(matrix), values.shape[1]))
        kernels.forest.add_leaves(matrix, nodes, values, roots, depths, out)
        out /= len(roots)
        if not hasattr(self.model, "classes_"):
            return out[:, 0]
        return out if self.name == "predict_proba" else self.model.classes_.take(np.argmax(out, axis=1))

    @property
    def trees(self) -> Any:
        """Nodes, values, roots and depths of all trees."""
        with self._lock:
            if self._trees is None:
                self._trees = self._packed()
            return self._trees

    def _packed(self) -> Any:
        found = [estimator.tree_ for estimator in self.model.estimators_]
        roots = np.cumsum([0, *(tree.node_count for tree in found[:-1])])
        nodes = [
            kernels.forest.pack(
                tree.children_left, tree.children_right, tree.feature, tree.threshold, int(root)
            )
            for tree, root in zip(found, roots, strict=True)
        ]
        values = np.concatenate([tree.value[:, 0, :] for tree in found])
        depths = np.array([tree.max_depth for tree in found], np.int64)
        return np.concatenate(nodes), np.ascontiguousarray(values), roots.astype(np.uint32), depths

    def _plain(self, rows: Any) -> Any:
        names = getattr(self.model, "feature_names_in_", None)
        if names is not None:
            import pandas as pd

            rows = pd.DataFrame(rows, columns=pd.Index(names))
        with one_thread():
            return getattr(self.model, self.name)(rows)
