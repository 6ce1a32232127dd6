"""Write xnys_sessions.txt: every session and early close of the New York Stock Exchange, as exchange_calendars has them.

    pip install exchange_calendars==4.13.2
    python tests/outside/xnys_sessions.py

The file is the outside word that tests/it/calendar.rs holds aftermove's own rules against. Same package version, same bytes.
"""

from itertools import groupby
from pathlib import Path

import exchange_calendars

FIRST, LAST = "1990-01-01", "2027-12-31"

HEADER = f"""\
# Sessions of the New York Stock Exchange (XNYS), {FIRST} to {LAST}, both included.
# Source: exchange_calendars {exchange_calendars.__version__} (Apache-2.0), written by xnys_sessions.py; don't edit.
# "range FIRST LAST"; then a line a month, "YEAR-MONTH DAY DAY ...", one number a session;
# then "early DATE HH:MM", a session that ends before 16:00, in New York time.
range {FIRST} {LAST}
"""


def main():
    calendar = exchange_calendars.get_calendar("XNYS", start=FIRST, end=LAST)
    lines = [
        " ".join([month, *(str(session.day) for session in sessions)])
        for month, sessions in groupby(calendar.sessions, key=lambda session: f"{session:%Y-%m}")
    ]
    closes = calendar.closes[calendar.early_closes].dt.tz_convert(calendar.tz)
    lines += [f"early {session:%Y-%m-%d} {close:%H:%M}" for session, close in closes.items()]
    Path(__file__).with_suffix(".txt").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
