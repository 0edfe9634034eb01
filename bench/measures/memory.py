"""What 2,000 decoded VMs hold, after five attributes and after a full walk, against plain dicts."""

import json
import sys
import tracemalloc

TARGETS = (("five", "five attributes read", 1.3), ("walk", "all attributes walked", 2))


def rows(bench):
    results = bench.turns(__file__, bench.vms("full"), rounds=1)
    for key, words, target in TARGETS:
        ours, theirs = bench.medians(results, key)
        yield bench.row(
            "2,000 VMs, %s: memory over plain dicts" % words,
            "%.2f" % ours,
            "%.1f" % theirs,
            "%.1f" % target,
            ours <= target,
        )


def inside(path):
    from cloudtower import ApiClient

    with open(path) as stream:
        text = stream.read()

    class Answer(object):
        data = text

    client = ApiClient()

    def five():
        vms = client.deserialize(Answer, "list[Vm]")
        for vm in vms:
            vm.id, vm.name, vm.status, vm.memory, vm.cluster  # noqa: B018
        return vms

    def walked():
        vms = client.deserialize(Answer, "list[Vm]")
        for vm in vms:
            _walk(vm)
        return vms

    walked()  # the first touch builds classes
    plain = _held(lambda: json.loads(text))
    return {"five": _held(five) / plain, "walk": _held(walked) / plain}


def _held(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = make()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    del kept
    return float(held)


def _walk(model):
    for name in model.openapi_types:
        value = getattr(model, name)
        for element in value if value.__class__ is list else [value]:
            if hasattr(element, "openapi_types"):
                _walk(element)


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
