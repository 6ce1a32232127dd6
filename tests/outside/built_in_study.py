"""Writes built_in_study.json: the built-in study computed a second time, for tests/it/built_in_study.rs.

    python built_in_study.py            (needs numpy, pandas, scipy, statsmodels)

Nothing here is taken from the Rust code. Prices come from datasets/cloudflare-kiwi-farms-2022/prices.csv. Where another program has
the number itself, it is that program's: regressions, forecast errors (get_prediction, and the t test of a sum of event-day dummies:
Karafiath 1988, Financial Review 23(3), 351-357, whose standard error is the one with forecast error) and residual tests are
statsmodels', tails and quantiles scipy's. All returns are fractions.
"""

import json
import pathlib
import platform
from decimal import Decimal

import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats import diagnostic, stattools

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "datasets" / "cloudflare-kiwi-farms-2022"
MARKET, SECURITY, PEERS = "^GSPC", "NET", ["AKAM", "FSLY"]
EVENT = pd.Timestamp("2022-09-03")
ESTIMATION, WINDOW = (-250, -11), (-10, 10)
CAR_WINDOWS = [(0, 0), (0, 1), (-1, 1), (0, 5), (-10, 10)]
SPAN = (-126, 63)
CLAIMS = [
    ("net-session", "NET", "session", "-1.03", None),
    ("spx-session", "^GSPC", "session", "-1.07", None),
    ("net-month", "NET", "month", "-20", "more-than"),
    ("net-year", "NET", "year-to-date", "-55", None),
    ("spx-month", "^GSPC", "month", "-5", None),
    ("spx-year", "^GSPC", "year-to-date", "-18", None),
]

TIDY = pd.read_csv(FOLDER / "prices.csv", parse_dates=["date"])
CLOSES = TIDY.pivot(index="date", columns="symbol", values="close").sort_index()
VOLUMES = TIDY.pivot(index="date", columns="symbol", values="volume").sort_index()
SESSIONS = CLOSES.index[CLOSES[MARKET].notna()]
RETURNS = CLOSES.pct_change(fill_method=None)


def session_on_or_before(day):
    earlier = SESSIONS[SESSIONS <= day]
    return earlier[-1] if len(earlier) else None


def growth(symbol, start, end):
    return CLOSES.at[end, symbol] / CLOSES.at[start, symbol] - 1


def text(day):
    return day.strftime("%Y-%m-%d")


# --- claims ------------------------------------------------------------------------------------------------------------------

def covers(stated, qualifier, percent):
    """The set of the printed figure: half a unit of the last place either side, or strictly beyond it with "more than"."""
    figure = Decimal(stated)
    half = Decimal(1).scaleb(figure.as_tuple().exponent) / 2
    measured = Decimal(repr(float(percent)))
    if qualifier == "more-than":
        return measured < figure if figure < 0 else measured > figure
    return figure - half <= measured <= figure + half


def as_of():
    """Sessions whose one-day moves match every figure printed for a session to two decimals."""
    quotes = [(symbol, stated) for _, symbol, horizon, stated, _ in CLAIMS if horizon == "session"]
    candidates = SESSIONS[1:]
    fitting = [day for day in candidates if all(covers(stated, None, 100 * RETURNS.at[day, symbol]) for symbol, stated in quotes)]
    return {"searched": len(candidates), "quotes": len(quotes), "fitting": [text(day) for day in fitting]}


def starts(horizon, end):
    """Start sessions of a horizon, the primary one first."""
    place = SESSIONS.get_loc(end)
    if horizon == "session":
        return [SESSIONS[place - 1]]
    if horizon == "year-to-date":
        return [session_on_or_before(pd.Timestamp(end.year - 1, 12, 31))]
    return [
        session_on_or_before(end - pd.DateOffset(months=1)),
        session_on_or_before(end - pd.Timedelta(days=30)),
        session_on_or_before(end - pd.Timedelta(days=28)),
        SESSIONS[place - 20],
        SESSIONS[place - 21],
        SESSIONS[place - 22],
        session_on_or_before(end - pd.offsets.MonthEnd(1)),
    ]


def claims(end):
    found = []
    for key, symbol, horizon, stated, qualifier in CLAIMS:
        readings = []
        for start in starts(horizon, end):
            measured = growth(symbol, start, end)
            readings.append({"from": text(start), "measured": measured, "reproduces": bool(covers(stated, qualifier, 100 * measured))})
        place = SESSIONS.get_loc(end)
        # A month is 21 sessions; half of it either way.
        around = [{"from": text(SESSIONS[place - n]), "measured": growth(symbol, SESSIONS[place - n], end)} for n in range(31, 10, -1)]
        found.append({"id": key, "readings": readings, "start_dates": around if horizon == "month" else []})
    return found


# --- the event ---------------------------------------------------------------------------------------------------------------

def day_zero():
    return SESSIONS[SESSIONS >= EVENT][0]


def frame(symbol, window):
    """Returns of the security and of the market on the days of a window."""
    zero = SESSIONS.get_loc(day_zero())
    days = SESSIONS[zero + window[0]:zero + window[1] + 1]
    return pd.DataFrame({"own": RETURNS.loc[days, symbol], "market": RETURNS.loc[days, MARKET], "day": np.arange(window[0], window[1] + 1)})


def dummy_regression(model, symbol):
    """Estimation and event window in one regression with a dummy a day of the event window: the dummies' coefficients are the abnormal
    returns, and the t test of a sum of them is that of the CAR, forecast error included."""
    estimation, window = frame(symbol, ESTIMATION), frame(symbol, WINDOW)
    both = pd.concat([estimation, window])
    dummies = np.vstack([np.zeros((len(estimation), len(window))), np.eye(len(window))])
    regressors = [np.ones(len(both))] + ([both["market"].to_numpy()] if model == "market" else [])
    fitted = sm.OLS(both["own"].to_numpy(), np.column_stack(regressors + [dummies])).fit()
    return fitted, len(regressors)


def fit(model, symbol):
    estimation = frame(symbol, ESTIMATION)
    if model == "market-adjusted":
        spread = (estimation["own"] - estimation["market"]).to_numpy()
        return {"alpha": 0.0, "beta": 1.0, "sigma": spread.std(ddof=1), "r_squared": None, "n": len(spread), "d": len(spread) - 1}, spread, None
    design = sm.add_constant(estimation["market"].to_numpy()) if model == "market" else np.ones((len(estimation), 1))
    fitted = sm.OLS(estimation["own"].to_numpy(), design).fit()
    parameters = {
        "alpha": fitted.params[0],
        "beta": fitted.params[1] if model == "market" else 0.0,
        "sigma": np.sqrt(fitted.scale),
        "r_squared": fitted.rsquared if model == "market" else None,
        "n": int(fitted.nobs),
        "d": int(fitted.df_resid),
    }
    return parameters, fitted.resid, fitted


def expected_returns(parameters, rows):
    return parameters["alpha"] + parameters["beta"] * rows["market"]


def event(model):
    parameters, residuals, fitted = fit(model, SECURITY)
    window = frame(SECURITY, WINDOW)
    expected = expected_returns(parameters, window)
    abnormal = window["own"] - expected
    if fitted is None:
        errors = np.full(len(window), parameters["sigma"])
    else:
        design = sm.add_constant(window["market"].to_numpy(), has_constant="add") if model == "market" else np.ones((len(window), 1))
        # se_obs is statsmodels' standard error of one new observation.
        errors = fitted.get_prediction(design).se_obs
    cars = [cumulate(model, parameters, residuals, window, expected, abnormal, bounds) for bounds in CAR_WINDOWS]
    paths = [cumulate_band(model, parameters, window, abnormal, (WINDOW[0], day)) for day in window["day"]]
    return {
        "model": parameters,
        "sessions": [text(day) for day in window.index],
        "actual": window["own"].tolist(),
        "benchmark": window["market"].tolist(),
        "ar": abnormal.tolist(),
        "ar_se": errors.tolist(),
        "ar_p": (2 * stats.t.sf(np.abs(abnormal / errors), parameters["d"])).tolist(),
        "car": cars,
        "cumulative": paths,
    }


def cumulated_error(model, parameters, bounds):
    """CAR's value and standard error; of the regression models, by the dummies."""
    days = bounds[1] - bounds[0] + 1
    if model == "market-adjusted":
        return None, parameters["sigma"] * np.sqrt(days)
    fitted, offset = dummy_regression(model, SECURITY)
    contrast = np.zeros(len(fitted.params))
    contrast[offset + bounds[0] - WINDOW[0]:offset + bounds[1] - WINDOW[0] + 1] = 1
    test = fitted.t_test(contrast)
    return float(test.effect[0]), float(test.sd[0, 0])


def cumulate_band(model, parameters, window, abnormal, bounds):
    inside = window["day"].between(*bounds)
    value, error = cumulated_error(model, parameters, bounds)
    value = abnormal[inside].sum() if value is None else value
    low, high = stats.t.interval(0.95, parameters["d"], loc=value, scale=error)
    return {"value": value, "se": error, "low": low, "high": high}


def cumulate(model, parameters, residuals, window, expected, abnormal, bounds):
    inside = window["day"].between(*bounds)
    found = cumulate_band(model, parameters, window, abnormal, bounds)
    t = found["value"] / found["se"]
    held = np.prod(1 + window["own"][inside]) - np.prod(1 + expected[inside])
    found |= {"window": list(bounds), "t": t, "p": 2 * stats.t.sf(abs(t), parameters["d"]), "bhar": held}
    found["placebo"] = placebo(parameters, found["value"], bounds)
    if bounds[0] == bounds[1]:
        side = residuals <= found["value"] if found["value"] < 0 else residuals >= found["value"]
        places = len(residuals) + 1
        found["sample_quantile_p"] = min(1.0, 2 * (side.sum() + 1) / places)
        found["rank_p"] = (np.sum(np.abs(residuals) >= abs(found["value"])) + 1) / places
    return found


def placebo(parameters, actual, bounds):
    """Every run of as many consecutive days in the whole history that shares no day with the event's window."""
    abnormal = RETURNS[SECURITY] - parameters["alpha"] - parameters["beta"] * RETURNS[MARKET]
    length = bounds[1] - bounds[0] + 1
    sums = abnormal.rolling(length).sum()
    zero = SESSIONS.get_loc(day_zero())
    touched = [place for place in range(len(SESSIONS)) if place >= zero + bounds[0] and place - length + 1 <= zero + bounds[1]]
    draws = sums.drop(sums.index[touched]).dropna()
    hits = int((draws.abs() >= abs(actual)).sum())
    return {"draws": len(draws), "hits": hits, "p": (hits + 1) / (len(draws) + 1), "smallest": draws.min(), "largest": draws.max(), "mean": draws.mean()}


def residual_tests():
    _, residuals, fitted = fit("market", SECURITY)
    jarque_bera, jarque_bera_p, skewness, kurtosis = stattools.jarque_bera(residuals)
    ljung_box = diagnostic.acorr_ljungbox(residuals, lags=[5]).iloc[0]
    breusch_pagan = diagnostic.het_breuschpagan(residuals, fitted.model.exog, robust=True)
    arch = diagnostic.het_arch(residuals, nlags=5)
    return {
        "skewness": skewness,
        "kurtosis": kurtosis,
        "jarque_bera": [jarque_bera, jarque_bera_p],
        "ljung_box": [ljung_box["lb_stat"], ljung_box["lb_pvalue"]],
        "breusch_pagan": list(breusch_pagan[:2]),
        "arch": list(arch[:2]),
        "durbin_watson": stattools.durbin_watson(residuals),
    }


# --- volume ------------------------------------------------------------------------------------------------------------------

def volume():
    """Log volume against its mean over the estimation window, with the error of that mean: the forecast of a regression on a constant."""
    zero = SESSIONS.get_loc(day_zero())
    usual = np.log(VOLUMES[SECURITY].iloc[zero + ESTIMATION[0]:zero + ESTIMATION[1] + 1].dropna())
    fitted = sm.OLS(usual.to_numpy(), np.ones((len(usual), 1))).fit()
    prediction = fitted.get_prediction([[1.0]])
    forecast, error = prediction.summary_frame(alpha=0.05).iloc[0], prediction.se_obs[0]
    window = VOLUMES[SECURITY].iloc[zero + WINDOW[0]:zero + WINDOW[1] + 1]
    t = (np.log(window) - forecast["mean"]) / error
    return {
        "usual": np.exp(forecast["mean"]),
        "n": len(usual),
        "low_ratio": np.exp(forecast["obs_ci_lower"] - forecast["mean"]),
        "high_ratio": np.exp(forecast["obs_ci_upper"] - forecast["mean"]),
        "ratio": np.exp(np.log(window) - forecast["mean"]).tolist(),
        "t": t.tolist(),
        "p": (2 * stats.t.sf(t.abs(), fitted.df_resid)).tolist(),
    }


# --- performance -------------------------------------------------------------------------------------------------------------

def periods(base):
    place = SESSIONS.get_loc(base)
    before = [
        SESSIONS[place - 1],
        session_on_or_before(base - pd.Timedelta(days=7)),
        *[session_on_or_before(base - pd.DateOffset(months=months)) for months in (1, 3, 6, 12)],
        session_on_or_before(pd.Timestamp(base.year - 1, 12, 31)),
    ]
    after = [SESSIONS[place + count] for count in (1, 2, 5, 10, 21, 63)]
    return [(start, base) for start in before] + [(base, end) for end in after]


def performance():
    zero = SESSIONS.get_loc(day_zero())
    base = SESSIONS[zero - 1]
    span = SESSIONS[zero + SPAN[0]:zero + SPAN[1] + 1]
    securities = []
    for symbol in [SECURITY, *PEERS, MARKET]:
        estimation = frame(symbol, ESTIMATION)
        beta = 1.0 if symbol == MARKET else np.polyfit(estimation["market"], estimation["own"], 1)[0]
        level = 100 * CLOSES.loc[span, symbol] / CLOSES.at[base, symbol]
        ratio = CLOSES[symbol] / CLOSES[MARKET]
        drawdown = level / level.cummax() - 1
        rows = []
        for start, end in periods(base):
            own, market = growth(symbol, start, end), growth(MARKET, start, end)
            row = {"from": text(start), "to": text(end), "return": own, "benchmark": market}
            if symbol != MARKET:
                held = np.prod(1 + beta * RETURNS[MARKET][(RETURNS.index > start) & (RETURNS.index <= end)]) - 1
                row |= {"gap_pp": 100 * (own - market), "relative": (1 + own) / (1 + market) - 1, "beta_adjusted_gap_pp": 100 * (own - held)}
            rows.append(row)
        trough = drawdown.idxmin()
        securities.append({
            "symbol": symbol,
            "beta": beta,
            "periods": rows,
            "rebased": level.tolist(),
            "relative_strength": (100 * ratio[span] / ratio[base]).tolist(),
            "drawdown": drawdown.tolist(),
            "deepest": {"depth": drawdown.min(), "peak": text(level[:trough].idxmax()), "trough": text(trough)},
        })
    return {"base": text(base), "sessions": [text(day) for day in span], "securities": securities}


def plain(value):
    """Python's own numbers in place of numpy's, so that json writes them in full."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def main():
    found = as_of()
    end = pd.Timestamp(found["fitting"][0])
    result = {
        "programs": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pandas": pd.__version__,
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "as_of": found,
        "claims": claims(end),
        "day_zero": text(day_zero()),
        "models": {model: event(model) for model in ("market", "market-adjusted", "constant-mean")},
        "residual_tests": residual_tests(),
        "volume": volume(),
        "performance": performance(),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(plain(result), separators=(",", ":"), allow_nan=False) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
