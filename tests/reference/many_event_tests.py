"""Writes many_event_tests.json: inputs drawn here, and what other programs make of them.

    python many_event_tests.py        (numpy, scipy, statsmodels, linearmodels, astropy; Rscript with sandwich, lmtest, jsonlite)

tests/it/many_event_tests.rs compares src/inference/ with it. Inputs are drawn with a fixed seed and rounded, so the file holds
exactly what the programs saw. Where a package has the test, it is the package's value. Where none has (Patell, Kolari-Pynnonen,
Corrado, GRANK, the skewness adjustment), the formula of the paper is written out in plain loops, from the abnormal returns on. The
resampled tests are enumerated: all signs, all samples, all places, so their p-values are exact.
"""

import itertools
import json
import math
import pathlib
import platform
import subprocess

import astropy
import linearmodels
import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.api as sm
from astropy.stats import jackknife_stats
from linearmodels.panel import PooledOLS
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20260722)


def rounded(values, digits=6):
    return [round(float(value), digits) for value in values]


def value(statistic, p_value):
    return {"statistic": float(statistic), "p_value": float(p_value)}


# --- inputs -----------------------------------------------------------------------------------------------------------------

skewed = rounded(0.01 + 0.04 * (rng.gamma(2.0, 1.0, 40) - 2.0) + 0.01 * rng.standard_t(4, 40))
small = rounded(rng.normal(0.02, 0.03, 7))
short_tied = rounded(np.round(rng.normal(0.01, 0.02, 25), 2), 2)
tied = rounded(np.round(rng.normal(0.004, 0.02, 60), 2), 2)  # zeros and equal sizes
long = rounded(rng.normal(0.003, 0.02, 80))  # beyond the exact null
scars = rounded(rng.normal(0.35, 1.4, 40))
degrees = [float(d) for d in rng.integers(28, 249, 40)]
day = [int(d) for d in rng.integers(0, 12, 40)]
firm = [int(f) for f in rng.integers(0, 9, 40)]
second_group = rounded(rng.normal(-0.004, 0.07, 23))
second_tied = rounded(np.round(rng.normal(0.0, 0.02, 35), 2), 2)
data = {"skewed": skewed, "small": small, "tied": tied, "short_tied": short_tied, "long": long, "scars": scars, "degrees": degrees, "day": day, "firm": firm,
        "second_group": second_group, "second_tied": second_tied}
results = {}

# --- the cross-section: scipy, astropy, and Hall's formula by loops -----------------------------------------------------------

def hall(values):
    n = len(values)
    mean = sum(values) / n
    s = math.sqrt(sum((x - mean) ** 2 for x in values) / (n - 1))
    m2 = sum((x - mean) ** 2 for x in values) / n
    m3 = sum((x - mean) ** 3 for x in values) / n
    gamma = m3 / m2 ** 1.5
    ratio = mean / s
    return math.sqrt(n) * (ratio + gamma * ratio ** 2 / 3 + gamma ** 2 * ratio ** 3 / 27 + gamma / (6 * n))


for name in ["skewed", "small", "long", "scars"]:
    values = np.array(data[name])
    found = stats.ttest_1samp(values, 0.0)
    results.setdefault("cross-sectional-t", {})[name] = value(found.statistic, found.pvalue)
    adjusted = hall(data[name])
    results.setdefault("skewness-adjusted-t", {})[name] = value(adjusted, 2 * stats.norm.sf(abs(adjusted)))
    estimate, _, error, _ = jackknife_stats(values, lambda x: np.mean(x) / np.std(x, ddof=1))
    t = estimate / error
    results.setdefault("jackknife", {})[name] = value(t, 2 * stats.t.sf(abs(t), len(values) - 1))

# --- standardised: the papers' formulas by loops ------------------------------------------------------------------------------

correlations = [-0.02, 0.0, 0.02, 0.1, 0.5]
total, variance = 0.0, 0.0
for scar, d in zip(scars, degrees):
    total += scar
    variance += d / (d - 2)
patell = total / math.sqrt(variance)
results["patell"] = value(patell, 2 * stats.norm.sf(abs(patell)))
bmp = stats.ttest_1samp(scars, 0.0)
results["bmp"] = value(bmp.statistic, bmp.pvalue)
results["kolari-pynnonen-bmp"], results["kolari-pynnonen-patell"] = [], []
for r in correlations:
    # Kolari & Pynnonen (2010): E[s^2] = (1 - r) sigma^2, Var(mean) = sigma^2 (1 + (n - 1) r) / n.
    n = len(scars)
    mean = math.fsum(scars) / n
    s2 = math.fsum((x - mean) ** 2 for x in scars) / (n - 1)
    sigma2 = s2 / (1 - r)
    t = mean / math.sqrt(sigma2 / n * (1 + (n - 1) * r))
    results["kolari-pynnonen-bmp"].append({"correlation": r, **value(t, 2 * stats.t.sf(abs(t), n - 1))})
    z = patell / math.sqrt(1 + (n - 1) * r)
    results["kolari-pynnonen-patell"].append({"correlation": r, **value(z, 2 * stats.norm.sf(abs(z)))})

# --- signs: statsmodels' proportion test without pooling, scipy's binomtest ---------------------------------------------------

results["sign"] = []
for name, share in [("skewed", 0.5), ("skewed", 0.47), ("tied", 0.5), ("small", 0.4812), ("long", 0.455)]:
    values = data[name]
    positive, n = sum(x > 0 for x in values), len(values)
    z, p = statsmodels.stats.proportion.proportions_ztest(positive, n, value=share, prop_var=share)
    results["sign"].append({"data": name, "share": share, **value(z, p), "exact": stats.binomtest(positive, n, share).pvalue})
results["binomial"] = []  # counts, for large N and far tails
for n in [1, 2, 5, 16, 100, 1000, 1_000_000]:
    for share in [0.5, 0.48, 0.031]:
        spread = math.sqrt(n * share * (1 - share))
        for k in sorted({0, 1, n, *(min(n, max(0, round(n * share + z * spread))) for z in [-8, -3, -1, -0.2, 0, 0.2, 1, 3, 8])}):
            p = stats.binomtest(k, n, share).pvalue
            if p > 1e-280:
                results["binomial"].append([k, n, share, float(p)])

# --- signed ranks and rank sums: scipy ----------------------------------------------------------------------------------------

results["wilcoxon"] = []
for name in ["skewed", "small", "tied", "short_tied", "long", "scars"]:
    values = [x for x in data[name] if x != 0.0]
    exact = len(values) <= 50 and len({abs(x) for x in values}) == len(values)
    if exact:
        above = stats.wilcoxon(values, alternative="greater", method="exact")  # W+ is told by the one-sided test
        row = value(above.statistic, stats.wilcoxon(values, method="exact").pvalue)
    else:
        found = stats.wilcoxon(values, correction=True, method="approx")
        above = stats.wilcoxon(values, alternative="greater", method="approx").statistic  # z is told of the smaller sum: its side is W+'s
        row = value(math.copysign(found.zstatistic, above - len(values) * (len(values) + 1) / 4), found.pvalue)
    results["wilcoxon"].append({"data": name, "exact": exact, "left": len(values), **row})
results["welch-t"], results["rank-sum"] = [], []
for first, second in [("skewed", "second_group"), ("small", "second_group"), ("tied", "second_tied"), ("long", "skewed")]:
    a, b = data[first], data[second]
    found = stats.ttest_ind(a, b, equal_var=False)
    results["welch-t"].append({"first": first, "second": second, "degrees": float(found.df), **value(found.statistic, found.pvalue)})
    found = stats.mannwhitneyu(a, b, method="asymptotic")
    results["rank-sum"].append({"first": first, "second": second, "u": float(found.statistic), "p_value": float(found.pvalue)})

# --- clustering: statsmodels, linearmodels and (below) R ----------------------------------------------------------------------

fit = sm.OLS(np.array(skewed), np.ones(40)).fit()
both, _, _ = cov_cluster_2groups(fit, np.array(day), np.array(firm), use_correction=True)
t = fit.params[0] / math.sqrt(both.item())
groups = min(len(set(day)), len(set(firm)))
results["two-way-clustered"] = {"groups": groups, **value(t, 2 * stats.t.sf(abs(t), groups - 1))}
index = pd.MultiIndex.from_arrays([range(40), [0] * 40])  # one entity an event: only the clusters matter
by_linearmodels = PooledOLS(pd.Series(skewed, index=index), pd.DataFrame({"mean": np.ones(40)}, index=index)).fit(
    cov_type="clustered", clusters=pd.DataFrame({"day": day, "firm": firm}, index=index), group_debias=True, debiased=True)
results["two-way-clustered"]["linearmodels"] = float(by_linearmodels.tstats.iloc[0])

# --- days: crude dependence and calendar time, through scipy and statsmodels ---------------------------------------------------

mean_residuals = rounded(rng.normal(0.0, 0.006, 110))
data["mean_residuals"] = mean_residuals
caar, days = 0.0213, 5
t = caar / (math.sqrt(days) * stats.tstd(mean_residuals))
results["crude-dependence"] = {"caar": caar, "days": days, **value(t, 2 * stats.t.sf(abs(t), len(mean_residuals) - 1))}
portfolio = rounded(rng.normal(0.002, 0.01, 37))
data["portfolio"] = portfolio
fit = sm.OLS(np.array(portfolio), np.ones(37)).fit()  # the intercept's t
results["calendar-time"] = value(fit.tvalues[0], fit.pvalues[0])

# --- rank tests, from abnormal returns with gaps ------------------------------------------------------------------------------

N, ESTIMATION, WINDOW = 9, 60, 5
common = rng.standard_t(4, ESTIMATION + WINDOW) * 0.008
panel = rng.standard_t(4, (N, ESTIMATION + WINDOW)) * 0.02 + common
panel[:, ESTIMATION:] += 0.008
panel[rng.random(panel.shape) < 0.06] = np.nan
panel[:, 17] = np.nan  # a day without any event


def corrado(first, last):
    """Corrado & Zivney's ranks; window first..last as positions, last excluded."""
    z, sums, counts = [], [], []
    u = {}
    for i in range(N):
        there = [t for t in range(ESTIMATION + WINDOW) if not math.isnan(panel[i, t])]
        ranks = stats.rankdata([panel[i, t] for t in there])
        for t, rank in zip(there, ranks):
            u[i, t] = rank / (1 + len(there)) - 0.5
    for t in range(ESTIMATION + WINDOW):
        column = [u[i, t] for i in range(N) if (i, t) in u]
        sums.append(sum(column))
        counts.append(len(column))
        z.append(sum(column) / math.sqrt(len(column)) if column else None)
    seen = [x for x in z if x is not None]
    deviation = math.sqrt(sum(x * x for x in seen) / len(seen))
    inside = [x for x in z[first:last] if x is not None]
    return sum(inside) / (math.sqrt(len(inside)) * deviation), sums, counts, len(seen)


results["corrado-rank"] = []
for first, last in [(60, 61), (60, 65), (62, 64)]:
    z, sums, counts, seen = corrado(first, last)
    results["corrado-rank"].append({"first": first, "last": last, "days": seen, **value(z, 2 * stats.norm.sf(abs(z)))})
data["rank_days"] = {"sums": sums, "counts": counts}


def grank(shift):
    """Kolari & Pynnonen (2011): standardised returns, the re-standardised SCAR as day 0, mean ranks by day."""
    standardised, scar = {}, []
    for i in range(N):
        estimation = [panel[i, t] for t in range(ESTIMATION) if not math.isnan(panel[i, t])]
        s = np.std(estimation, ddof=1)
        for t in range(ESTIMATION):
            if not math.isnan(panel[i, t]):
                standardised[i, t] = panel[i, t] / s
        window = [panel[i, t] + shift for t in range(ESTIMATION, ESTIMATION + WINDOW) if not math.isnan(panel[i, t])]
        scar.append(sum(window) / (s * math.sqrt(len(window))))
    across = np.std(scar, ddof=1)
    u = {}
    for i in range(N):
        there = [t for t in range(ESTIMATION) if (i, t) in standardised]
        ranks = stats.rankdata([standardised[i, t] for t in there] + [scar[i] / across])
        for t, rank in zip(there + ["event"], ranks):
            u[i, t] = rank / (1 + len(ranks)) - 0.5
    means, sums, counts = {}, [], []
    for t in [*range(ESTIMATION), "event"]:
        column = [u[i, t] for i in range(N) if (i, t) in u]
        if column:
            means[t] = (len(column), sum(column) / len(column))
        sums.append(sum(column))
        counts.append(len(column))
    T = len(means)
    n_event, u_event = means["event"]
    s2 = sum(n_t / n_event * mean ** 2 for n_t, mean in means.values()) / T
    z = u_event / math.sqrt(s2)
    t = z * math.sqrt((T - 2) / (T - 1 - z * z))
    return {"sums": sums[:-1], "counts": counts[:-1], "event_sum": sums[-1], "event_count": counts[-1], "days": T,
            "grank-z": value(z, 2 * stats.norm.sf(abs(z))), "grank-t": value(t, 2 * stats.t.sf(abs(t), T - 2))}


results["grank"] = [grank(shift) for shift in [0.0, -0.012, 0.03]]

# --- resampled: everything enumerated ------------------------------------------------------------------------------------------

ROUNDING = 1e-9


def t_of(values):
    return float(stats.ttest_1samp(values, 0.0).statistic)


def share_as_far(statistics, observed):
    return sum(not abs(s) < abs(observed) * (1 - ROUNDING) for s in statistics) / len(statistics)  # no number counts as far


few = rounded(rng.normal(0.03, 0.04, 13))
signs = np.array(list(itertools.product([-1.0, 1.0], repeat=len(few))))
flipped = signs * np.array(few)
with np.errstate(all="ignore"):
    ts = flipped.mean(axis=1) / flipped.std(axis=1, ddof=1) * math.sqrt(len(few))
fewest = [0.031, -0.012, 0.055, 0.008, 0.094, -0.021]
centre = sum(fewest) / len(fewest)
samples = list(itertools.product([x - centre for x in fewest], repeat=len(fewest)))
resampled = [hall(sample) if len(set(sample)) > 1 else math.nan for sample in samples]
places = [rounded(rng.normal(0.0, 0.02, size)) for size in [6, 8, 5, 7, 6]]
cars = rounded(rng.normal(0.03, 0.02, 5))
permuted = [t_of(choice) for choice in itertools.product(*places)]
results["resampled"] = {
    "wild-bootstrap": {"cars": few, "statistic": t_of(few), "p_value": share_as_far(ts, t_of(few))},
    "skewness-adjusted-bootstrap": {"cars": fewest, "statistic": hall(fewest), "p_value": share_as_far(resampled, hall(fewest))},
    "permutation": {"cars": cars, "places": places, "statistic": t_of(cars), "p_value": share_as_far(permuted, t_of(cars))},
}

# --- adjusted p-values ---------------------------------------------------------------------------------------------------------

p_values = rounded([0.001, 0.04, 0.03, 0.03, 0.2, 0.9, 0.008, 0.6, 1.0, 0.049])
results["adjustment"] = {"p_values": p_values, "holm": list(multipletests(p_values, method="holm")[1]),
                         "benjamini-hochberg": list(multipletests(p_values, method="fdr_bh")[1])}

# --- R --------------------------------------------------------------------------------------------------------------------------

(HERE / "many_event_tests.inputs.json").write_text(json.dumps(data | {"p_values": p_values}))
raw = subprocess.run(["Rscript", "--vanilla", str(HERE / "many_event_tests.R")], check=True, capture_output=True, text=True, cwd=HERE)
(HERE / "many_event_tests.R.out").write_text(raw.stdout)
(HERE / "many_event_tests.inputs.json").unlink()
results["R"] = json.loads(raw.stdout[raw.stdout.index("=== JSON ===") + len("=== JSON ==="):])

versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__, "linearmodels": linearmodels.__version__, "astropy": astropy.__version__}
(HERE / "many_event_tests.json").write_text(json.dumps({"versions": versions, "data": data, "results": results}, indent=1) + "\n")
