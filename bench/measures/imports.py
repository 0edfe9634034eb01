"""`import cloudtower`: its time and its memory, over the bare interpreter."""

import json
import sys
import time


def rows(bench):
    # Without bytecode first: nothing may write it (-B) until the warm rounds.
    for side in ("this", "published"):
        bench.side(side).forget_bytecode()
    cold = bench.turns(__file__, options=["-B"], rounds=max(3, bench.rounds // 2))
    warm = bench.turns(__file__)
    for name, results, target in (("no bytecode", cold, 60), ("warm", warm, 40)):
        share = bench.times(results, "seconds")
        yield bench.row(
            "import cloudtower, %s: time" % name,
            "1/%.0f" % share,
            "1",
            "1/%d" % target,
            share >= target,
        )
    ours, theirs = bench.medians(warm, "mebibytes")
    yield bench.row(
        "import cloudtower: memory added",
        "%.1f MiB" % ours,
        "%.0f MiB" % theirs,
        "4 MiB",
        ours <= 4,
    )


def inside():
    before = _mebibytes()
    start = time.perf_counter()
    import cloudtower  # noqa: F401

    seconds = time.perf_counter() - start
    return {"seconds": seconds, "mebibytes": _mebibytes() - before}


def _mebibytes():
    """What this process has of the machine's memory now."""
    try:
        with open("/proc/self/statm") as stream:
            import resource

            return int(stream.read().split()[1]) * resource.getpagesize() / 2.0**20
    except IOError:  # no /proc: the most it had so far, which here is the same
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2.0**20


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
