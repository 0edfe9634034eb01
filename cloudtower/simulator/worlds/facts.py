"""Numbers that the parts of a world share."""

GIB = 2**30
TIB = 2**40

#: Dates of what was there before the simulator started.
BORN = "2025-03-01T08:00:00.000Z"
FOREVER = "2035-03-01T08:00:00.000Z"
NEVER = "1970-01-01T00:00:00.000Z"
