"""Small calls over one kept connection: one after the other, and from 64 threads.

Beside each SDK runs urllib3 itself, in the same process and by turns.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

CALLS = 1000
THREADS = 64
BODY = {"where": {"id": "cl2k0mpoy026d0822"}}


def rows(bench):
    with bench.server() as port:
        results = bench.turns(__file__, port, rounds=max(3, bench.rounds // 2))
    ours, theirs = bench.medians(results, "sequential")
    yield bench.row(
        "small calls one after the other: time over urllib3 with json",
        "%.2f" % ours,
        "%.2f" % theirs,
        "1.15",
        ours <= 1.15,
    )
    ours, theirs = bench.medians(results, "threads")
    yield bench.row(
        "64 threads, one client: throughput over urllib3 with the same pool",
        "%.2f" % ours,
        "%.2f" % theirs,
        "0.90",
        ours >= 0.9,
    )


def inside(port):
    import urllib3
    from cloudtower import ApiClient, Configuration, VmApi

    host = "http://127.0.0.1:%s/v2/api" % port
    configuration = Configuration(host=host)
    configuration.api_key["Authorization"] = "token"
    configuration.connection_pool_maxsize = THREADS
    api = VmApi(ApiClient(configuration))
    manager = urllib3.PoolManager(maxsize=THREADS)
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Authorization": "token",
    }

    def sdk(_=None):
        return api.start_vm(BODY)[0].task_id

    def raw(_=None):
        body = json.dumps(BODY)
        answer = manager.request("POST", host + "/start-vm", body=body, headers=headers)
        return json.loads(answer.data)[0]["task_id"]

    sdk(), raw()
    sequential = [_seconds(sdk, map) / _seconds(raw, map) for _ in range(5)]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(sdk, range(THREADS))), list(pool.map(raw, range(THREADS)))
        threads = [_seconds(raw, pool.map) / _seconds(sdk, pool.map) for _ in range(5)]
    return {"sequential": median(sequential), "threads": median(threads)}


def _seconds(call, mapped):
    start = time.perf_counter()
    for _ in mapped(call, range(CALLS)):
        pass
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
