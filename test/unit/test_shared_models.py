"""Threads that read the same models for the first time get the same objects."""

import sys
import threading

import pytest

from cloudtower import NestedHost, Vm
from cloudtower._runtime import codec
from cloudtower._runtime.model import Model

THREADS = 8
ROUNDS = 150


class Rack(Model):
    __fields__ = (
        ("host", "NestedHost"),
        ("hosts", "list[NestedHost]"),
        ("grid", "list[list[NestedHost]]"),
        ("names", "list[str]"),
        ("mixed", "list[NestedHost]"),
        ("name", "str"),
    )


@pytest.fixture(autouse=True)
def impatient_threads():
    """Threads take turns as often as they can."""
    # 2.7 counts instructions rather than seconds
    new = hasattr(sys, "setswitchinterval")
    name = "switchinterval" if new else "checkinterval"
    before = getattr(sys, "get" + name)()
    getattr(sys, "set" + name)(1e-6 if new else 1)
    yield
    getattr(sys, "set" + name)(before)


def at_once(model, *functions):
    """What functions return for a model, each in a thread of its own at the same time."""
    results = [None] * len(functions)
    go = threading.Event()

    def run(index):
        go.wait(30)
        results[index] = functions[index](model)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(functions))]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(30)
    return results


def rack():
    sent = {
        "host": {"id": "h"},
        "hosts": [None] + [{"id": "h%d" % index} for index in range(20)],
        "grid": [[{"id": "a"}, {"id": "b"}], [{"id": "c"}]],
        "names": [1, 2, 3],
        "mixed": ["wrong", {"id": "m"}],
    }
    return codec.decode(sent, Rack)


@pytest.mark.parametrize(
    "read",
    [
        lambda model: model.host,
        lambda model: model.hosts[1],
        lambda model: model.hosts[20],
        lambda model: model.grid[1][0],
        lambda model: model.mixed[1],
    ],
)
def test_all_threads_get_one_object_and_no_edit_is_lost(read):
    def edit(model):
        nested = read(model)
        nested.name = "edited"
        return nested

    for _ in range(ROUNDS):
        model = rack()
        found = at_once(model, *[edit] * THREADS)
        assert all(each is found[0] for each in found)
        assert read(model) is found[0] and read(model).name == "edited"


@pytest.mark.parametrize("name", ["names", "hosts", "grid", "mixed"])
def test_all_threads_get_one_list(name):
    def read(model):
        return getattr(model, name)

    def rename(model):
        model.name = "renamed"

    for _ in range(ROUNDS):
        model = rack()
        found = at_once(model, read, read, rename, read, read)
        del found[2]
        assert all(each is found[0] for each in found) and read(model) is found[0]


def test_what_a_thread_adds_to_a_list_stays():
    def name(model):
        model.names.append("more")

    def host(model):
        model.hosts.append(NestedHost(id="more"))

    def number(model):
        model.names[0] = 5

    for _ in range(ROUNDS):
        model = rack()
        at_once(model, *[number] * THREADS)
        assert model.names == [5, "2", "3"]
        model = rack()
        at_once(model, *[name] * THREADS)
        assert model.names == ["1", "2", "3"] + ["more"] * THREADS
        at_once(model, *[host] * THREADS)
        assert len(model.hosts) == 21 + THREADS


def test_a_thread_that_sets_another_field_loses_nothing():
    def edit(model):
        model.host.name = "edited"

    def rename(model):
        model.name = "renamed"

    for _ in range(ROUNDS):
        model = rack()
        at_once(model, edit, rename, edit, rename)
        assert (model.host.name, model.name) == ("edited", "renamed")


def test_what_a_thread_sets_is_not_replaced_by_what_was_sent():
    given = NestedHost(id="given")

    def read(model):
        return model.host

    def give(model):
        model.host = given

    for _ in range(ROUNDS):
        model = rack()
        model.name = "changed before"
        at_once(model, give, read, read)
        assert model.host is given


def test_the_lock_is_not_held_for_its_own_thread():
    """Signals and the garbage collector run code at any moment."""
    from cloudtower._runtime.datatypes import replacing

    vm = codec.decode({"host": {"id": "h"}}, Vm)
    with replacing.lock:
        assert vm.host.id == "h"
