"""What 2,000 decoded VMs hold, after five attributes and after a full walk, against plain dicts."""

import json
import os
import sys
import tracemalloc

TARGETS = (("five", "five attributes read", 1.3), ("every", "all attributes walked", 2))


def rows(bench):
    results = bench.turns(__file__, bench.vms("full"), rounds=1)
    for reading, words, target in TARGETS:
        ours, theirs = bench.medians(results, reading)
        title = "2,000 VMs, %s: memory over plain dicts" % words
        yield bench.row(title, "%.2f" % ours, "%.1f" % theirs, "%.1f" % target, ours <= target)


def inside(path):
    sys.path.append(os.path.dirname(__file__))  # which `python -I` leaves off
    from decode import readings

    with open(path) as stream:
        text = stream.read()
    decoded = readings(text)
    decoded["every"]()  # the first touch builds classes
    plain = _held(lambda: json.loads(text))
    return {reading: _held(make) / plain for reading, make in decoded.items()}


def _held(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = make()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    del kept
    return float(held)


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
