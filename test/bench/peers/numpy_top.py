"""NumPy's way to the k best unseen items of each row of scores: argpartition, then the order among the k.

    python numpy_top.py SCORES.f32 ITEMS K COLUMNS.i32 OFFSETS.i32

SCORES.f32 holds the scores, row-major float32; row r has seen the items COLUMNS[OFFSETS[r]:OFFSETS[r + 1]]. Prints one JSON document: the best time of
three, and the lists, for comparison.
"""
import json
import sys
import time

import numpy as np

scores_file, items, k, columns_file, offsets_file = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
scores = np.fromfile(scores_file, np.float32).reshape(-1, items)
columns, offsets = np.fromfile(columns_file, np.int32), np.fromfile(offsets_file, np.int32)
rows = np.repeat(np.arange(len(scores)), np.diff(offsets))
seconds = []
for _ in range(3):
    started = time.perf_counter()
    masked = scores.copy()
    masked[rows, columns] = -np.inf
    some = np.argpartition(masked, items - k, axis=1)[:, items - k:]
    order = np.argsort(-np.take_along_axis(masked, some, 1), axis=1, kind="stable")
    best = np.take_along_axis(some, order, 1)
    seconds.append(time.perf_counter() - started)
values = np.take_along_axis(scores, best, 1)
print(json.dumps({"seconds": min(seconds), "sum": float(values.astype(np.float64).sum()), "numpy": np.__version__}))
