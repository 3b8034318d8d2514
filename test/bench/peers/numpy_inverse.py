"""NumPy's inverse of G + lambda I in float32, and EASE's weights solved in float64 for comparison.

    python numpy_inverse.py GRAM.f32 ITEMS LAMBDA WEIGHTS.f32 [--check]

GRAM.f32 holds G, row-major float32; WEIGHTS.f32 the weights to be checked, [source, target]. Prints one JSON document.
"""
import json
import sys
import time

import numpy as np

gram_file, items, ridge, weights_file = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
gram = np.fromfile(gram_file, np.float32).reshape(items, items)
gram[np.diag_indices(items)] += ridge
started = time.perf_counter()
np.linalg.inv(gram)
seconds = time.perf_counter() - started
worst = None
if "--check" in sys.argv:
    p = np.linalg.inv(gram.astype(np.float64))
    exact = -p / np.diag(p)
    np.fill_diagonal(exact, 0)
    worst = float(np.abs(exact - np.fromfile(weights_file, np.float32).reshape(items, items)).max())
print(json.dumps({"seconds": seconds, "worst": worst, "numpy": np.__version__}))
