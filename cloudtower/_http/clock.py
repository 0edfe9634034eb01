"""The clock that timeouts go by, in seconds."""

import time

now = getattr(time, "monotonic", time.time)  # Python 2.7 has no monotonic clock
