"""The event study that a careful user would write with NumPy: market model, AAR, CAAR and the usual tests over many events, vectorised.

    python many_events.py prices.parquet events.parquet BENCHMARK

Estimation -260..-11, event window -10..10, windows 0..1, -1..1 and -10..10, as benches/many_events.rs asks of aftermove. It assumes what
aftermove checks: no missing day, no event out of the data. It leaves out GRANK and the mean residual correlation.
"""
import sys

import numpy as np
import pandas as pd
from scipy import stats

EST, WIN, CARS = (-260, -11), (-10, 10), [(0, 1), (-1, 1), (-10, 10)]


def main(prices_file, events_file, benchmark):
    prices = pd.read_parquet(prices_file, columns=["date", "symbol", "close"])
    events = pd.read_parquet(events_file)
    wide = prices.pivot(index="date", columns="symbol", values="close")
    returns = wide.to_numpy()
    returns = returns[1:] / returns[:-1] - 1
    dates = wide.index.to_numpy()[1:]
    market = returns[:, wide.columns.get_loc(benchmark)]
    column = wide.columns.get_indexer(events["symbol"])
    zero = np.searchsorted(dates, events["date"].to_numpy())
    estimation = np.arange(EST[0], EST[1] + 1)
    window = np.arange(WIN[0], WIN[1] + 1)
    n, parts = len(estimation), []
    for start in range(0, len(zero), 20_000):  # so that a million events fit into memory
        z, c = zero[start : start + 20_000, None], column[start : start + 20_000, None]
        y, x = returns[z + estimation, c], market[z + estimation]
        xm, ym = x.mean(1, keepdims=True), y.mean(1, keepdims=True)
        sxx = ((x - xm) ** 2).sum(1)
        beta = ((x - xm) * (y - ym)).sum(1) / sxx
        alpha = ym[:, 0] - beta * xm[:, 0]
        residual = y - alpha[:, None] - beta[:, None] * x
        s2 = (residual**2).sum(1) / (n - 2)
        xe = market[z + window]
        ar = returns[z + window, c] - alpha[:, None] - beta[:, None] * xe
        se = np.sqrt(s2[:, None] * (1 + 1 / n + (xe - xm) ** 2 / sxx[:, None]))
        cars, errors = [], []
        for first, last in CARS:
            days = slice(first - WIN[0], last - WIN[0] + 1)
            length = last - first + 1
            cars.append(ar[:, days].sum(1))
            spread = (xe[:, days] - xm).sum(1) ** 2 / sxx
            errors.append(np.sqrt(s2 * (length + length**2 / n + spread)))
        ranks = np.concatenate([residual, ar], axis=1).argsort(1).argsort(1) + 1
        parts.append((ar, se, np.stack(cars, 1), np.stack(errors, 1), (residual > 0).mean(1), (ranks / (1 + ranks.shape[1]) - 0.5).sum(0)))
    ar, se, cars, errors, positive = (np.concatenate([part[i] for part in parts]) for i in range(5))
    ranks = sum(part[5] for part in parts) / np.sqrt(len(zero))
    spread = np.sqrt((ranks**2).mean())
    share, count = positive.mean(), len(zero)
    values = np.concatenate([ar, cars], axis=1)
    scaled = values / np.concatenate([se, errors], axis=1)
    mean, sd = values.mean(0), values.std(0, ddof=1)
    t = mean / (sd / np.sqrt(count))
    patell = scaled.sum(0) / np.sqrt(count * (n - 2) / (n - 4))
    bmp = scaled.mean(0) / (scaled.std(0, ddof=1) / np.sqrt(count))
    sign = ((values > 0).sum(0) - count * share) / np.sqrt(count * share * (1 - share))
    wilcoxon = [stats.wilcoxon(values[:, j]).pvalue for j in range(values.shape[1])]
    corrado = [ranks[n + a - WIN[0] : n + b - WIN[0] + 1].sum() / (np.sqrt(b - a + 1) * spread) for a, b in [(d, d) for d in window] + CARS]
    p = 2 * stats.t.sf(np.abs(t), count - 1), 2 * stats.norm.sf(np.abs(patell)), 2 * stats.t.sf(np.abs(bmp), count - 1)
    for j, (first, last) in enumerate(CARS, start=len(window)):
        print(first, last, mean[j], t[j], patell[j], bmp[j], sign[j], corrado[j], wilcoxon[j], *(q[j] for q in p))


main(*sys.argv[1:])
