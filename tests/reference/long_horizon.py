"""Writes long_horizon.json: a made-up market with events, and what statsmodels makes of it from the prices on.

    python long_horizon.py        (numpy, pandas, statsmodels)

tests/it/long_horizon.rs runs the same prices and events through a whole study. Market model over days -120..-11 of each event, by
statsmodels OLS with its forecast errors; portfolios, months and regressions by pandas and statsmodels.
"""

import json
import math
import pathlib

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm
import statsmodels.formula.api as smf

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(5)
dates = pd.bdate_range("2019-01-01", periods=560)
firms = [f"F{i}" for i in range(9)]
market = rng.normal(0.0004, 0.01, len(dates))
prices = {"MARKET": market} | {name: rng.uniform(0.5, 1.6) * market + rng.normal(0, 0.015, len(dates)) for name in firms}
prices = {name: [round(float(close), 4) for close in 100 * np.cumprod(1 + returns)] for name, returns in prices.items()}
closes = pd.DataFrame(prices, index=dates)
returns = closes.pct_change()

events = []
sectors = ["tech", "banks", "oil"]
for number in range(36):
    firm = int(rng.integers(0, len(firms)))
    day = int(rng.integers(130, 450)) if number % 4 else 200 + number // 8
    size = None if number in (7, 19) else round(float(np.exp(rng.normal(6, 1))), 3)
    events.append({"id": f"e{number:02d}", "symbol": firms[firm], "date": str(dates[day].date()), "day": day, "size": size,
                   "sector": sectors[firm % 3], "weight": None if number == 11 else round(float(np.exp(rng.normal(3, 0.7))), 3)})

FIRST, LAST = 1, 70
cars, pooled = [], []
for event in events:
    day = event["day"]
    past = slice(day - 120, day - 10)
    own, bench = returns[event["symbol"]].to_numpy(), returns["MARKET"].to_numpy()
    fit = sm.OLS(own[past], sm.add_constant(bench[past])).fit()
    window = slice(day, day + 6)
    cars.append(float(np.sum(own[window] - fit.predict(sm.add_constant(bench[window], has_constant="add")))))
    window = slice(day + FIRST, day + LAST + 1)
    forecast = fit.get_prediction(sm.add_constant(bench[window], has_constant="add"))
    for step, (abnormal, error) in enumerate(zip(own[window] - forecast.predicted_mean, forecast.se_obs)):
        pooled.append((abnormal / error, day + FIRST + step, firms.index(event["symbol"])))


def found(fit):
    return {"alpha": float(fit.params[0]), "standard_error": float(fit.bse[0]), "t": float(fit.tvalues[0]), "p": float(fit.pvalues[0]), "beta": float(fit.params[1]),
            "periods": int(fit.nobs)}


def alphas(rows):
    """rows: one (return, benchmark return, events held) a period."""
    frame = pd.DataFrame(rows, columns=["r", "m", "held"])
    lags = math.floor(4 * (len(frame) / 100) ** (2 / 9))
    options = {"cov_type": "HAC", "use_t": True, "cov_kwds": {"maxlags": lags, "use_correction": True}}
    X = sm.add_constant(frame.m.to_numpy())
    return {"ols": found(sm.OLS(frame.r.to_numpy(), X).fit(**options)),
            "wls": found(sm.WLS(frame.r.to_numpy(), X, weights=frame.held.to_numpy(dtype=float)).fit(**options))}


def mean(values, weights):
    return float(np.average(values, weights=weights))


daily, by_value = [], []
for position in range(1, len(dates)):
    held = [event for event in events if event["day"] + FIRST <= position <= event["day"] + LAST]
    own = [returns[event["symbol"]].iloc[position] for event in held]
    if held:
        daily.append((float(np.mean(own)), returns["MARKET"].iloc[position], len(held)))
    weighed = [(value, event["weight"]) for value, event in zip(own, held) if event["weight"] is not None]
    if weighed:
        by_value.append((mean(*zip(*weighed)), returns["MARKET"].iloc[position], len(weighed)))
monthly = []
months = pd.Series(range(len(dates)), index=dates).groupby([dates.year, dates.month])
for _, positions in months:
    first, last = positions.iloc[0], positions.iloc[-1]
    if first == 0:
        continue
    growth = closes.iloc[last] / closes.iloc[first - 1] - 1
    held = [event for event in events if event["day"] + FIRST <= first and last <= event["day"] + LAST]
    if held:
        monthly.append((float(np.mean([growth[event["symbol"]] for event in held])), growth["MARKET"], len(held)))

pool = pd.DataFrame(pooled, columns=["x", "day", "firm"])
clustered = sm.OLS(pool.x, np.ones(len(pool))).fit(cov_type="cluster", use_t=True, cov_kwds={"groups": pool[["day", "firm"]].to_numpy()})

frame = pd.DataFrame(events).assign(car=cars)
complete = frame.dropna(subset=["size"])
regression = {}
for kind, options in {"hc3": {"cov_type": "HC3", "use_t": True},
                      "date-firm": {"cov_type": "cluster", "use_t": True,
                                    "cov_kwds": {"groups": np.column_stack([complete.day, complete.symbol.map(firms.index)])}}}.items():
    fit = smf.ols("car ~ np.log(size) + C(sector)", complete).fit(**options)
    regression[kind] = {name: {"coefficient": float(fit.params[name]), "standard_error": float(fit.bse[name]), "p": float(fit.pvalues[name])} for name in fit.params.index}
    regression[kind + " n"] = int(fit.nobs)

out = {
    "version": statsmodels.__version__,
    "dates": [str(day.date()) for day in dates],
    "closes": prices,
    "events": events,
    "day": alphas(daily), "value": alphas(by_value)["ols"], "month": alphas(monthly),
    "pooled": {"t": float(clustered.tvalues.iloc[0]), "p": float(clustered.pvalues.iloc[0]), "n": len(pool)},
    "regression": regression,
}
(HERE / "long_horizon.json").write_text(json.dumps(out) + "\n")
