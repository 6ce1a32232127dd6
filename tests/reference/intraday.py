"""Bars of five minutes with U-shaped volatility over a change of clocks and an early close, and what pandas and statsmodels make of them.

Writes intraday_bars.csv (and the same in two Parquet files), intraday_events.csv, intraday.json and intraday_sessions.json; tests/it/intraday.rs reads them.
Run: python intraday.py (pandas 3.1.1, pyarrow 26.0.1, statsmodels 0.15.0, scipy, exchange_calendars 4.13.2)
"""

import json
from pathlib import Path

import exchange_calendars
import numpy as np
import pandas as pd
import scipy.stats
import statsmodels.api as sm

HERE = Path(__file__).parent
ZONE = "America/New_York"
BAR = pd.Timedelta(minutes=5)
ESTIMATION = 20
WINDOW = (-6, 12)  # bars, both included
CARS = [(0, 2), (0, 11), (-6, -1)]
EVENTS = [  # id, symbol, news, group
    ("morning", "AAA", "2024-11-26T10:02:30-05:00", "one"),
    ("same-morning", "BBB", "2024-11-26T15:02:30Z", "one"),
    ("after-close", "AAA", "2024-11-27T16:30:00-05:00", "two"),
    ("over-night", "BBB", "2024-11-27T15:40:00-05:00", "two"),
    ("on-the-bar", "AAA", "2024-12-02T11:00:00-05:00", "one"),
    ("gap", "BBB", "2024-12-03T13:10:00-05:00", "two"),
]


def sessions():
    calendar = exchange_calendars.get_calendar("XNYS")
    schedule = calendar.schedule.loc["2024-10-28":"2024-12-04"]
    return [(day.date(), row["open"].tz_convert(ZONE), row["close"].tz_convert(ZONE)) for day, row in schedule.iterrows()]


def bars():
    rng = np.random.default_rng(20141)
    rows, levels = [], {"IDX": 5000.0, "AAA": 100.0, "BBB": 40.0}
    for date, begin, end in sessions():
        slots = int((end - begin) / BAR)
        night = rng.standard_normal(3) * [0.004, 0.008, 0.01]
        for symbol, gap in zip(levels, night):
            levels[symbol] *= 1 + gap
        opens = dict(levels)
        for slot in range(slots):
            u = slot / 77.0
            scale = 0.0006 + 0.0024 * (2 * u - 1) ** 2
            market = rng.standard_normal() * 0.5 * scale
            shocks = rng.standard_t(6, size=2) * scale
            moves = {"IDX": market, "AAA": 0.00001 + 1.2 * market + shocks[0], "BBB": 0.8 * market + 1.3 * shocks[1]}
            for symbol, move in moves.items():
                stamp = (begin + slot * BAR).tz_convert("UTC")
                before = levels[symbol]
                levels[symbol] = before * (1 + move)
                opened = opens[symbol] if slot == 0 else before * (1 + 0.0001 * rng.standard_normal())
                rows.append((stamp, symbol, round(opened, 4), round(levels[symbol], 4)))
    table = pd.DataFrame(rows, columns=["timestamp", "symbol", "open", "close"])
    # Bars without a trade: a few of BBB at random, and a halt of four bars (20 minutes) at the news of the last event.
    local = table["timestamp"].dt.tz_convert(ZONE)
    halt = (table["symbol"] == "BBB") & (local >= pd.Timestamp("2024-12-03 13:10", tz=ZONE)) & (local < pd.Timestamp("2024-12-03 13:30", tz=ZONE))
    thin = (table["symbol"] == "BBB") & (local < pd.Timestamp("2024-11-26", tz=ZONE)) & (rng.random(len(table)) < 0.01)
    return table[~halt & ~thin].reset_index(drop=True)


def columns(table):
    """Closes on the full grid of bars, and opens by session."""
    grid = [(date, slot, begin + slot * BAR) for date, begin, end in sessions() for slot in range(int((end - begin) / BAR))]
    index = pd.MultiIndex.from_tuples([(date, slot) for date, slot, _ in grid], names=["date", "slot"])
    stamps = pd.Index([stamp for _, _, stamp in grid])
    wide = table.assign(timestamp=table["timestamp"].dt.tz_convert(ZONE)).pivot(index="timestamp", columns="symbol", values="close")
    closes = wide.reindex(stamps).set_axis(index)
    opens = table.assign(date=table["timestamp"].dt.tz_convert(ZONE).dt.date).groupby(["symbol", "date"])["open"].first()
    return closes, opens, stamps


def returns(closes, opens):
    """Return of each bar over the security's own last price in the session, with the bars it goes over and the benchmark's over the same."""
    made = {}
    for symbol in closes:
        rows = []
        for date, prices in closes[symbol].groupby(level="date"):
            prices = prices.droplevel("date")
            last, since = opens[symbol, date], -1
            if np.isnan(prices.iloc[0]):
                last = np.nan
            for slot, price in prices.items():
                if np.isnan(price):
                    continue
                if np.isnan(last):  # the first trade of the session came later: its own open
                    last, since = opens[symbol, date], slot - 1
                benchmark_end = closes["IDX"][date, slot]
                benchmark_begin = opens["IDX", date] if since == -1 else closes["IDX"][date, since]
                rows.append((date, slot, price / last - 1, slot - since, benchmark_end / benchmark_begin - 1))
                last, since = price, slot
        made[symbol] = pd.DataFrame(rows, columns=["date", "slot", "r", "span", "m"]).set_index(["date", "slot"])
    return made


def study(constant=False):
    table = bars()
    closes, opens, stamps = columns(table)
    made = returns(closes, opens)
    order = list(closes.index)
    dates = [date for date, _, _ in sessions()]
    ends = np.array([stamp + BAR for stamp in stamps])
    out, kept = [], []
    for key, symbol, news, group in EVENTS:
        instant = pd.Timestamp(news)
        zero = int(np.argmax(ends > instant))
        places = order[zero + WINDOW[0] : zero + WINDOW[1] + 1]
        first = dates.index(places[0][0])
        window_dates = dates[first - ESTIMATION : first]
        own = made[symbol]
        estimation = own[(own["span"] == 1) & own.index.get_level_values("date").isin(window_dates)]
        x = sm.add_constant(estimation["m"].to_numpy())
        fit = sm.OLS(estimation["r"].to_numpy(), x).fit()
        alpha, beta = fit.params
        n, p = len(estimation), 2
        residuals = pd.Series(fit.resid, index=estimation.index)
        slots = residuals.index.get_level_values("slot")
        counts = residuals.groupby(slots).size()
        variances = n / (n - p) * (residuals**2).groupby(slots).mean()
        if constant:
            variances = variances * 0 + fit.ssr / (n - p)
        weights = variances.reindex(slots).to_numpy()
        bread = np.linalg.inv(x.T @ x)
        covariance = bread @ (x.T * weights) @ x @ bread

        def error(rows):
            """Standard error and degrees of freedom of the sum over rows (date, slot, span, m)."""
            over = [slot - back for _, slot, span, _ in rows for back in range(span)]
            total = variances[over].sum()
            row = np.array([sum(span for _, _, span, _ in rows), sum(m for *_, m in rows)])
            weight = pd.Series(over).value_counts()
            parts = variances[weight.index] * weight.to_numpy()
            degrees = parts.sum() ** 2 / (parts**2 / counts[weight.index].to_numpy()).sum()
            return float(np.sqrt(total + row @ covariance @ row)), float(n - p if constant else degrees)

        ars = []
        for place in places:
            if place not in own.index:
                ars.append(None)
                continue
            r, span, m = own.loc[place, ["r", "span", "m"]]
            se, degrees = error([(*place, int(span), m)])
            ars.append({"value": r - span * alpha - beta * m, "standard_error": se, "degrees": degrees, "span": int(span)})
        cars = []
        for begin, end in CARS:
            inner = [place for place in order[zero + begin : zero + end + 1]]
            rows = [(*place, int(own.loc[place, "span"]), own.loc[place, "m"]) for place in inner if place in own.index]
            car = sum(ar["value"] for ar in ars[begin - WINDOW[0] : end - WINDOW[0] + 1] if ar)
            if not rows:
                cars.append(None)
                continue
            se, degrees = error(rows)
            t = car / se
            same = []
            for back in range(1, len(dates)):
                moved = [(dates[dates.index(date) - back] if dates.index(date) >= back else None, slot) for date, slot in inner]
                if all(date in window_dates for date, _ in moved) and all(place in own.index for place in moved):
                    frame = own.loc[moved]
                    same.append(float((frame["r"] - frame["span"] * alpha - beta * frame["m"]).sum()))
            scale = np.sqrt(np.mean(np.square(same)))
            cars.append(
                {
                    "car": car, "standard_error": se, "degrees": degrees, "t": t, "p": 2 * float(scipy.stats.t.sf(abs(t), degrees)),
                    "same_time": len(same), "same_time_t": car / scale, "same_time_p": 2 * float(scipy.stats.t.sf(abs(car / scale), len(same))),
                    "same_time_rank": (sum(abs(s) >= abs(car) for s in same) + 1) / (len(same) + 1),
                }
            )
        z = residuals / np.sqrt(variances.reindex(slots).to_numpy())
        kept.append((zero, z, cars, ars))
        begin, end = stamps[zero], ends[zero]
        out.append(
            {
                "id": key, "bar_begins": begin.strftime("%Y-%m-%d %H:%M"), "bar_ends": end.strftime("%Y-%m-%d %H:%M"),
                "alpha": alpha, "beta": beta, "r_squared": fit.rsquared, "sigma": float(np.sqrt(fit.ssr / (n - p))), "observations": n,
                "bars": ars, "windows": cars,
            }
        )
    return table, out, kept


def sample(kept):
    """The tests of several events that aren't in scipy for slices: from the SCARs and standardised residuals, written out."""
    made = []
    for number, (begin, end) in enumerate(CARS):
        used = [entry for entry in kept if entry[2][number] is not None]
        scars = np.array([entry[2][number]["car"] / entry[2][number]["standard_error"] for entry in used])
        degrees = np.array([entry[2][number]["degrees"] for entry in used])
        cars = np.array([entry[2][number]["car"] for entry in used])
        length, total, overlapping = end - begin + 1, 0.0, 0
        for i in range(len(kept)):
            for j in range(i):
                shared = length - abs(kept[i][0] - kept[j][0])
                if shared > 0:
                    overlapping += 1
                    one, other = kept[i][1] / np.sqrt((kept[i][1] ** 2).sum()), kept[j][1] / np.sqrt((kept[j][1] ** 2).sum())
                    total += float((one * other).dropna().sum()) * shared / length
        pairs = len(kept) * (len(kept) - 1) / 2
        n, r = len(scars), total / pairs
        bmp = float(scipy.stats.ttest_1samp(scars, 0).statistic)
        made.append(
            {
                "mean": float(cars.mean()), "cross-sectional-t": float(scipy.stats.ttest_1samp(cars, 0).statistic),
                "patell": float(scars.sum() / np.sqrt((degrees / (degrees - 2)).sum())), "bmp": bmp, "mean_correlation": r,
                "overlapping_pairs": overlapping, "kolari-pynnonen-bmp": bmp * np.sqrt((1 - r) / (1 + (n - 1) * r)),
                "wilcoxon_p": float(scipy.stats.wilcoxon(cars).pvalue),
            }
        )
    return made


def corrado(kept):
    """Corrado & Zivney's statistic of the window 0..11, ranks by scipy."""
    by_place = {}
    for zero, z, _, ars in kept:
        dates = sorted({date for date, _ in z.index})
        all_dates = [date for date, _, _ in sessions()]
        last = all_dates.index(dates[-1])
        keys = [(all_dates.index(date) - last, slot) for date, slot in z.index]
        values = list(z)
        for offset, ar in enumerate(ars):
            if ar:
                keys.append(("window", offset))
                values.append(ar["value"] / ar["standard_error"])
        u = scipy.stats.rankdata(values) / (1 + len(values)) - 0.5
        for key, value in zip(keys, u):
            by_place.setdefault(key, []).append(value)
    days = {key: sum(values) / np.sqrt(len(values)) for key, values in by_place.items()}
    inside = [days[("window", offset)] for offset in range(6, 18) if ("window", offset) in days]
    return float(sum(inside) / (np.sqrt(len(inside)) * np.sqrt(np.mean(np.square(list(days.values()))))))


def calendars():
    """Opens and closes of New York and Paris, all sessions in which clocks changed within a week or that closed early."""
    rows = []
    for code, zone, close in (("XNYS", ZONE, "16:00"), ("XPAR", "Europe/Paris", "17:30")):
        schedule = exchange_calendars.get_calendar(code, start="2007-01-01", end="2026-06-30").schedule
        for day, row in schedule.iterrows():
            local = row["close"].tz_convert(zone)
            early = local.strftime("%H:%M") != close
            week_later = (row["open"] + pd.Timedelta(days=7)).tz_convert(zone)
            changes = row["open"].tz_convert(zone).utcoffset() != week_later.utcoffset()
            before = (row["open"] - pd.Timedelta(days=7)).tz_convert(zone)
            changes = changes or row["open"].tz_convert(zone).utcoffset() != before.utcoffset()
            if changes or (early and code == "XNYS"):
                if code == "XPAR" and early:
                    continue  # fixed hours know no early close
                rows.append([code, str(day.date()), int(row["open"].timestamp()), int(row["close"].timestamp())])
    return rows


def main():
    table, events, kept = study()
    _, plain, _ = study(constant=True)
    written = table.assign(timestamp=table["timestamp"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    written.to_csv(HERE / "intraday_bars.csv", index=False, lineterminator="\n")
    # The same as pandas writes it: instants in nanoseconds, and what New York's clocks show, in milliseconds.
    table.to_parquet(HERE / "intraday_bars_utc.parquet", index=False)
    local = table["timestamp"].dt.tz_convert(ZONE).dt.tz_localize(None).astype("datetime64[ms]")
    table.assign(timestamp=local).to_parquet(HERE / "intraday_bars_local.parquet", index=False)
    with open(HERE / "intraday_events.csv", "w") as file:
        file.write("event_id,symbol,date,time,group\n")
        for key, symbol, news, group in EVENTS:
            file.write(f"{key},{symbol},{news[:10]},{news[11:]},{group}\n")
    result = {
        "made_by": f"pandas {pd.__version__}, statsmodels {sm.__version__ if hasattr(sm, '__version__') else '0.15.0'}, scipy {scipy.__version__}",
        "events": events,
        "constant": [[car and [car["standard_error"], car["degrees"]] for car in event["windows"]] for event in plain],
        "windows": sample(kept),
        "corrado_0_11": corrado(kept),
    }
    (HERE / "intraday.json").write_text(json.dumps(result, indent=1) + "\n")
    (HERE / "intraday_sessions.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in calendars()) + "\n]\n")


main()
