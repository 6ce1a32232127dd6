"""Writes robust_errors.json: regressions with robust errors, calendar-time alphas and long-horizon tests by other programs.

    python robust_errors.py        (numpy, pandas, scipy, statsmodels, linearmodels, patsy; Rscript with sandwich, lmtest, jsonlite)

tests/it/robust_errors.rs compares src/stats/robust.rs, src/stats/weighted.rs, src/inference/ and src/cross_section/ with it. Inputs are
drawn with a fixed seed and rounded, so that the file holds exactly what the programs saw. The bootstrap is enumerated: all samples of a
quarter of the values, so that its p-value is exact.
"""

import itertools
import json
import math
import pathlib
import platform
import subprocess
import tempfile

import linearmodels
import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.api as sm
import statsmodels.formula.api as smf
from linearmodels.panel import PooledOLS
from scipy import stats

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261123)


def rounded(values, digits=6):
    return [round(float(value), digits) for value in values]


# --- a cross-section of CARs --------------------------------------------------------------------------------------------------

n = 60
sectors = ["energy", "health", "tech", "banks"]
sector = [sectors[i] for i in rng.integers(0, 4, n)]
day = [int(d) for d in rng.integers(0, 11, n)]
firm = [int(f) for f in rng.integers(0, 14, n)]
size = rounded(np.exp(rng.normal(7, 1.5, n)), 3)
ratio = rounded(rng.gamma(2, 0.4, n))
day_effect, firm_effect = rng.normal(0, 0.02, 11), rng.normal(0, 0.02, 14)
car = rounded(0.01 + 0.004 * np.log(size) - 0.02 * np.array(ratio) + day_effect[day] + firm_effect[firm]
              + rng.normal(0, 1, n) * 0.01 * (1 + np.array(ratio)))
tech = [1.0 if s == "tech" else 0.0 for s in sector]
log_size = np.log(size)
frame = pd.DataFrame({"car": car, "size": size, "ratio": ratio, "sector": sector, "day": day, "firm": firm})

kinds = {
    "classical": {"cov_type": "nonrobust"},
    "hc0": {"cov_type": "HC0", "use_t": True},
    "hc1": {"cov_type": "HC1", "use_t": True},
    "hc3": {"cov_type": "HC3", "use_t": True},
    "hac4": {"cov_type": "HAC", "use_t": True, "cov_kwds": {"maxlags": 4, "use_correction": True}},
    "date": {"cov_type": "cluster", "use_t": True, "cov_kwds": {"groups": np.array(day)}},
    "firm": {"cov_type": "cluster", "use_t": True, "cov_kwds": {"groups": np.array(firm)}},
    "date-firm": {"cov_type": "cluster", "use_t": True, "cov_kwds": {"groups": np.column_stack([day, firm])}},
}


def described(found, names=None):
    interval = np.asarray(found.conf_int())
    return {
        "names": list(names if names is not None else found.model.exog_names),
        "coefficients": [float(v) for v in np.asarray(found.params)],
        "standard_errors": [float(v) for v in np.asarray(found.bse)],
        "t": [float(v) for v in np.asarray(found.tvalues)],
        "p": [float(v) for v in np.asarray(found.pvalues)],
        "lower": [float(v) for v in interval[:, 0]],
        "upper": [float(v) for v in interval[:, 1]],
    }


X = sm.add_constant(np.column_stack([size, ratio, tech]))
plain = {kind: described(sm.OLS(np.array(car), X).fit(**options), ["const", "size", "ratio", "tech"]) for kind, options in kinds.items()}
panel = frame.assign(tech=tech, const=1.0).reset_index(names="entity").assign(time=0).set_index(["entity", "time"])
clusters = panel[["day", "firm"]].reset_index(drop=True)
clusters.index = panel.index
two_way = PooledOLS(panel.car, panel[["const", "size", "ratio", "tech"]]).fit(cov_type="clustered", clusters=clusters, debiased=True, group_debias=True)
one_way = PooledOLS(panel.car, panel[["const", "size", "ratio", "tech"]]).fit(cov_type="clustered", clusters=clusters[["day"]], debiased=True, group_debias=True)

formulas = {}
for text, patsy in {
    "size + ratio + sector": "car ~ size + ratio + C(sector)",
    "log(size) + ratio": "car ~ np.log(size) + ratio",
    "log(size) * ratio": "car ~ np.log(size) * ratio",
    "ratio + C(day)": "car ~ ratio + C(day)",
    "ratio + sector + ratio:sector": "car ~ ratio + C(sector) + ratio:C(sector)",
}.items():
    found = smf.ols(patsy, frame).fit(cov_type="HC1", use_t=True)
    formulas[text] = described(found) | {"r_squared": float(found.rsquared), "adjusted": float(found.rsquared_adj)}

# --- a calendar-time portfolio --------------------------------------------------------------------------------------------------

T = 240
factors = [rounded(rng.normal(0.0004, sd, T), 7) for sd in (0.011, 0.006, 0.005)]
held = [int(h) for h in rng.integers(1, 25, T)]
noise = np.zeros(T)
for t in range(T):
    noise[t] = 0.3 * (noise[t - 1] if t else 0.0) + rng.normal(0, 0.02 / math.sqrt(held[t]))
portfolio = rounded(0.0006 + 1.1 * np.array(factors[0]) + 0.4 * np.array(factors[1]) - 0.2 * np.array(factors[2]) + noise, 7)
lags = math.floor(4 * (T / 100) ** (2 / 9))
F = sm.add_constant(np.column_stack(factors))
hac = {"cov_type": "HAC", "use_t": True, "cov_kwds": {"maxlags": lags, "use_correction": True}}
calendar = {
    "lags": lags,
    "ols": described(sm.OLS(np.array(portfolio), F).fit(**hac)),
    "wls": described(sm.WLS(np.array(portfolio), F, weights=np.array(held, dtype=float)).fit(**hac)),
    "wls_hc3": described(sm.WLS(np.array(portfolio), F, weights=np.array(held, dtype=float)).fit(cov_type="HC3", use_t=True)),
}

# --- pooled standardised returns, for R -----------------------------------------------------------------------------------------

pooled, pooled_day, pooled_firm = [], [], []
common = rng.normal(0, 0.4, 90)
for event in range(25):
    first = int(rng.integers(0, 60))
    drift = rng.normal(0.05, 0.05)
    for step in range(30):
        pooled.append(round(float(drift + common[first + step] + rng.normal(0, 1)), 6))
        pooled_day.append(first + step)
        pooled_firm.append(event % 17)

# --- the bootstrapped skewness-adjusted t: every sample of a quarter ----------------------------------------------------------------

def johnson(values, about):
    size = len(values)
    mean = sum(values) / size
    s = math.sqrt(sum((x - mean) ** 2 for x in values) / (size - 1))
    gamma = sum((x - mean) ** 3 for x in values) / (size * s ** 3)
    ratio = (mean - about) / s
    return math.sqrt(size) * (ratio + gamma * ratio ** 2 / 3 + gamma / (6 * size))


bootstraps = []
for count, shift in [(12, 0.10), (16, 0.25), (16, -0.12), (19, 0.05)]:
    values = rounded(np.exp(rng.normal(-0.1, 0.5, count)) - 1 + shift)
    mean = sum(values) / count
    observed = johnson(values, 0.0)
    below = above = total = 0
    for sample in itertools.product(values, repeat=count // 4):
        total += 1
        if max(sample) - min(sample) < 1e-12:
            below, above = below + 1, above + 1
            continue
        drawn = johnson(sample, mean)
        below += drawn <= observed
        above += drawn >= observed
    bootstraps.append({"values": values, "statistic": observed, "below": below / total, "above": above / total,
                       "p_value": min(1.0, 2 * min(below, above) / total), "samples": total})

inputs = {"y": car, "size": size, "ratio": ratio, "tech": tech, "day": day, "firm": firm,
          "pooled": pooled, "pooled_day": pooled_day, "pooled_firm": pooled_firm}
with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
    json.dump(inputs, file)
    file.flush()
    printed = subprocess.run(["Rscript", str(HERE / "robust_errors.R"), file.name], check=True, capture_output=True, text=True).stdout
(HERE / "robust_errors.R.out").write_text(printed + "\n")

out = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__,
                 "linearmodels": linearmodels.__version__},
    "data": inputs | {"sector": sector, "portfolio": portfolio, "factors": factors, "held": held},
    "plain": plain,
    "linearmodels": {"date": [float(v) for v in one_way.std_errors], "date-firm": [float(v) for v in two_way.std_errors]},
    "formulas": formulas,
    "calendar": calendar,
    "bootstraps": bootstraps,
    "R": json.loads(printed),
}
(HERE / "robust_errors.json").write_text(json.dumps(out, indent=1) + "\n")
