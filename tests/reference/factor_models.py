"""Factor models fitted by statsmodels, for tests/it/many_events.rs.

Writes factor_models.json: the invented returns that went in and what statsmodels made of them. Run with the versions that README.md names:
    python factor_models.py > factor_models.json
"""
import json

import numpy as np
import statsmodels.api as sm

rng = np.random.default_rng(20221122)
DAYS, ESTIMATION, EVENT = 100, (0, 79), (84, 90)  # positions of the windows; day 0 stands at 87
ZERO = 87
NAMES = ["Mkt-RF", "SMB", "HML", "RMW", "CMA", "Mom"]
factors = np.round(rng.normal(0.0003, [0.011, 0.006, 0.006, 0.004, 0.004, 0.008], size=(DAYS, 6)), 6)
risk_free = np.round(np.abs(rng.normal(0.00012, 0.00003, size=DAYS)), 6)
benchmark = np.round(factors[:, 0] + risk_free + rng.normal(0, 0.001, size=DAYS), 6)
loadings = {"AAA": [1.1, 0.4, -0.2, 0.1, 0.3, -0.1], "BBB": [0.7, -0.3, 0.5, 0.2, -0.4, 0.2]}
securities = {
    name: np.round(risk_free + factors @ np.array(b) + rng.standard_t(5, size=DAYS) * 0.012, 6) for name, b in loadings.items()
}

MODELS = {
    "market": None,
    "capm": None,
    "fama-french-3": [0, 1, 2],
    "carhart-4": [0, 1, 2, 5],
    "fama-french-5": [0, 1, 2, 3, 4],
    "factors": [0, 1, 2, 3, 4, 5],
}
estimation = slice(ESTIMATION[0], ESTIMATION[1] + 1)
event = slice(EVENT[0], EVENT[1] + 1)
results = []
for name, returns in securities.items():
    for model, columns in MODELS.items():
        if model == "market":
            y, x, add = returns, benchmark[:, None], np.zeros(DAYS)
        elif model == "capm":
            y, x, add = returns - risk_free, (benchmark - risk_free)[:, None], risk_free
        else:
            y, x, add = returns - risk_free, factors[:, columns], risk_free
        design = sm.add_constant(x)
        fit = sm.OLS(y[estimation], design[estimation]).fit()
        prediction = fit.get_prediction(design[event])
        abnormal = y[event] - prediction.predicted_mean
        sums = design[event].sum(axis=0)
        length = EVENT[1] - EVENT[0] + 1
        variance = fit.mse_resid * length + sums @ fit.cov_params() @ sums
        results.append({
            "symbol": name,
            "model": model,
            "coefficients": list(map(float, fit.params)),
            "sigma": float(np.sqrt(fit.mse_resid)),
            "r_squared": float(fit.rsquared),
            "degrees_of_freedom": int(fit.df_resid),
            "ar": list(map(float, abnormal)),
            "ar_se": list(map(float, prediction.se_obs)),
            "car": float(abnormal.sum()),
            "car_se": float(np.sqrt(variance)),
            "bhar": float(np.prod(1 + y[event] + add[event]) - np.prod(1 + prediction.predicted_mean + add[event])),
        })
print(json.dumps({
    "versions": {"numpy": np.__version__, "statsmodels": __import__("statsmodels").__version__},
    "estimation": [ESTIMATION[0] - ZERO, ESTIMATION[1] - ZERO],
    "window": [EVENT[0] - ZERO, EVENT[1] - ZERO],
    "zero": ZERO,
    "factor_names": NAMES,
    "factors": factors.tolist(),
    "risk_free": risk_free.tolist(),
    "benchmark": benchmark.tolist(),
    "securities": {name: values.tolist() for name, values in securities.items()},
    "results": results,
}, indent=1))
