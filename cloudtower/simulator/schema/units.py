"""Amounts with a unit: sizes in bytes, rates in bytes or bits per second."""

_BYTES = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40, "PB": 2**50}

RATES = {"Bps": 1, "KBps": 2**10, "MBps": 2**20, "GBps": 2**30, "TBps": 2**40}
#: What an amount with a unit is multiplied by, to be bytes or bytes per second.
UNITS = dict(_BYTES, **RATES)

_BITS = {"b": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15}


def size_of(amount, unit=None):
    """A size in bytes; the unit is bytes where none is given."""
    return amount * _BYTES[unit or "B"]


def bits_of(amount, unit=None):
    """An amount of bits (per second), None where none is given; thousands, not 1024s."""
    return None if amount is None else float(amount * _BITS[(unit or "b")[0]])
