"""joblib.Parallel, backend threading."""

import joblib


def item(x, turns):
    for _ in range(turns):
        x = 3.7 * x * (1 - x)
    return x


def process(xs, turns, workers):
    return joblib.Parallel(n_jobs=workers, backend="threading")(joblib.delayed(item)(x, turns) for x in xs.tolist())
