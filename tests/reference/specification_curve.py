"""The built-in event under every combination of three models, four estimation windows and five event windows, and the same on other dates.

Written with pandas, statsmodels and scipy; run as `python specification_curve.py PRICES.csv > specification_curve.json` with the prices of
the built-in study. Versions that made the file: see "made_with".
"""

import json
import sys

import numpy as np
import pandas as pd
import scipy
import scipy.stats
import statsmodels
import statsmodels.api as sm

ESTIMATIONS = [(-250, -11), (-130, -11), (-270, -31), (-150, -31)]
WINDOWS = [(0, 0), (0, 1), (-1, 1), (0, 5), (-10, 10)]
MODELS = ["market", "market-adjusted", "constant-mean"]

prices = pd.read_csv(sys.argv[1]).pivot(index="date", columns="symbol", values="close")
returns = prices.pct_change()
own, market = returns["NET"].to_numpy(), returns["^GSPC"].to_numpy()
dates = list(prices.index)


def car(zero, model, estimation, window):
    """CAR with its two-sided p, or None when the windows leave the data."""
    first, last = zero + estimation[0], zero + estimation[1]
    # The return of the first session needs a price before it: the estimation window may begin on a session without a return, as long as
    # its sessions are there; the event window's hull must be inside too.
    if first < 0 or zero + 10 >= len(dates) or zero - 10 < 0:
        return None
    there = [position for position in range(first, last + 1) if position > 0]
    r, m = own[there], market[there]
    days = np.arange(zero + window[0], zero + window[1] + 1)
    length = len(days)
    if model == "market":
        fit = sm.OLS(r, sm.add_constant(m)).fit()
        abnormal = own[days] - fit.predict(np.column_stack([np.ones(length), market[days]]))
        x = np.array([length, market[days].sum()])
        variance = fit.mse_resid * length + x @ fit.cov_params() @ x
        degrees = fit.df_resid
    elif model == "market-adjusted":
        abnormal = own[days] - market[days]
        variance, degrees = np.var(r - m, ddof=1) * length, len(r) - 1
    else:
        abnormal = own[days] - r.mean()
        variance, degrees = np.var(r, ddof=1) * (length + length**2 / len(r)), len(r) - 1
    value = abnormal.sum()
    return value, 2 * scipy.stats.t.sf(abs(value) / np.sqrt(variance), degrees)


def curve(zero):
    found = []
    for model in MODELS:
        for estimation in ESTIMATIONS:
            for window in WINDOWS:
                one = car(zero, model, estimation, window)
                if one is None:
                    return None
                found.append((model, estimation, window, *one))
    return found


zero = dates.index("2022-09-06")
event = curve(zero)
share = lambda rows: sum(row[4] < 0.05 for row in rows)
median = lambda rows: float(np.median([row[3] for row in rows]))
# Dates whose windows (hull −10..10) share no session with the event's.
others = [curve(position) for position in range(len(dates)) if abs(position - zero) >= 21]
others = [rows for rows in others if rows is not None]
print(json.dumps({
    "made_with": {"numpy": np.__version__, "pandas": pd.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "estimates": [{"model": m, "estimation": e, "window": w, "value": float(v), "p_value": float(p)} for m, e, w, v, p in event],
    "median": median(event),
    "significant": int(share(event)),
    "placebo": {
        "dates": len(others),
        "share_hits": int(sum(share(rows) >= share(event) for rows in others)),
        "median_hits": int(sum(abs(median(rows)) >= abs(median(event)) for rows in others)),
        "mean_share": float(np.mean([share(rows) / len(rows) for rows in others])),
    },
}, indent=1))
