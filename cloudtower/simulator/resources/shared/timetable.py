"""When a plan runs: every so many minutes, hours or days, or on some days of week or month.

Days are those of UTC. Of a week they are 1 (Monday) to 6, and Sunday is 0 or 7.
"""

import json
import re
from datetime import datetime, timedelta, timezone

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.errors import invalid

#: unit -> (its seconds, the least and the most of them between two runs)
_EVERY = {"MINUTE": (60, 15, 59), "HOUR": (3600, 1, 23), "DAY": (86400, 1, 30)}
#: unit -> the least and the most that a day can be
_DAYS = {"WEEK": (0, 7), "MONTH": (1, 31)}
#: Within so many days there is one of any given weekday and of any date.
_MOST_DAYS = 63
#: No moment is as late as this: there must be days after it.
_LAST = timestamps.seconds_of("9000-01-01T00:00:00Z")
_TIME = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)(:00)?$")


def moment_of(name, text):
    """The seconds since 1970 that a member of a body means; Refusal where it is no moment."""
    try:
        moment = timestamps.seconds_of(text)
    except (TypeError, ValueError, OverflowError):
        moment = _LAST
    if moment >= _LAST:
        raise invalid(name, "%s must be a moment in ISO 8601, it is %r" % (name, text))
    return moment


def require_intervals(unit, intervals):
    """Refuse what cannot be `execute_intervals` of a unit."""
    if unit in _EVERY:
        _, least, most = _EVERY[unit]
        fits = len(intervals) == 1
    else:
        least, most = _DAYS[unit]
        fits = len(intervals) > 0
    if not fits or not all(least <= number <= most for number in intervals):
        what = "one number" if unit in _EVERY else "numbers"
        message = "execute_intervals of %s must be %s from %d to %d, it is %r"
        raise invalid("execute_intervals", message % (unit, what, least, most, intervals))


def time_of_day(given):
    """{"hour", "minute"} of an `exec_h_m`: `HH:MM`, or such an object as JSON; None for "".

    Raises Refusal for anything else.
    """
    if given in (None, "", {}):
        return None
    found = _TIME.match(given) if isinstance(given, str) else None
    if found:
        return {"hour": int(found.group(1)), "minute": int(found.group(2))}
    try:
        held = json.loads(given) if isinstance(given, str) else given
        held = held[0] if isinstance(held, list) else held
        hour, minute = int(held["hour"]), int(held["minute"])
    except (KeyError, IndexError, TypeError, ValueError):
        hour = minute = -1
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        raise invalid("exec_h_m", "exec_h_m must be HH:MM, it is %r" % (given,))
    return {"hour": hour, "minute": minute}


def next_moment(unit, intervals, start, time, after):
    """The first run after a moment, in seconds since 1970.

    Parameters:
        unit, intervals: as `require_intervals` takes them.
        start: when the plan begins, in seconds since 1970.
        time: the time of day as `time_of_day` gives it; None for that of `start`.
        after: a moment in seconds since 1970.
    """
    if unit in _EVERY:
        first = _at(start, time) if unit == "DAY" else start
        if first < start:
            first += 86400
        period = _EVERY[unit][0] * intervals[0]
        return first if first > after else first + period * int((after - first) // period + 1)
    day = max(start, after)
    # without a time of its own, a run is at that of the start, to the second
    day = _at(day, time) if time is not None else day - day % 86400 + start % 86400
    for number in range(_MOST_DAYS):
        moment = day + number * 86400
        if moment >= start and moment > after and _is_day(unit, intervals, moment):
            return moment
    raise ValueError("no %s has the days %r" % (unit, intervals))


def window_at(start, end, moment):
    """The window of a day that a moment is in, or the next one: (its start, its end), in seconds
    since 1970.

    Parameters:
        start, end: times of day as `time_of_day` gives them; a window may end on the next day.
    """
    for number in (-1, 0, 1):
        day = moment + number * 86400
        opens, closes = _at(day, start), _at(day, end)
        closes += 86400 if closes <= opens else 0
        if moment < closes:
            return opens, closes
    raise ValueError("there is a window every day")


#: period -> its seconds
_SECONDS = {"MINUTELY": 60, "HOURLY": 3600}
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def next_time_point(period, interval, points, since, after):
    """The first of some time points after a moment, in seconds since 1970; None: there are none.

    Parameters:
        period: "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY" or "YEARLY".
        interval: every so many periods, an int.
        points: times in a period: {"hour", "minute", "weekday", "date"}, a list of dicts.
        since: the moment from which the periods are counted, in seconds since 1970.
        after: a moment in seconds since 1970.
    """
    if not points or interval < 1:
        return None
    if period in ("MINUTELY", "HOURLY"):
        step = interval * _SECONDS[period]
        first = since - since % 60
        return first + step * max(1, int((after - first) // step + 1))
    origin = datetime.fromtimestamp(since, timezone.utc)
    day = _at(max(since, after), {"hour": 0, "minute": 0})
    days = interval * {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}[period]
    for number in range(days + 2 * _MOST_DAYS):
        here = datetime.fromtimestamp(day + number * 86400, timezone.utc)
        moments = [
            _at(here.timestamp(), {"hour": point["hour"], "minute": point["minute"]})
            for point in points
            if _is_in_period(period, interval, point, origin, here)
        ]
        moments = [moment for moment in moments if moment > after]
        if moments:
            return min(moments)
    return None


def _is_in_period(period, interval, point, origin, here):
    """Whether a time point is on a day, where periods are counted from an origin."""
    weekday, date = point.get("weekday"), point.get("date") or 1
    between = (here.date() - origin.date()).days
    if period == "DAILY":
        return between % interval == 0
    if period == "WEEKLY":
        weeks = (between + origin.weekday()) // 7
        return weeks % interval == 0 and weekday in (None, _WEEKDAYS[here.weekday()])
    months = (here.year - origin.year) * 12 + here.month - origin.month
    every = interval * (12 if period == "YEARLY" else 1)
    return months % every == 0 and here.day == date


def _at(moment, time):
    """The moment of a time on the same day."""
    day = datetime.fromtimestamp(moment, timezone.utc)
    if time is None:
        return moment
    day = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(hours=time["hour"], minutes=time["minute"])).timestamp()


def _is_day(unit, intervals, moment):
    """Whether a moment is on one of the days."""
    day = datetime.fromtimestamp(moment, timezone.utc)
    if unit == "MONTH":
        return day.day in intervals
    return day.isoweekday() in [number or 7 for number in intervals]
