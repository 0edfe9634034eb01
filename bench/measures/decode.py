"""2,000 VMs decoded and read, against `json.loads` of the same text: time.

Read are five attributes of each VM, or every attribute of every object in it.
"""

import json
import sys
import time

FILLS = (("full", "all fields set"), ("sparse", "mostly null"))
#: what is read: (the same in words, target)
READINGS = {"five": ("five attributes read", 1.5), "every": ("all attributes walked", 3.5)}
PLAIN = (type(None), str, int, bool, float)


def rows(bench):
    for reading, (what, target) in READINGS.items():
        for fill, words in FILLS:
            rounds = max(3, bench.rounds // 2)
            results = bench.turns(__file__, bench.vms(fill), reading, rounds=rounds)
            ours, theirs = bench.medians(results, "ratio")
            title = "2,000 VMs, %s, %s: over json.loads" % (words, what)
            yield bench.row(title, "%.2f" % ours, "%.1f" % theirs, "%g" % target, ours <= target)


def inside(path, reading):
    with open(path) as stream:
        text = stream.read()
    decoded = readings(text)[reading]

    def plain():
        json.loads(text)

    decoded(), plain()  # the first touch builds classes
    pairs = sorted(_seconds(decoded) / _seconds(plain) for _ in range(3))
    return {"ratio": pairs[1]}


def readings(text):
    """{reading: function that decodes the text, reads so much of it, and returns the VMs}."""
    from cloudtower import ApiClient

    client = ApiClient()

    class Answer(object):
        data = text

    def five():
        vms = client.deserialize(Answer, "list[Vm]")
        for vm in vms:
            vm.id, vm.name, vm.status, vm.memory, vm.cluster  # noqa: B018
        return vms

    def every():
        vms = client.deserialize(Answer, "list[Vm]")
        for vm in vms:
            walk(vm)
        return vms

    return {"five": five, "every": every}


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
