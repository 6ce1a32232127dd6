"""Abnormal volume and volatility of invented events, by numpy, scipy and statsmodels; run as `python activity.py > activity.json`.

Prices and volumes are drawn with a fixed seed: volumes rise, and returns spread, on the days of the events.
"""

import json

import numpy as np
import scipy
import scipy.stats
import statsmodels
import statsmodels.api as sm

rng = np.random.default_rng(20221122)
DAYS, FIRMS, ESTIMATION, EVENT = 140, 9, (-90, -6), (-3, 3)
WINDOWS = [(0, 0), (0, 1), (-3, 3)]
market_return = rng.normal(0, 0.01, DAYS)
market = 100 * np.cumprod(1 + market_return)
firms = []
for number in range(FIRMS):
    zero = 100 + 3 * number
    returns = 0.0003 + rng.uniform(0.6, 1.4) * market_return + rng.standard_t(5, DAYS) * 0.012
    returns[zero] += rng.normal(0, 0.05)
    volume = np.exp(rng.normal(13 + number / 3, 0.4, DAYS))
    volume[zero : zero + 2] *= 2.5
    close = np.round(50 * np.cumprod(1 + returns), 4)
    volume = np.round(volume)
    # One firm has a day without trade, and one no volumes at all.
    if number == 3:
        volume[60] = 0
    firms.append({"zero": zero, "close": close, "volume": None if number == 7 else volume})
market = np.round(market, 4)


def returns_of(close):
    return np.concatenate([[np.nan], close[1:] / close[:-1] - 1])


def report(events):
    """Of events as (estimation values by position, event values by day), each with its usual level already taken off."""
    found = []
    span = ESTIMATION[1] - ESTIMATION[0] + 1
    sums, counts = np.zeros(span + 7), np.zeros(span + 7)
    for estimation, event in events:
        places = list(estimation) + [span + day - EVENT[0] for day in event]
        ranks = scipy.stats.rankdata(list(estimation.values()) + list(event.values()))
        for place, rank in zip(places, ranks):
            sums[place] += rank / (1 + len(ranks)) - 0.5
            counts[place] += 1
    z = np.where(counts > 0, sums / np.sqrt(np.maximum(counts, 1)), np.nan)
    for first, last in [(day, day) for day in range(EVENT[0], EVENT[1] + 1)] + WINDOWS:
        means, scaled = [], []
        for estimation, event in events:
            values = [event[day] for day in range(first, last + 1) if day in event]
            spread = np.std(list(estimation.values()), ddof=1)
            means.append(np.mean(values))
            scaled.append(np.mean(values) / (spread * np.sqrt(1 / len(values) + 1 / len(estimation))))
        inside = z[span + first - EVENT[0] : span + last - EVENT[0] + 1]
        t, bmp = scipy.stats.ttest_1samp(means, 0), scipy.stats.ttest_1samp(scaled, 0)
        low, high = t.confidence_interval(0.95)
        found.append({
            "window": [first, last], "n": len(means), "mean": float(np.mean(means)), "low": float(low), "high": float(high),
            "t": float(t.statistic), "t_p": float(t.pvalue), "bmp": float(bmp.statistic), "bmp_p": float(bmp.pvalue),
            "rank": float(inside.sum() / np.sqrt(len(inside)) / np.sqrt(np.nanmean(z**2))),
        })
    return found


volume_events, volatility_events = [], []
days = range(ESTIMATION[0], ESTIMATION[1] + 1)
for firm in firms:
    zero = firm["zero"]
    if firm["volume"] is not None:
        log = {day: np.log(firm["volume"][zero + day]) for day in range(ESTIMATION[0], EVENT[1] + 1) if firm["volume"][zero + day] > 0}
        usual = np.mean([log[day] for day in days if day in log])
        volume_events.append((
            {day - ESTIMATION[0]: log[day] - usual for day in days if day in log},
            {day: log[day] - usual for day in range(EVENT[0], EVENT[1] + 1) if day in log},
        ))
    own, benchmark = returns_of(firm["close"]), returns_of(market)
    at = np.array([zero + day for day in days])
    fit = sm.OLS(own[at], sm.add_constant(benchmark[at])).fit()
    ahead = np.arange(zero + EVENT[0], zero + EVENT[1] + 1)
    x = np.column_stack([np.ones(len(ahead)), benchmark[ahead]])
    error = fit.get_prediction(x).se_obs
    standardised = (own[ahead] - fit.predict(x)) / error
    square = standardised**2 * (fit.df_resid - 2) / fit.df_resid
    residual = fit.resid**2 / np.mean(fit.resid**2)
    volatility_events.append((
        {place: value - 1 for place, value in enumerate(residual)},
        {day: value - 1 for day, value in zip(range(EVENT[0], EVENT[1] + 1), square)},
    ))
print(json.dumps({
    "made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "market": market.tolist(),
    "firms": [{"zero": f["zero"], "close": f["close"].tolist(), "volume": None if f["volume"] is None else f["volume"].tolist()} for f in firms],
    "volume": report(volume_events),
    "volatility": report(volatility_events),
}))
