"""Weights on the simplex, synthetic controls and their placebos, from other programs, on invented returns.

Weights: quadprog (Goldfarb & Idnani 1983, a dual active-set method) and scipy.optimize.nnls on the bordered system; the one with the
lower sum of squares is written down, and both must agree. Everything else is numpy from those weights on.
"""

import itertools
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import quadprog
from scipy.optimize import nnls

rng = np.random.default_rng(20261123)


def by_quadprog(y, x):
    m = x.shape[1]
    d = x - y[:, None]
    scale = np.mean(np.sum(d * d, axis=0))
    g = d.T @ d / scale
    # strictly convex for the solver: far below the smallest eigenvalue where the columns are independent
    g = g + 1e-13 * np.eye(m)
    constraints = np.column_stack([np.ones(m), np.eye(m)])
    return quadprog.solve_qp(g, np.zeros(m), constraints, np.r_[1.0, np.zeros(m)], meq=1)[0]


def by_nnls(y, x):
    d = x - y[:, None]
    border = np.sqrt(np.mean(np.sum(d * d, axis=0)))
    u, _ = nnls(np.vstack([d, np.full(x.shape[1], border)]), np.r_[np.zeros(len(y)), border], maxiter=10000)
    return u / u.sum()


def squares(y, x, w):
    return float(np.sum((y - x @ w) ** 2))


def weights(y, x, unique=True):
    found = [by_quadprog(y, x), by_nnls(y, x)]
    first, second = (squares(y, x, w) for w in found)
    assert abs(first - second) <= 1e-8 * np.sum(y**2), (first, second)
    if unique:
        assert np.max(np.abs(found[0] - found[1])) < 1e-7, np.max(np.abs(found[0] - found[1]))
    # both solvers stop a little early: on the columns they found, the weights by least squares under their sum
    w = np.zeros(x.shape[1])
    used = np.flatnonzero(found[1] > 1e-7)
    if not unique:
        used = np.flatnonzero((found[1] if second <= first else found[0]) > 1e-9)
    others = np.linalg.lstsq(x[:, used[1:]] - x[:, used[:1]], y - x[:, used[0]], rcond=None)[0]
    w[used] = np.r_[1 - others.sum(), others]
    assert w.min() >= 0 and (not unique or np.max(np.abs(w - found[1])) < 1e-6)
    # the condition of a minimum: no column promises anything
    d = x - y[:, None]
    slopes = d.T @ (d @ w)
    assert w @ slopes - slopes.min() <= 1e-13 * np.max(np.sum(d * d, axis=0)), (w @ slopes, slopes.min())
    return w


def returns(days, firms, market=0.01, own=0.015):
    common = market * rng.standard_normal(days)
    beta = rng.uniform(0.4, 1.7, firms)
    own = own * rng.uniform(0.5, 1.5, firms)
    return np.round(common[:, None] * beta + own * rng.standard_t(5, (days, firms)), 6)


def listed(matrix):
    return [list(map(float, column)) for column in np.asarray(matrix).T]


# ── the weights alone ──
problems = []


def problem(name, y, x, unique=True):
    y, x = np.round(y, 6), np.round(x, 6)
    w = weights(y, x, unique)
    problems.append(
        {"name": name, "target": list(map(float, y)), "columns": listed(x), "unique": unique, "weights": list(map(float, w)), "squares": squares(y, x, w)}
    )


data = returns(120, 21)
problem("twenty donors, 120 days", data[:, 0], data[:, 1:])
data = returns(30, 41)
problem("more donors than days", data[:, 0], data[:, 1:])
data = returns(80, 4)
problem("three donors", data[:, 0], data[:, 1:])
data = returns(60, 9)
problem("a firm far from all donors", 6 * data[:, 0] + 0.01, data[:, 1:])
data = returns(60, 6, own=0.0005)
problem("donors that hardly differ", data[:, 0], data[:, 1:])
data = returns(60, 6)
problem("two donors the same", data[:, 0], np.column_stack([data[:, 1:], data[:, 1]]), unique=False)
data = returns(8, 31)
problem("inside the hull of its donors", data[:, 1:].mean(axis=1), data[:, 1:], unique=False)

# ── a study: 24 firms, of which the first has the event ──
SESSIONS, ZERO, ESTIMATION, EVENT, WINDOWS = 136, 130, (-120, -11), (-5, 5), [(0, 1), (-5, 5)]
panel = returns(SESSIONS, 25, market=0.012)
panel[ZERO, 0] -= 0.03
panel = np.round(panel, 6)
estimation = slice(ZERO + ESTIMATION[0], ZERO + ESTIMATION[1] + 1)
event = slice(ZERO + EVENT[0], ZERO + EVENT[1] + 1)


def control(target, pool):
    y, x = panel[estimation, target], panel[estimation][:, pool]
    w = weights(y, x)
    e = y - x @ w
    n, k = len(y), int(np.sum(w > 0))
    abnormal = panel[event, target] - panel[event][:, pool] @ w
    sigma = float(np.sqrt(np.sum((e - e.mean()) ** 2) / (n - k)))
    used = [p for p, weight in zip(pool, w) if weight > 0]
    # forecast error: the regression of y less a base donor on the others less it, no intercept
    z = panel[estimation][:, used[1:]] - panel[estimation][:, used[:1]]
    inverse = np.linalg.inv(z.T @ z)
    cars = []
    for first, last in WINDOWS:
        days = slice(first - EVENT[0], last - EVENT[0] + 1)
        inside = panel[event][days]
        r = (inside[:, used[1:]] - inside[:, used[:1]]).sum(axis=0)
        length = last - first + 1
        own = abnormal[days]
        expected = inside[:, pool] @ w
        cars.append(
            {
                "window": [first, last],
                "car": float(own.sum()),
                "se": float(sigma * np.sqrt(length + r @ inverse @ r)),
                "error": float(np.sqrt(np.mean(own**2))),
                "bhar": float(np.prod(1 + inside[:, target]) - np.prod(1 + expected)),
            }
        )
    return {
        "weights": [[int(p), float(v)] for p, v in zip(pool, w) if v > 0],
        "rmspe": float(np.sqrt(np.mean(e**2))),
        "r_squared": float(1 - np.sum(e**2) / np.sum((y - y.mean()) ** 2)),
        "sigma": sigma,
        "degrees_of_freedom": n - k,
        "abnormal": list(map(float, abnormal)),
        "windows": cars,
    }


def placebos(target):
    pool = [p for p in range(panel.shape[1]) if p != target]
    found = [control(donor, [p for p in pool if p != donor]) for donor in pool]
    own = control(target, pool)
    tests = []
    for number in range(len(WINDOWS)):
        mine = own["windows"][number]
        cars = np.array([f["windows"][number]["car"] for f in found])
        ratios = np.array([f["windows"][number]["error"] / f["rmspe"] for f in found])
        ratio = mine["error"] / own["rmspe"]
        tests.append(
            {
                "window": WINDOWS[number],
                "p_car": float((np.sum(np.abs(cars) >= abs(mine["car"])) + 1) / (len(cars) + 1)),
                "ratio": float(ratio),
                "p_ratio": float((np.sum(ratios >= ratio) + 1) / (len(ratios) + 1)),
                "cars": list(map(float, cars)),
                "errors_before": [f["rmspe"] for f in found],
            }
        )
    return own, tests


own, tests = placebos(0)
study = {
    "returns": listed(panel),
    "zero": ZERO,
    "estimation": ESTIMATION,
    "event": EVENT,
    "control": own,
    "tests": tests,
}

# ── matched firms ──
def matched(firms):
    differences = panel[:, 0] - panel[:, firms].mean(axis=1)
    found = {"firms": firms, "sigma": float(np.std(differences[estimation], ddof=1)), "rmspe": float(np.sqrt(np.mean(differences[estimation] ** 2)))}
    found["windows"] = []
    for first, last in WINDOWS:
        days = slice(ZERO + first, ZERO + last + 1)
        found["windows"].append(
            {
                "window": [first, last],
                "car": float(differences[days].sum()),
                "se": found["sigma"] * (last - first + 1) ** 0.5,
                "bhar": float(np.prod(1 + panel[days, 0]) - np.prod(1 + panel[days][:, firms].mean(axis=1))),
            }
        )
    return found


comparison = [matched([3]), matched([3, 7, 11])]

# ── groups of placebos: two events with the donors above and their mirror, all pairs enumerated ──
first = tests[0]
pairs = {}
for same_date in (False, True):
    effects = list(zip(first["cars"], first["errors_before"]))
    # of the second event: the same donors, CARs of another day's size
    second = [(0.7 * c + 0.002, 1.3 * s) for c, s in effects]
    mine = [(own["windows"][0]["car"], own["rmspe"]), (0.01, 1.1 * own["rmspe"])]

    def phi(group):
        return sum(c / s for c, s in group) / sum(1 / s for _, s in group)

    actual = phi(mine)
    # of one date: the second is drawn like the first and moves on to the next free donor
    weight, hits = 0, 0
    for one, two in itertools.product(range(len(effects)), repeat=2):
        if same_date and one == two:
            two = (two + 1) % len(effects)
        weight += 1
        hits += abs(phi([effects[one], second[two]])) >= abs(actual)
    pairs["one date" if same_date else "two dates"] = hits / weight
groups = {"second_event": [0.01, 1.1 * own["rmspe"]], "second_scale": [0.7, 0.002, 1.3], "statistic": actual, "p": pairs}

out = {
    "versions": {name: version(name) for name in ("numpy", "scipy", "quadprog")} | {"python": sys.version.split()[0]},
    "problems": problems,
    "study": study,
    "groups": groups,
    "comparison": comparison,
}
Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
