"""Identifiers that look like CloudTower's, the same ones for the same seed."""

import random
import uuid

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PLACES = [36**place for place in reversed(range(8))]
#: 2025-01-01 in milliseconds; each id is a little later than the one before.
_EPOCH = 1735689600000
_STEP = 37
#: The part of an id that is the same for all ids of one machine.
FINGERPRINT = "0958"
TASK_FINGERPRINT = "0824"


def _base36(number, length):
    """The last `length` digits of a number in base 36, up to eight."""
    return "".join([_DIGITS[number // place % 36] for place in _PLACES[-length:]])


class Ids(object):
    """Makes cuids (25 characters, ascending), UUIDs and MAC addresses; equal seeds, equal ones.

    `random` and `count` are where the sequence is.
    """

    def __init__(self, seed=0):
        self.random = random.Random(seed)
        self.count = 0

    def cuid(self, fingerprint=FINGERPRINT):
        """The next id of an object, str."""
        self.count += 1
        moment, count = _base36(_EPOCH + self.count * _STEP, 8), _base36(self.count, 4)
        return "c" + moment + count + fingerprint + _base36(self.random.getrandbits(64), 8)

    def uuid(self):
        """A random UUID of version 4, str."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def mac(self):
        """A MAC address in the range that ELF gives to virtual machines, str."""
        tail = self.random.getrandbits(24).to_bytes(3, "big")
        return "52:54:00:" + ":".join("%02x" % byte for byte in tail)
