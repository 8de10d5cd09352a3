"""A list comprehension."""


def item(x, turns):
    for _ in range(turns):
        x = 3.7 * x * (1 - x)
    return x


def process(xs, turns, workers):
    return [item(x, turns) for x in xs.tolist()]
