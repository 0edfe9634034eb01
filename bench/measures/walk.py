"""2,000 VMs decoded and every attribute of every nested object read, against `json.loads`."""

import json
import sys
import time

TARGET = 4
PLAIN = (type(None), str, int, bool, float)
FILLS = (("full", "all fields set"), ("sparse", "mostly null"))


def rows(bench):
    for fill, words in FILLS:
        results = bench.turns(__file__, bench.vms(fill), rounds=max(3, bench.rounds // 2))
        ours, theirs = bench.medians(results, "ratio")
        yield bench.row(
            "2,000 VMs, %s, all attributes walked: over json.loads" % words,
            "%.2f" % ours,
            "%.1f" % theirs,
            "%d" % TARGET,
            ours <= TARGET,
        )


def inside(path):
    from cloudtower import ApiClient

    with open(path) as stream:
        text = stream.read()

    class Answer(object):
        data = text

    client = ApiClient()

    def walked():
        for vm in client.deserialize(Answer, "list[Vm]"):
            walk(vm)

    def plain():
        json.loads(text)

    walked(), plain()  # the first touch builds classes
    pairs = sorted(_seconds(walked) / _seconds(plain) for _ in range(3))
    return {"ratio": pairs[1]}


def walk(model):
    """Read every attribute of a model, and of the models in it."""
    for name in model.openapi_types:
        value = getattr(model, name)
        if value.__class__ in PLAIN:
            continue
        for element in value if value.__class__ is list else [value]:
            if hasattr(element, "openapi_types"):
                walk(element)


def _seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
