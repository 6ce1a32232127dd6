"""Writes horizons.json: what each reading of each horizon gives on the built-in prices, for tests/it/horizons.rs.

    python horizons.py            (needs pandas)

Nothing here is taken from the Rust code: periods are pandas' own (Period, offsets), windows are slices of the closes, extremes idxmax and
idxmin. A reading is [from, to, measured], the primary one first; null where the prices don't reach. Returns are fractions.
"""

import json
import pathlib
import platform

import pandas as pd

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "datasets" / "cloudflare-kiwi-farms-2022"
CLOSES = pd.read_csv(FOLDER / "prices.csv", parse_dates=["date"]).pivot(index="date", columns="symbol", values="close").sort_index()
SECURITY, BENCHMARK = "NET", "^GSPC"
SESSIONS = CLOSES.index
AS_OF = ["2022-07-01", "2022-09-02", "2022-09-07", "2022-12-30"]
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]


def last_on(day):
    """The last session on or before a day."""
    earlier = SESSIONS[SESSIONS <= day]
    return earlier[-1] if len(earlier) else None


def change(symbol, start, end):
    return None if start is None or end is None else CLOSES.at[end, symbol] / CLOSES.at[start, symbol] - 1


def back(end, count):
    place = SESSIONS.get_loc(end) - count
    return SESSIONS[place] if place >= 0 else None


def before(period):
    """The last session before a pandas period."""
    return last_on(period.start_time - pd.Timedelta(days=1))


def month_windows(end, to_date):
    starts = [last_on(end - pd.DateOffset(months=to_date[0])), last_on(end - pd.Timedelta(days=30 * to_date[0]))]
    starts += [last_on(end - pd.Timedelta(days=28 * to_date[0]))] + [back(end, count * to_date[0]) for count in (20, 21, 22)]
    return [(start, end) for start in starts + [to_date[1]]]


def readings(horizon, end):
    """Windows of a horizon, the primary one first."""
    week, month, quarter, year = (end.to_period(unit) for unit in ("W-SUN", "M", "Q", "Y"))
    to_date = {"week": before(week), "month": before(month), "quarter": before(quarter), "year": before(year)}
    days = lambda count: last_on(end - pd.Timedelta(days=count))
    match horizon.split("-"):
        case ["week", "to", "date"]:
            return [(to_date["week"], end), (back(end, 5), end), (days(7), end)]
        case ["month", "to", "date"]:
            return [(to_date["month"], end), (last_on(end - pd.DateOffset(months=1)), end)]
        case ["quarter", "to", "date"]:
            return [(to_date["quarter"], end), (last_on(end - pd.DateOffset(months=3)), end)]
        case [count, "days"]:
            return [(days(int(count)), end), (back(end, int(count)), end)]
        case ["last", "week"]:
            whole = [(before(week - 1), last_on((week - 1).end_time))]
            return whole + [(back(end, 5), end), (days(7), end), (to_date["week"], end)]
        case ["last", "month"]:
            return [(before(month - 1), last_on((month - 1).end_time))] + month_windows(end, (1, to_date["month"]))
        case ["last", "quarter"]:
            return [(before(quarter - 1), last_on((quarter - 1).end_time))] + month_windows(end, (3, to_date["quarter"]))
        case ["last", "year"]:
            starts = [last_on(end - pd.DateOffset(years=1)), days(365), days(364), back(end, 252), to_date["year"]]
            return [(before(year - 1), last_on((year - 1).end_time))] + [(start, end) for start in starts]
        case ["since", *name]:
            period = named("-".join(name), end)
            if period.freqstr == "D":
                return [(last_on(period.start_time), end), (before(period), end)]
            inside = SESSIONS[(SESSIONS >= period.start_time) & (SESSIONS <= period.end_time)]
            first = inside[0] if before(period) is not None else None
            windows = [(before(period), end), (first if first is None or first < end else None, end)]
            return windows + ([(inside[-1], end)] if period.end_time.normalize() < end else [])
        case ["from", side, "in", *name]:
            period = named("-".join(name), end)
            return [(extreme(side, CLOSES[SECURITY][period.start_time:min(period.end_time, end)]), end)]
        case ["from", "record", side]:
            return [(extreme(side, CLOSES[SECURITY][:end]), end)]
        case name:
            period = named("-".join(name), end)
            inside = SESSIONS[(SESSIONS >= period.start_time) & (SESSIONS <= min(period.end_time, end))]
            first = inside[0] if len(inside) and before(period) is not None else None
            last = inside[-1] if len(inside) else None
            return [(before(period), last), (first if first != last else None, last)]


def extreme(side, closes):
    return None if closes.empty else closes.idxmax() if side == "high" else closes.idxmin()


def named(name, end):
    """The latest period of that name that has begun by then; a weekday is one of the seven days before."""
    if name in ("monday", "tuesday", "friday"):
        days = pd.period_range(end - pd.Timedelta(days=7), end - pd.Timedelta(days=1), freq="D")
        return next(day for day in days if day.start_time.day_name().lower() == name)
    if name in MONTHS:
        return next(month for month in pd.period_range(end=end, periods=12, freq="M")[::-1] if month.month == MONTHS.index(name) + 1)
    if name.startswith("q"):
        return next(quarter for quarter in pd.period_range(end=end, periods=4, freq="Q")[::-1] if quarter.quarter == int(name[1]))
    if "q" in name:
        return pd.Period(name.upper().replace("-", ""), freq="Q")
    return pd.Period(name, freq={4: "Y", 7: "M", 10: "D"}[len(name)])


HORIZONS = (
    "week-to-date month-to-date quarter-to-date 10-days 30-days last-week last-month last-quarter last-year "
    "2022 2021 march june september 2022-03 2022-q2 q1 q3 since-march since-june since-september since-2022-03 since-2022 since-q1 since-monday "
    "since-tuesday since-friday since-2022-03-12 from-high-in-2021-11 from-high-in-march from-low-in-q2 from-low-in-2022 from-record-high from-record-low"
).split()


def main():
    rows = []
    for end in map(pd.Timestamp, AS_OF):
        for horizon in HORIZONS:
            for gap in (False, True):
                found = []
                for start, last in readings(horizon, end):
                    own = change(SECURITY, start, last)
                    if gap and own is not None:
                        own -= change(BENCHMARK, start, last)
                    found.append([None if start is None else f"{start:%Y-%m-%d}", None if last is None else f"{last:%Y-%m-%d}", own])
                rows.append({"as_of": f"{end:%Y-%m-%d}", "horizon": horizon, "gap": gap, "readings": found})
    result = {"programs": {"python": platform.python_version(), "pandas": pd.__version__}, "claims": rows}
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, separators=(",", ":"), allow_nan=False) + "\n")
    print(f"{path.name}: {len(rows)} claims, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
