"""Writes statistics.json, the outside values that tests/it/statistics.rs compares the stats room with.

    python statistics.py            (needs numpy, scipy, statsmodels, mpmath)

Tails and quantiles come from mpmath at 40 digits, the rest from numpy, scipy and statsmodels on a data set drawn here with a
fixed seed and rounded, so that the file holds exactly what the programs saw. The NIST values are certified by NIST, not computed.
"""

import json
import pathlib
import platform

import mpmath
import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from mpmath import mp, mpf
from scipy import stats
from statsmodels.stats import diagnostic, stattools

mp.dps = 40


# --- tails and quantiles: mpmath, arguments are the exact binary values ------------------------------------------------------

def normal_survival(z):
    return mp.erfc(mpf(z) / mp.sqrt(2)) / 2


def student_half(t, degrees):
    """P(T > t) for t >= 0."""
    t, degrees = mpf(t), mpf(degrees)
    x = degrees / (degrees + t * t)
    if x < mpf("0.5"):
        return mp.betainc(degrees / 2, mpf(1) / 2, 0, x, regularized=True) / 2
    return mpf(1) / 2 - mp.betainc(mpf(1) / 2, degrees / 2, 0, 1 - x, regularized=True) / 2


def student_survival(t, degrees):
    with mp.workdps(400 if degrees >= 1000 and abs(t) < 60 else 60):
        return student_half(t, degrees) if t >= 0 else 1 - student_half(-t, degrees)


def chi_squared_survival(x, degrees):
    return mp.gammainc(mpf(degrees) / 2, mpf(x) / 2, mp.inf, regularized=True)


def normal_quantile(p):
    with mp.workdps(60):
        p = mpf(p)
        if p == mpf(1) / 2:
            return mpf(0)
        target = min(p, 1 - p)
        start = float(stats.norm.isf(float(target)))
        if abs(p - mpf(1) / 2) < mpf("1e-6"):
            start = float(mp.sqrt(2 * mp.pi) * abs(p - mpf(1) / 2))
        z = newton(mpf(start), lambda z: mp.erfc(z / mp.sqrt(2)) / 2, lambda z: mp.npdf(z), target)
        return z if p > mpf(1) / 2 else -z


def student_density(t, degrees):
    degrees = mpf(degrees)
    return (1 + t * t / degrees) ** (-(degrees + 1) / 2) / (mp.sqrt(degrees) * mp.beta(degrees / 2, mpf(1) / 2))


def student_quantile(p, degrees):
    digits = 400 if degrees >= 1000 else 60
    with mp.workdps(digits):
        p = mpf(p)
        if p == mpf(1) / 2:
            return mpf(0)
        target = min(p, 1 - p)
        start = float(stats.t.isf(float(target), degrees))
        if not np.isfinite(start) or start <= 0 or abs(p - mpf(1) / 2) < mpf("1e-6"):
            start = float(abs(p - mpf(1) / 2) / student_density(mpf(0), degrees))
        t = newton(mpf(start), lambda t: student_half(t, degrees), lambda t: student_density(t, degrees), target)
        return t if p > mpf(1) / 2 else -t


def newton(x, survival, density, target):
    """The root of survival(x) = target by Newton steps on the logarithms, to 30 digits; checked before it is returned."""
    for _ in range(60):
        value = survival(x)
        step = mp.log(value / target) * value / (x * density(x))
        x *= mp.exp(step)
        if abs(step) < mpf("1e-20"):
            assert abs(survival(x) / target - 1) < mpf("1e-30")
            return x
    raise ArithmeticError("no quantile")


def probability_rows(function, *axes):
    return [[*map(float, arguments), float(function(*arguments))] for arguments in axes]


def tails():
    z = [-8.0, -1.96, -0.5, 0.0, 1e-9, 0.5, 1.0, 1.6448536269514722, 1.96, 3.0, 5.0, 8.0, 10.0, 20.0, 37.0]
    degrees = [1.0, 2.0, 3.0, 4.5, 10.0, 29.0, 120.0, 1000.0, 1e5]
    t = [-3.0, 0.0, 1e-8, 0.5, 1.96, 5.0, 10.0, 40.0]
    student = [(value, d) for d in degrees for value in t if not (d == 1e5 and value == 40.0)]
    student += [(1e10, 3.0), (1e100, 2.0), (1e200, 1.0), (-1e200, 1.0), (37.0, 1e5), (300.0, 0.5)]
    chi = [(1e-6, 1.0), (0.5, 1.0), (3.841458820694124, 1.0), (100.0, 1.0), (1e-3, 2.0), (5.99, 2.0), (1000.0, 2.0), (4.35, 5.0),
           (11.07, 5.0), (60.0, 5.0), (18.3, 10.0), (9.0, 10.0), (100.0, 100.0), (250.0, 100.0), (1000.0, 1000.0), (1200.0, 1000.0),
           (0.7, 1.5)]
    p = [1e-300, 1e-100, 1e-20, 1e-10, 1e-4, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.4, 0.5 - 1e-9, 0.5, 0.5 + 1e-9, 0.6, 0.7, 0.75,
         0.9, 0.95, 0.975, 0.99, 0.995, 0.9999, 1.0 - 1e-12]
    return {
        "normal_survival": probability_rows(normal_survival, *[(value,) for value in z]),
        "student_survival": probability_rows(student_survival, *student),
        "chi_squared_survival": probability_rows(chi_squared_survival, *chi),
        "normal_quantile": probability_rows(normal_quantile, *[(value,) for value in p]),
        "student_quantile": probability_rows(student_quantile, *[(value, d) for d in degrees for value in p]),
    }


# --- a data set, drawn with a seed -------------------------------------------------------------------------------------------

def draw():
    """80 observations: two correlated regressors (the second far from 0), a response whose variance clusters and grows."""
    generator = np.random.Generator(np.random.PCG64(19830811))
    n = 80
    first = generator.normal(0, 0.012, n)
    second = 100 + 0.6 * first / 0.012 + generator.normal(0, 1, n)
    noise, variance = np.empty(n), 1.0
    for i in range(n):
        noise[i] = np.sqrt(variance) * generator.standard_t(6) + (0.35 * noise[i - 1] if i else 0)
        variance = 0.3 + 0.5 * min(noise[i] ** 2, 9) + 0.3 * abs(first[i]) / 0.012
    response = 0.002 + 1.3 * first - 0.0004 * second + 0.01 * noise
    return np.round(first, 6), np.round(second, 4), np.round(response, 6)


def moments(first, response):
    return {
        "mean": float(np.mean(response)),
        "variance": float(np.var(response, ddof=1)),
        "standard_deviation": float(np.std(response, ddof=1)),
        "skewness": float(stats.skew(response)),
        "kurtosis": float(stats.kurtosis(response, fisher=False)),
        "correlation": float(stats.pearsonr(first, response).statistic),
    }


def regression(response, regressors, intercept, at):
    """at: the rows at which x'(X'X)^-1 x is wanted; one that begins with 3 is the sum of three forecasts."""
    design = np.column_stack(([np.ones(len(response))] if intercept else []) + regressors)
    result = sm.OLS(response, design).fit(method="qr")
    prediction = result.get_prediction(np.array(at))
    return result, design, {
        "intercept": intercept,
        "coefficients": result.params.tolist(),
        "standard_errors": result.bse.tolist(),
        "degrees_of_freedom": int(result.df_resid),
        "residual_variance": float(result.scale),
        "r_squared": float(result.rsquared),
        "unscaled_covariance": result.normalized_cov_params.ravel().tolist(),
        "at": at,
        "quadratic_form": (prediction.var_pred_mean / result.scale).tolist(),
    }


def residual_tests(residuals, design):
    box = diagnostic.acorr_ljungbox(residuals, lags=[1, 5, 10], return_df=True)
    jarque = stattools.jarque_bera(residuals)
    pagan = diagnostic.het_breuschpagan(residuals, design, robust=True)
    return {
        "residuals": residuals.tolist(),
        "jarque_bera": [float(jarque[0]), float(jarque[1])],
        "ljung_box": [[int(lag), float(row.lb_stat), float(row.lb_pvalue)] for lag, row in box.iterrows()],
        "breusch_pagan": [float(pagan[0]), float(pagan[1])],
        "arch_lm": [[lags, *map(float, diagnostic.het_arch(residuals, nlags=lags, result_object=False)[:2])] for lags in (1, 3)],
        "durbin_watson": float(stattools.durbin_watson(residuals)),
    }


def ranks(response):
    tied = np.round(response * 100)  # whole percent: many ties
    p = [0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.6180339887, 0.9, 0.975, 1.0]
    return {
        "tied": tied.tolist(),
        "midranks": stats.rankdata(tied, method="average").tolist(),
        "quantiles": [[value, float(np.quantile(response, value, method="linear"))] for value in p],
    }


# --- NIST Statistical Reference Datasets: data and certified values ----------------------------------------------------------

def nist():
    longley = sm.datasets.longley.load_pandas()
    names = ["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]
    norris_x = [0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5,
                11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1,
                448.9, 0.5]
    norris_y = [0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9,
                10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4,
                449.2, 0.2]
    return [
        {
            "name": "Norris",
            "source": "https://www.itl.nist.gov/div898/strd/lls/data/Norris.shtml (lower level of difficulty)",
            "intercept": True,
            "response": norris_y,
            "regressors": [norris_x],
            "coefficients": [-0.262323073774029, 1.00211681802045],
            "standard_errors": [0.232818234301152, 0.429796848199937e-03],
            "residual_standard_deviation": 0.884796396144373,
            "r_squared": 0.999993745883712,
        },
        {
            "name": "NoInt1",
            "source": "https://www.itl.nist.gov/div898/strd/lls/data/NoInt1.shtml (average level of difficulty)",
            "intercept": False,
            "response": [float(value) for value in range(130, 141)],
            "regressors": [[float(value) for value in range(60, 71)]],
            "coefficients": [2.07438016528926],
            "standard_errors": [0.165289256198347e-01],
            "residual_standard_deviation": 3.56753034006338,
            "r_squared": 0.999365492298663,
        },
        {
            "name": "Longley",
            "source": "https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml (higher level of difficulty); "
                      "Longley 1967, JASA 62, 819-841; the data as statsmodels ships them",
            "intercept": True,
            "response": longley.endog.tolist(),
            "regressors": [longley.exog[name].tolist() for name in names],
            "coefficients": [-3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683, -1.03322686717359,
                             -0.511041056535807e-01, 1829.15146461355],
            "standard_errors": [890420.383607373, 84.9149257747669, 0.334910077722432e-01, 0.488399681651699, 0.214274163161675,
                                0.226073200069370, 455.478499142212],
            "residual_standard_deviation": 304.854073561965,
            "r_squared": 0.995479004577296,
        },
    ]


def main():
    first, second, response = draw()
    with_intercept, design, both = regression(response, [first, second], True, [[1.0, 0.031, 101.5], [3.0, -0.02, 297.25]])
    _, _, through_origin = regression(response, [first, second / 100], False, [[0.02, 1.01]])
    result = {
        "programs": {
            "python": platform.python_version(),
            "mpmath": mpmath.__version__,
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "tails": tails(),
        "data": {"first": first.tolist(), "second": second.tolist(), "response": response.tolist()},
        "moments": moments(first, response),
        "with_intercept": both,
        "through_origin": through_origin,
        "residual_tests": residual_tests(with_intercept.resid, design),
        "ranks": ranks(response),
        "nist": nist(),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, separators=(",", ":"), allow_nan=False) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
