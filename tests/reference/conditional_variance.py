"""Values of the models with conditional variance (src/model/volatility) from arch (PyPI), by K. Sheppard.

    python tests/reference/conditional_variance.py > tests/reference/conditional_variance.json

Written with arch 8.0.0, numpy 2.4.6, scipy 1.17.1. The series are made up here, from a fixed seed, and written beside the values.

- `optimum`: the largest log-likelihood that arch's own likelihood, bounds and constraints allow; for EGARCH with alpha >= 0 beside
  (see the docs of src/model/volatility). arch stops where SLSQP with one-sided differences stops, about 1e-6 below; so where it stops
  and the best points of its grid are taken as starts of scipy's SLSQP with three-point differences on arch's own `_loglikelihood`, until nothing is
  gained. EGARCH's likelihood has edges where a residual is 0, at which differences lead nowhere: the line is held through the nearest
  return there, and along that edge the climb goes on. `stopped` is what `fit` itself gives.
- `elsewhere`: arch's log-likelihood at parameters away from the optimum: the likelihood without any optimiser, the variance bounds
  among it.
- `variances`: the first, the 100th and the last conditional variance at the optimum; `forecasts`: those of the 21 sessions after, by
  arch's `VolatilityProcess.forecast` from the backcast of the fit (its `result.forecast` makes another backcast, from the residuals at
  the optimum, so that its variances are not those of its own fit), where arch has a formula (EGARCH: the first alone), and, for EGARCH with normal errors, the mean over 2,000,000 simulated paths.

Returns are in percent here, as arch wants them; the tool takes fractions.
"""

import json
import sys
import warnings

import numpy as np
from arch.univariate import EGARCH, GARCH, LS, Normal, StudentsT
from scipy.optimize import minimize

warnings.filterwarnings("ignore")
SEED = 20261123
HORIZON = 21


def simulate(rng, n, family, omega, alpha, gamma, beta, nu, intercept=0.03, slope=1.1, market_sd=1.0):
    """Returns in percent: a market with its own volatility, and a security about its line."""
    def shocks(degrees, size):
        if degrees is None:
            return rng.standard_normal(size)
        return rng.standard_t(degrees, size) * np.sqrt((degrees - 2) / degrees)

    burn = 500
    market = market_sd * shocks(6, n)
    z = shocks(nu, n + burn)
    e = np.zeros(n + burn)
    if family == "egarch":
        log_h = omega / (1 - beta)
        for t in range(n + burn):
            e[t] = z[t] * np.exp(log_h / 2)
            log_h = omega + alpha * (abs(z[t]) - np.sqrt(2 / np.pi)) + gamma * z[t] + beta * log_h
    else:
        h = omega / (1 - alpha - gamma / 2 - beta)
        for t in range(n + burn):
            e[t] = z[t] * np.sqrt(h)
            h = omega + (alpha + gamma * (e[t] < 0)) * e[t] ** 2 + beta * h
    own = intercept + slope * market + e[burn:]
    # Fractions to six digits, as in a price file; percent from there.
    return np.round(own / 100, 6), np.round(market / 100, 6)


def series():
    rng = np.random.default_rng(SEED)
    return {
        "calm": simulate(rng, 250, "garch", 0.02, 0.05, 0.0, 0.85, None),
        "volatile": simulate(rng, 250, "garch", 0.8, 0.15, 0.0, 0.75, None, slope=1.6, market_sd=1.8),
        "near-integrated": simulate(rng, 1000, "garch", 0.01, 0.08, 0.0, 0.915, None),
        "fat-tails": simulate(rng, 250, "garch", 0.15, 0.12, 0.0, 0.8, 4.0),
        "leverage": simulate(rng, 1000, "gjr", 0.08, 0.03, 0.14, 0.85, 7.0),
        "logarithmic": simulate(rng, 1000, "egarch", 0.02, 0.2, -0.12, 0.95, None),
        "short": simulate(rng, 100, "garch", 0.3, 0.2, 0.0, 0.6, 8.0),
        "constant": simulate(rng, 250, "garch", 1.0, 0.0, 0.0, 0.0, None),
        "thinly-traded": (lambda pair: (np.where(np.arange(250) % 4 == 1, 0.0, np.round(pair[0], 3)), pair[1]))(
            simulate(rng, 250, "garch", 0.3, 0.2, 0.0, 0.6, 5.0)
        ),
    }


def model_of(own, market, family, errors):
    volatility = EGARCH(p=1, o=1, q=1) if family == "egarch" else GARCH(p=1, o=int(family == "gjr"), q=1)
    distribution = StudentsT() if errors == "t" else Normal()
    return LS(own, x=market[:, None], volatility=volatility, distribution=distribution, rescale=False)


def polish(model, starts):
    """The highest end of climbs from `starts`, by three-point differences on arch's likelihood."""
    model._adjust_sample(None, None)
    residuals = model.resids(model.starting_values())
    volatility, distribution = model.volatility, model.distribution
    backcast, bounds = volatility.backcast(residuals), volatility.variance_bounds(residuals)
    variances = np.zeros(len(residuals))

    def objective(parameters):
        return model._loglikelihood(parameters, variances, backcast, bounds) / len(residuals)

    pieces = [model.constraints(), volatility.constraints(), distribution.constraints()]
    sizes = [model.num_params, volatility.num_params, distribution.num_params]
    rows, right = [], []
    for i, (a, b) in enumerate(pieces):
        for row, value in zip(np.asarray(a), np.asarray(b)):
            whole = np.zeros(sum(sizes))
            whole[sum(sizes[:i]) : sum(sizes[: i + 1])] = row
            rows.append(whole)
            right.append(value)
    box = model.bounds() + volatility.bounds(residuals) + distribution.bounds(residuals)
    if isinstance(volatility, EGARCH):
        box[3] = (0.0, box[3][1])
    low, high = np.array(box, dtype=float).T
    y, x = model._fit_y, model._fit_regressors[:, 1]

    def climb(begin, day):
        """Free, or with the line held through the return of a day."""
        def hold(p):
            p = np.array(p, dtype=float)
            if day is not None:
                p[0] = y[day] - p[1] * x[day]
            return p

        best = hold(np.clip(begin, low, high))
        value = objective(best)
        for _ in range(20):
            scale = np.maximum(np.abs(best), 1e-3)
            limits = [{"type": "ineq", "fun": lambda u, r=r, b=b: r @ (u * scale) - b, "jac": lambda u, r=r: r * scale} for r, b in zip(rows, right)]
            found = minimize(lambda u: objective(hold(u * scale)), best / scale, jac="3-point", method="SLSQP", tol=1e-16,
                             bounds=list(zip(low / scale, high / scale)), constraints=limits, options={"maxiter": 1000})
            p = hold(np.clip(found.x * scale, low, high))
            feasible = all(r @ p - b >= -1e-12 for r, b in zip(rows, right))
            if not feasible or not objective(p) < value - 1e-15:
                break
            best, value = p, objective(p)
        return best, value

    best, value = min((climb(start, None) for start in starts), key=lambda end: end[1])
    if isinstance(volatility, EGARCH):
        for _ in range(4):
            nearest = np.argsort(np.abs(y - best[0] - best[1] * x))[:2]
            ends = [climb(best, day) for day in nearest]
            ends += [climb(end[0], None) for end in ends]
            end = min(ends, key=lambda end: end[1])
            if not end[1] < value - 1e-15:
                break
            best, value = end
    return best, -value * len(residuals)


def grid_starts(model, family):
    """The best points of arch's grid, one a persistence."""
    model._adjust_sample(None, None)
    line = model.starting_values()
    residuals = model.resids(line)
    volatility = model.volatility
    backcast, bounds = volatility.backcast(residuals), volatility.variance_bounds(residuals)
    variance = np.mean(residuals**2)
    tail = model.distribution.starting_values(residuals / residuals.std())
    starts = []
    for lasting in (0.5, 0.7, 0.9, 0.98):
        rows = []
        for alpha in (0.01, 0.05, 0.1, 0.2):
            if family == "garch":
                rows.append([(1 - lasting) * variance, alpha, lasting - alpha])
            elif family == "gjr":
                rows += [[(1 - lasting) * variance, alpha, gamma, lasting - alpha - gamma / 2] for gamma in (0.01, 0.05, 0.1, 0.2)]
            else:
                rows += [[(1 - lasting) * np.log(variance), alpha, gamma, lasting] for gamma in (-0.1, 0.0, 0.1)]
        best = max(rows, key=lambda row: volatility._gaussian_loglikelihood(np.array(row), residuals, backcast, bounds))
        starts.append(np.hstack([line, best, tail]))
    return starts


def named(parameters, family, errors):
    names = ["intercept", "slope", "omega", "alpha"] + ([] if family == "garch" else ["gamma"]) + ["beta"] + (["nu"] if errors == "t" else [])
    return dict(zip(names, map(float, parameters)))


def elsewhere(family, errors, variance):
    """Parameters away from the optimum: one ordinary set, and two that run into the bounds of the variance."""
    tail = [5.5] if errors == "t" else []
    if family == "garch":
        rows = [[0.1, 0.9, 0.1 * variance, 0.1, 0.8], [0.0, 1.2, 1e-8 * variance, 0.0, 0.1], [0.0, 1.0, 9.0 * variance, 0.4, 0.6]]
    elif family == "gjr":
        rows = [[0.1, 0.9, 0.1 * variance, 0.05, 0.1, 0.8], [0.0, 1.2, 1e-8 * variance, 0.0, 0.0, 0.1], [0.0, 1.0, 5.0 * variance, 0.3, -0.2, 0.6]]
    else:
        low = np.log(variance)
        rows = [[0.1, 0.9, 0.1 * low, 0.2, -0.1, 0.9], [0.0, 1.2, low - 9.0, 0.3, 0.2, 0.9], [0.0, 1.0, low + 8.0, 0.4, 0.6, 0.6]]
    return [row + tail for row in rows]


def forecast(model, parameters, steps):
    """Variances of the sessions after the last."""
    residuals = model.resids(model.starting_values())
    volatility = model.volatility
    backcast, bounds = volatility.backcast(residuals), volatility.variance_bounds(residuals)
    line, variance, _ = model._parse_parameters(parameters)
    final = model.resids(line)
    found = volatility.forecast(variance, final, backcast, bounds, start=len(final) - 1, horizon=steps, method="analytic")
    return found.forecasts[-1]


def simulated_forecasts(result, rng):
    """Mean variance over paths from the last day on; the first step is known."""
    p = result.params
    _, _, omega, alpha, gamma, beta = p
    paths = 2_000_000
    z = result.std_resid[-1]
    log_h = np.log(result.conditional_volatility[-1] ** 2)
    log_h = np.full(paths, omega + alpha * (abs(z) - np.sqrt(2 / np.pi)) + gamma * z + beta * log_h)
    means, errors = [], []
    for _ in range(HORIZON):
        h = np.exp(log_h)
        means.append(h.mean())
        errors.append(h.std() / np.sqrt(paths))
        z = rng.standard_normal(paths)
        log_h = omega + alpha * (np.abs(z) - np.sqrt(2 / np.pi)) + gamma * z + beta * log_h
    return means, errors


def main():
    rng = np.random.default_rng(SEED + 1)
    out = {"data": {}, "models": []}
    for name, (own, market) in series().items():
        out["data"][name] = {"own": own.tolist(), "market": market.tolist()}
        y, x = 100 * own, 100 * market
        contained = {}
        for family in ("garch", "gjr", "egarch"):
            for errors in ("normal", "t"):
                model = model_of(y, x, family, errors)
                stopped = model.fit(disp="off")
                starts = [stopped.params, *grid_starts(model, family)]
                if family == "gjr":
                    starts.append(np.insert(contained[errors], 4, 0.0))
                best, value = polish(model, starts)
                if family == "garch":
                    contained[errors] = best
                fixed = model.fix(best)
                line = np.polyfit(x, y, 1)
                variance = float(np.var(y - np.polyval(line, x)))
                away = [{"parameters": named(row, family, errors), "log_likelihood": float(model.fix(row).loglikelihood)}
                        for row in elsewhere(family, errors, variance)]
                h = fixed.conditional_volatility**2
                steps = 1 if family == "egarch" else HORIZON
                forecasts = forecast(model, best, steps)
                row = {
                    "series": name, "family": family, "errors": errors,
                    "stopped": {"log_likelihood": float(stopped.loglikelihood), "converged": int(stopped.convergence_flag)},
                    "optimum": {"parameters": named(best, family, errors), "log_likelihood": float(fixed.loglikelihood)},
                    "elsewhere": away,
                    "variances": [float(h[0]), float(h[99]), float(h[-1])],
                    "forecasts": forecasts.tolist(),
                }
                assert abs(value - fixed.loglikelihood) < 1e-9, (name, family, errors)
                if family == "egarch" and errors == "normal":
                    means, spread = simulated_forecasts(fixed, rng)
                    row["simulated_forecasts"] = {"mean": means, "standard_error": spread}
                out["models"].append(row)
                print(name, family, errors, stopped.loglikelihood, value, named(best, family, errors), file=sys.stderr)
    json.dump(out, sys.stdout, separators=(",", ":"))
    print()


main()
