"""Small calls over one kept connection: one after the other, and from 64 threads.

Beside each SDK runs urllib3 itself, in the same process and by turns: call by call where
they come one after the other. "The same pool" has the
deadlines that this SDK gives each request: a socket with a deadline is asked whether it is ready
before each read, which 64 threads feel. In the other rows urllib3 has no deadlines.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

CALLS = 1000
THREADS = 64
BODY = {"where": {"id": "cl2k0mpoy026d0822"}}
DEADLINES = 10, 300


def rows(bench):
    with bench.server() as port:
        sides = ("this", "published") + (("base",) if bench.base else ())
        results = bench.turns(__file__, port, sides=sides, rounds=max(3, bench.rounds // 2))
    for key, what, target in (("read", "read", 1.10), ("write", "guarded write", 1.15)):
        ours, theirs = bench.medians(results, key)
        title = "a small %s: time over urllib3 with json" % what
        yield bench.row(title, "%.2f" % ours, "%.2f" % theirs, "%.2f" % target, ours <= target)
        if bench.base:
            before = median(each[key] for each in results["base"])
            yield bench.row("the same at %s" % bench.base, "%.2f" % before, "")
    ours, theirs = bench.medians(results, "threads")
    title = "64 threads, one client: throughput over urllib3 with the same pool"
    yield bench.row(title, "%.2f" % ours, "%.2f" % theirs, "0.90", ours >= 0.9)
    ours, theirs = bench.medians(results, "no deadline")
    title = "the same: over urllib3 without deadlines"
    yield bench.row(title, "%.2f" % ours, "%.2f" % theirs, "", None)


def inside(port):
    import urllib3
    from cloudtower import ApiClient, Configuration, VmApi

    host = "http://127.0.0.1:%s/v2/api" % port
    configuration = Configuration(host=host)
    configuration.api_key["Authorization"] = "token"
    configuration.connection_pool_maxsize = THREADS
    api = VmApi(ApiClient(configuration))
    connect, read = DEADLINES
    waiting = urllib3.PoolManager(maxsize=THREADS)
    same = urllib3.PoolManager(maxsize=THREADS, timeout=urllib3.Timeout(connect=connect, read=read))
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Authorization": "token",
    }

    def read(_=None):
        return api.get_vms(BODY)[0].id

    def sdk(_=None):
        return api.start_vm(BODY)[0].task_id

    def raw(manager):
        def call(_=None):
            body = json.dumps(BODY)
            answer = manager.request("POST", host + "/start-vm", body=body, headers=headers)
            return json.loads(answer.data)[0]["task_id"]

        return call

    calls = sdk, raw(waiting), raw(same)
    for call in calls:
        call()
    sequential = _turns(read=read, write=sdk, raw=calls[1])
    with ThreadPoolExecutor(THREADS) as pool:
        for call in calls:
            list(pool.map(call, range(THREADS)))
        turns = [[_seconds(call, pool.map) for call in calls] for _ in range(5)]
    return {
        "read": sequential["read"] / sequential["raw"],
        "write": sequential["write"] / sequential["raw"],
        "threads": median(theirs / ours for ours, _, theirs in turns),
        "no deadline": median(theirs / ours for ours, theirs, _ in turns),
    }


def _turns(**calls):
    """{name: median of the seconds that its call takes}, each having its turn again and again."""
    seconds = {name: [] for name in calls}
    for _ in range(CALLS):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - start)
    return {name: median(each) for name, each in seconds.items()}


def _seconds(call, mapped):
    start = time.perf_counter()
    for _ in mapped(call, range(CALLS)):
        pass
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
