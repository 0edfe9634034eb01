"""2,000 VMs decoded and five attributes of each read, against `json.loads` of the same text."""

import json
import sys
import time

TARGET = 1.5
FILLS = (("full", "all fields set"), ("sparse", "mostly null"))


def rows(bench):
    for fill, words in FILLS:
        results = bench.turns(__file__, bench.vms(fill), rounds=max(3, bench.rounds // 2))
        ours, theirs = bench.medians(results, "ratio")
        yield bench.row(
            "2,000 VMs, %s, five attributes read: over json.loads" % words,
            "%.2f" % ours,
            "%.1f" % theirs,
            "%.1f" % TARGET,
            ours <= TARGET,
        )


def inside(path):
    from cloudtower import ApiClient

    with open(path) as stream:
        answer = Answer(stream.read())
    client = ApiClient()

    def five_attributes():
        for vm in client.deserialize(answer, "list[Vm]"):
            vm.id, vm.name, vm.status, vm.memory, vm.cluster  # noqa: B018

    def plain():
        json.loads(answer.data)

    five_attributes(), plain()  # the first touch builds classes
    pairs = sorted(_seconds(five_attributes) / _seconds(plain) for _ in range(3))
    return {"ratio": pairs[1]}


class Answer(object):
    """As much of a response as decoding needs."""

    def __init__(self, data):
        self.data = data


def _seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
