"""Import what a script imports and build a client, against `import urllib3`."""

import json
import sys
import time
from statistics import median

TARGET = 0.55


def rows(bench):
    results = {"this": [], "published": [], "floor": []}
    for turn in range(bench.rounds + 1):
        for side in results:
            done = bench.side(side).run(__file__, "urllib3" if side == "floor" else "client")
            if turn:  # the first one warms
                results[side].append(done["seconds"])
    shares = [
        median(mine / floor for mine, floor in zip(results[side], results["floor"]))
        for side in ("this", "published")
    ]
    yield bench.row(
        "import and build ApiClient, Configuration, VmApi: over import urllib3",
        "%.2f" % shares[0],
        "%.1f" % shares[1],
        "%.2f" % TARGET,
        shares[0] <= TARGET,
    )


def inside(what):
    start = time.perf_counter()
    if what == "urllib3":
        import urllib3  # noqa: F401
    else:
        from cloudtower import ApiClient, Configuration, VmApi

        VmApi(ApiClient(Configuration(host="http://127.0.0.1/v2/api")))
    return {"seconds": time.perf_counter() - start}


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
