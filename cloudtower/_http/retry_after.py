"""The header Retry-After: how long a server asks to wait."""

import time
from datetime import datetime
from email.utils import mktime_tz, parsedate_tz

from cloudtower._runtime.header_names import find


def seconds(headers):
    """Seconds that a server asks to wait, number, or None where it does not say.

    Parameters:
        headers: of the response, a mapping, or None.
    """
    text = find(headers, "retry-after")
    if text is None:
        return None
    try:
        asked = float(text)
    except ValueError:
        moment = parsedate_tz(text)
        if moment is None:
            return None
        try:
            datetime(*moment[:6])  # refuses the 99th of a month, which would be far away
            asked = mktime_tz(moment) - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0, asked) if asked == asked else None  # "nan" is a number, too
