"""Betas other than least squares and returns from trade to trade, for tests/it/betas.rs.

Writes beta_models.json: invented prices, and what statsmodels (every regression, forecast and autocorrelation), linearmodels (the instrumental
variables behind the Scholes–Williams variance) and R (weighted regressions, beta_models.R) make of them. No package has the betas
themselves: the papers' formulas combine the programs' slopes here. Run with the versions that README.md names:
    python beta_models.py > beta_models.json
"""
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from linearmodels.iv import IV2SLS
from statsmodels.regression.rolling import RollingOLS

rng = np.random.default_rng(19771979)
DAYS, ZERO = 160, 140
ESTIMATION, EVENT = (-120, -6), (-5, 5)  # sessions from day 0, inclusive
EST = np.arange(ZERO + ESTIMATION[0], ZERO + ESTIMATION[1] + 1)
WIN = np.arange(ZERO + EVENT[0], ZERO + EVENT[1] + 1)
ROLLING = 40

# A market with some autocorrelation; shares that follow it on the day, the day after, and (B) two days after.
shock = rng.normal(0, 0.01, size=DAYS)
market = np.round(0.0004 + shock + 0.25 * np.concatenate([[0], shock[:-1]]), 6)
lagged = np.concatenate([[0], market[:-1]])
lagged2 = np.concatenate([[0, 0], market[:-2]])
securities = {
    "A": 0.0002 + 0.7 * market + 0.4 * lagged,
    "B": 0.9 * market + 0.3 * lagged + 0.2 * lagged2,
    "C": 0.0001 + 1.4 * market - 0.1 * lagged,
    "D": 0.5 * market,
    "E": -0.0003 + 1.1 * market + 0.1 * lagged,
}
securities = {name: np.round(values + rng.standard_t(5, size=DAYS) * 0.01, 6) for name, values in securities.items()}


def shift(k):
    """The market's return k sessions after each (before, when negative)."""
    moved = np.full(DAYS, np.nan)
    if k >= 0:
        moved[: DAYS - k] = market[k:]
    else:
        moved[-k:] = market[:k]
    return moved


def line(own, beta, variance_of, parameters):
    """alpha, s, standard errors of AR and CAR of a line through the means, from the study's definitions; the regressions are statsmodels'."""
    y, x = own[EST], market[EST]
    n = len(y)
    alpha = y.mean() - beta * x.mean()
    residual = y - alpha - beta * x
    s2 = float(residual @ residual) / (n - parameters)
    variance = variance_of(s2)
    ar = own[WIN] - alpha - beta * market[WIN]
    ar_se = np.sqrt(s2 * (1 + 1 / n) + (market[WIN] - x.mean()) ** 2 * variance)
    length = len(WIN)
    car_se = np.sqrt(s2 * (length + length**2 / n) + (market[WIN].sum() - length * x.mean()) ** 2 * variance)
    return {
        "alpha": float(alpha), "beta": float(beta), "beta_se": float(np.sqrt(variance)), "sigma": float(np.sqrt(s2)), "n": n,
        "degrees_of_freedom": n - parameters, "ar": ar.tolist(), "ar_se": ar_se.tolist(), "car": float(ar.sum()), "car_se": float(car_se),
    }


def slope(own, regressor):
    return float(sm.OLS(own[EST], sm.add_constant(regressor[EST])).fit().params[1])


def autocorrelation(k):
    return float(np.corrcoef(market[EST], shift(-k)[EST])[0, 1])


def scholes_williams(own):
    slopes = [slope(own, shift(-1)), slope(own, market), slope(own, shift(1))]
    rho = autocorrelation(1)
    # The variance of linearmodels' instrumental-variable beta over its own s², which has n − 2 degrees of freedom.
    frame = pd.DataFrame({"y": own[EST], "const": 1.0, "x": market[EST], "z": (shift(-1) + market + shift(1))[EST]})
    iv = IV2SLS(frame.y, frame[["const"]], frame[["x"]], frame[["z"]]).fit(cov_type="unadjusted", debiased=True)
    scale = float(iv.cov.loc["x", "x"] / iv.s2)
    found = line(own, sum(slopes) / (1 + 2 * rho), lambda s2: s2 * scale, 2)
    return found | {"slopes": slopes, "autocorrelation": rho, "instrumental_beta": float(iv.params["x"])}


def dimson(own, lags, leads, weights=None):
    columns = [shift(k)[EST] for k in range(-lags, leads + 1)]
    fit = sm.OLS(own[EST], sm.add_constant(np.column_stack(columns))).fit()
    weights = np.ones(lags + leads + 1) if weights is None else np.array(weights)
    test = fit.t_test(np.concatenate([[0], weights]))
    scale = float(np.asarray(test.sd).item() ** 2 / fit.mse_resid)
    return line(own, float(np.asarray(test.effect).item()), lambda s2: s2 * scale, 2 + lags + leads) | {"slopes": fit.params[1:].tolist()}


def fowler_rorke(own, shifts):
    if shifts == 1:
        r1 = autocorrelation(1)
        outer = [(1 + r1) / (1 + 2 * r1)]
    else:
        r1, r2 = autocorrelation(1), autocorrelation(2)
        outer = [(1 + r1 + r2) / (1 + 2 * r1 + 2 * r2), (1 + 2 * r1 + r2) / (1 + 2 * r1 + 2 * r2)]
    return dimson(own, shifts, shifts, outer + [1.0] + outer[::-1])


def ordinary(own):
    fit = sm.OLS(own[EST], sm.add_constant(market[EST])).fit()
    return float(fit.params[1]), float(fit.bse[1])


def vasicek(own, mean, sd):
    """The posterior as Theil and Goldberger's mixed estimation: the estimate and the prior are two observations of beta of known variance."""
    b, se = ordinary(own)
    fit = sm.WLS([b, mean], [[1.0], [1.0]], weights=[1 / se**2, 1 / sd**2]).fit(cov_type="fixed scale", cov_kwds={"scale": 1.0})
    return line(own, float(fit.params[0]), lambda _: float(fit.bse[0] ** 2), 2)


def blume(own, intercept, gradient):
    b, se = ordinary(own)
    return line(own, intercept + gradient * b, lambda _: (gradient * se) ** 2, 2)


results = []
betas = [ordinary(own)[0] for own in securities.values()]
prior = (float(np.mean(betas)), float(np.std(betas, ddof=1)))
half = len(EST) // 2


def half_beta(own, days):
    return float(sm.OLS(own[days], sm.add_constant(market[days])).fit().params[1])


earlier = [half_beta(own, EST[:half]) for own in securities.values()]
later = [half_beta(own, EST[half:]) for own in securities.values()]
blume_line = sm.OLS(later, sm.add_constant(earlier)).fit().params.tolist()
for name, own in securities.items():
    for model, found in [
        ("scholes-williams", scholes_williams(own)),
        ("dimson(1,1)", dimson(own, 1, 1)),
        ("dimson(3,0)", dimson(own, 3, 0)),
        ("dimson(2,1)", dimson(own, 2, 1)),
        ("fowler-rorke(1)", fowler_rorke(own, 1)),
        ("fowler-rorke(2)", fowler_rorke(own, 2)),
        ("vasicek", vasicek(own, *prior)),
        ("vasicek given", vasicek(own, 1.0, 0.3)),
        ("blume", blume(own, 1 / 3, 2 / 3)),
        ("blume estimated", blume(own, *blume_line)),
    ]:
        results.append({"symbol": name, "model": model, "ordinary_beta": ordinary(own)[0], "ordinary_beta_se": ordinary(own)[1]} | found)

# ── trade to trade ──
# Prices, of which most shares lack some sessions; the first price has no return.
market_level = 1000 * np.cumprod(1 + market)
thin = {}
for number, (name, own) in enumerate(securities.items()):
    level = 50 * np.cumprod(1 + own)
    traded = rng.random(DAYS) > [0.0, 0.1, 0.3, 0.5, 0.6][number]
    traded[[0, ZERO]] = True
    if name == "B":
        traded[ZERO] = False  # day 0 without a trade: it is in the return of a later day
        traded[ZERO + 1] = True
    thin[name] = [float(price) if here else None for price, here in zip(level, traded)]


def spans(prices, log):
    """Returns from trade to trade: position, sessions, own, market's over the same sessions."""
    trades = [(day, price) for day, price in enumerate(prices) if price is not None]
    rows = []
    for (before, first), (day, second) in zip(trades, trades[1:]):
        own, index = second / first, market_level[day] / market_level[before]
        rows.append((day, day - before, np.log(own) if log else own - 1, np.log(index) if log else index - 1))
    return pd.DataFrame(rows, columns=["day", "d", "y", "x"])


def trade_to_trade(prices, log, model):
    rows = spans(prices, log)
    fitted = rows[(rows.day >= EST[0]) & (rows.day <= EST[-1])]
    event = rows[(rows.day >= WIN[0]) & (rows.day <= WIN[-1])]
    n = len(fitted)
    if model == "market-adjusted":
        # An intercept that is thrown away: s is about the mean difference a session.
        fit = sm.WLS(fitted.y - fitted.x, fitted[["d"]], weights=1 / fitted.d).fit()
        s2, ar = fit.mse_resid, event.y - event.x
        ar_se, car_variance = np.sqrt(s2 * event.d), s2 * event.d.sum()
        alpha, beta = 0.0, 1.0
    else:
        names = ["d", "x"] if model == "market" else ["d"]
        fit = sm.WLS(fitted.y, fitted[names], weights=1 / fitted.d).fit()
        s2 = fit.mse_resid
        prediction = fit.get_prediction(event[names], weights=1 / event.d)
        ar, ar_se = event.y - prediction.predicted_mean, prediction.se_obs
        total = event[names].sum().to_numpy()
        car_variance = s2 * event.d.sum() + total @ fit.cov_params().to_numpy() @ total
        alpha, beta = float(fit.params["d"]), float(fit.params.get("x", 0.0))
    return {
        "alpha": alpha, "beta": beta, "sigma": float(np.sqrt(s2)), "n": n, "degrees_of_freedom": int(fit.df_resid),
        "days": [int(day) - ZERO for day in event.day], "ar": ar.tolist(), "ar_se": np.asarray(ar_se).tolist(), "car": float(ar.sum()),
        "car_se": float(np.sqrt(car_variance)),
    }


trades = []
for name, prices in thin.items():
    for log in (False, True):
        for model in ("market", "market-adjusted", "constant-mean"):
            trades.append({"symbol": name, "model": model, "log": log} | trade_to_trade(prices, log, model))

# The same weighted regressions in R.
with tempfile.TemporaryDirectory() as folder:
    for name, prices in thin.items():
        spans(prices, False).to_csv(Path(folder) / f"{name}.csv", index=False)
    run = subprocess.run(
        ["Rscript", str(Path(__file__).with_name("beta_models.R")), folder, str(EST[0]), str(EST[-1]), str(WIN[0]), str(WIN[-1]), *thin],
        capture_output=True, text=True, check=True,
    )
by_r = json.loads(run.stdout)

rolling = {}
for name, own in securities.items():
    fit = RollingOLS(own, sm.add_constant(market), window=ROLLING).fit()
    interval = fit.conf_int(alpha=0.05)
    rolling[name] = {"beta": fit.params[ROLLING - 1:, 1].tolist(), "se": fit.bse[ROLLING - 1:, 1].tolist()}

print(json.dumps({
    "versions": {"numpy": np.__version__, "statsmodels": __import__("statsmodels").__version__, "linearmodels": __import__("linearmodels").__version__,
                 "R": by_r.pop("version")},
    "zero": ZERO, "estimation": ESTIMATION, "window": EVENT,
    "market": market.tolist(), "securities": {name: own.tolist() for name, own in securities.items()},
    "prior": prior, "blume_line": blume_line,
    "results": results,
    "market_level": market_level.tolist(), "thin": thin, "trades": trades, "trades_by_r": by_r,
    "rolling_window": ROLLING, "rolling": rolling,
}, indent=1))
