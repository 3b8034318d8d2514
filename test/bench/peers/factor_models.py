"""iALS by the package `implicit`, and ELSA trained by NumPy alone, on a fixed split: what `vasp train` is compared with.

    pip install numpy scipy implicit==0.7.3
    python factor_models.py POSITIVES.csv SPLIT.json ials DIMENSION ALPHA0 LAMBDA EPOCHS
    python factor_models.py POSITIVES.csv SPLIT.json elsa DIMENSION RATE EPOCHS ROWS

POSITIVES.csv has the columns userId and movieId, SPLIT.json is a split file as `vasp split export` writes it. Prints one JSON document: means and standard errors
over validation and test users. Recall divides by min(k, targets).

`implicit` minimises sum over observed of c (s - 1)² + sum over all others of s² + r (|W|² + |H|²). With c = 1 + 1/alpha0 and r = (1 + alpha0) lambda / alpha0 that is the
objective of iALS with nu = 0, up to a common factor of all scores: both rank alike.
"""
import csv
import json
import sys

import numpy as np

DISCOUNT = 1 / np.log2(np.arange(2, 102))


class Data:
    def __init__(self, positives, split_file):
        with open(split_file, encoding="utf-8") as file:
            split = json.load(file)
        users = {}
        with open(positives, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                users.setdefault(row["userId"], set()).add(row["movieId"])
        place = {item: at for at, item in enumerate(str(i) for i in split["catalogue"])}
        self.items = len(place)
        held_out = {str(held["user"]) for part in ("validation", "test") for held in split[part]}
        train = [str(u) for u in split["train"]] if "train" in split else sorted(set(users) - held_out)
        self.train = self.matrix([[place[i] for i in users[u] if i in place] for u in train])
        self.parts = {
            part: (
                self.matrix([[place[str(i)] for i in held["foldIn"]] for held in split[part]]),
                [[place[str(i)] for i in held["targets"]] for held in split[part]],
            )
            for part in ("validation", "test")
        }

    def matrix(self, rows):
        x = np.zeros((len(rows), self.items), np.float32)
        for r, items in enumerate(rows):
            x[r, items] = 1
        return x

    def measure(self, score, part):
        x, targets = self.parts[part]
        scores = np.array(score(x), np.float64)
        scores[x > 0] = -np.inf
        best = np.argsort(-scores, axis=1, kind="stable")[:, :100]
        values = {"ndcg@100": [], "recall@20": [], "recall@50": []}
        for list_, wanted in zip(best, targets):
            hit = np.isin(list_, wanted)
            values["ndcg@100"].append((hit * DISCOUNT).sum() / DISCOUNT[: len(wanted)].sum())
            for k in (20, 50):
                values[f"recall@{k}"].append(hit[:k].sum() / min(k, len(wanted)))
        return {name: {"mean": np.mean(v), "se": np.std(v, ddof=1) / np.sqrt(len(v))} for name, v in values.items()}


def ials(data, dimension, alpha0, lam, epochs):
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix

    def confidences(x):
        return csr_matrix(x * np.float32(1 + 1 / alpha0))

    model = AlternatingLeastSquares(
        factors=int(dimension), regularization=(1 + alpha0) * lam / alpha0, iterations=int(epochs), use_cg=False, random_state=1,
    )
    model.fit(confidences(data.train), show_progress=False)

    def score(x):
        users = model.recalculate_user(np.arange(len(x)), confidences(x))
        return users @ model.item_factors.T

    return score


def elsa(data, dimension, rate, epochs, rows):
    """Nadam as in Keras 3; loss 1 - cos of the scores with the history; the epoch that validates best is kept."""
    rng = np.random.default_rng(1)
    limit = np.sqrt(6 / (data.items + dimension))
    raw = rng.uniform(-limit, limit, (data.items, int(dimension))).astype(np.float32)
    m, v, product, step = np.zeros_like(raw), np.zeros_like(raw), 1.0, 0
    momentum = lambda t: 0.9 * (1 - 0.5 * 0.96**t)
    kept, best = None, -1.0
    for _ in range(int(epochs)):
        order = rng.permutation(len(data.train))
        for begin in range(0, len(order), int(rows)):
            x = data.train[order[begin : begin + int(rows)]]
            norm = np.sqrt((raw * raw).sum(1, keepdims=True))
            a = raw / norm
            z = (x @ a) @ a.T - x
            length = np.sqrt((z * z).sum(1, keepdims=True))
            wanted = x / np.sqrt(x.sum(1, keepdims=True))
            unit = z / length
            dz = -(wanted - (unit * wanted).sum(1, keepdims=True) * unit) / length / len(x)
            da = x.T @ (dz @ a) + dz.T @ (x @ a)
            g = (da - a * (a * da).sum(1, keepdims=True)) / norm
            step += 1
            product *= momentum(step)
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            ahead = momentum(step + 1) * m / (1 - product * momentum(step + 1)) + (1 - momentum(step)) * g / (1 - product)
            raw -= rate * ahead / (np.sqrt(v / (1 - 0.999**step)) + 1e-7)
        a = raw / np.sqrt((raw * raw).sum(1, keepdims=True))
        score = lambda x, a=a: (x @ a) @ a.T - x
        reached = data.measure(score, "validation")["ndcg@100"]["mean"]
        if reached > best:
            kept, best = score, reached
    return kept


if __name__ == "__main__":
    positives, split_file, model, *numbers = sys.argv[1:]
    data = Data(positives, split_file)
    score = {"ials": ials, "elsa": elsa}[model](data, *map(float, numbers))
    print(json.dumps({part: data.measure(score, part) for part in ("validation", "test")}, indent=1))
