"""Every list and every count: complete answers, as the tables have them."""

import re

import pytest

pytest.importorskip("starlette")

from cloudtower._runtime import validate  # noqa: E402
from cloudtower.simulator.operations import listing  # noqa: E402
from cloudtower.simulator.schema import kinds, operations  # noqa: E402

_LISTS = sorted(
    path
    for path, each in operations.by_path().items()
    if listing.handler_of(each) is listing.list_records
)
_COUNTS = sorted(
    path
    for path, each in operations.by_path().items()
    if listing.handler_of(each) is listing.count_records
)
#: What the small world has none of on purpose is not named here.
_SEEDED = {
    "alerts": 3,
    "clusters": 2,
    "cluster-settingses": 2,
    "content-library-images": 2,
    "content-library-vm-templates": 1,
    "datacenters": 1,
    "disks": 24,
    "elf-data-stores": 2,
    "elf-images": 4,
    "global-settingses": 1,
    "hosts": 6,
    "iscsi-targets": 2,
    "labels": 3,
    "nfs-exports": 2,
    "nics": 18,
    "organizations": 1,
    "user-role-nexts": 6,
    "users": 4,
    "vdses": 6,
    "vlans": 10,
    "vm-templates": 2,
    "vms": 7,
}


def test_all_kinds_are_there():
    assert len(_LISTS) > 100 and len(_COUNTS) > 100


def _complete(value, path="answer"):
    """Each object in alphabetical order, without a hole."""
    if isinstance(value, dict):
        assert list(value) == sorted(value), path
        for name, inner in value.items():
            _complete(inner, "%s.%s" % (path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _complete(inner, "%s[%d]" % (path, index))


@pytest.mark.parametrize("path", _LISTS)
def test_answers_are_complete(shared, path):
    operation = operations.by_path()[path]
    kind = kinds.kind(operations.listed_kind(operation))
    if not list(shared.world.all(kind.name)):
        _add_one(shared.world, kind)
    found = shared.post(path, {})
    assert found
    assert list(validate.check(found, operation.returns)) == []
    for each in found:
        assert set(each) <= set(kind.fields)
        left_out = [field for name, field in kind.fields.items() if name not in each]
        assert not any(field.required or field.nullable for field in left_out)
        assert re.match(r"^c[0-9a-z]{24}$", each["id"])
    _complete(found)


def _add_one(world, kind, depth=0):
    """An object of a kind that the small world lacks, with what it cannot be without."""
    needed = {}
    for name, relation in kind.relations.items():
        if relation.required:
            target = kinds.kind(relation.target)
            other = next(iter(world.all(target.name)), None)
            if other is None:
                other = _add_one(world, target, depth + 1)
            needed[name] = [other] if relation.many else other
    return world.add(kind.name, **needed)


@pytest.mark.parametrize("path", _COUNTS)
def test_counts(shared, path):
    answer = shared.post(path, {})
    kind = operations.listed_kind(operations.by_path()[path])
    assert answer == {"aggregate": {"count": len(shared.world.all(kind))}}
    assert shared.post(path, {"where": {"id": "nope"}}) == {"aggregate": {"count": 0}}


@pytest.mark.parametrize("plural, number", sorted(_SEEDED.items()))
def test_the_small_world(api, plural, number):
    assert len(api.post("/get-" + plural)) == number


def test_it_has_what_scripts_look_for(api):
    assert api.post("/get-disks-connection", {"where": {"type": "HDD"}})["aggregate"]["count"]
    running = api.post("/get-vms", {"where": {"status": "RUNNING"}})
    assert running and all(each["ips"] and each["host"] for each in running)
    assert {each["type"] for each in api.post("/get-clusters")} == {"SMTX_OS"}
    assert {"VM", "MANAGEMENT", "STORAGE"} == {each["type"] for each in api.post("/get-vlans")}
    settings = api.post("/get-global-settingses")[0]
    assert settings["vm_recycle_bin"] == {"enabled": True, "retain": 30}


def test_references_show_the_current_state(api):
    host = api.world.first("Host")
    cluster = api.world.one(host, "cluster")
    api.world.update(cluster, name="renamed")
    vm = api.one("/get-vms", name="web-01")
    assert vm["cluster"] == {"id": cluster.id, "name": "renamed"}
    assert set(vm["host"]) == {"id", "management_ip", "name"}


def test_equal_seeds_give_equal_ids():
    from cloudtower.simulator.tower import Tower

    first, second, other = (set(Tower(seed=seed).world.records) for seed in (0, 0, 1))
    assert first == second
    assert len(first & other) == 0


def test_the_gpu_lists(api):
    host, vm = api.world.first("Host"), api.world.first("Vm", name="web-01")
    gpu = api.world.add("GpuDevice", host=host, name="A100")
    api.world.update(vm, gpu_devices=[gpu])
    for path, name in (
        ("/get-vm-gpu-device-info", "web-01"),
        ("/get-detail-vm-info-by-gpu-devices", "A100"),
    ):
        found = api.post(path, {})
        assert [each["name"] for each in found] == [name]
        _complete(found)


def test_the_language_of_alerts(shared):
    body = {"where": {"severity": "CRITICAL"}}

    def message(language):
        headers = {"content-language": language}
        return shared.post("/get-alerts", body, headers=headers)[0]["message"]

    assert message(None) == message("en-US") == "Storage usage of the cluster is above 90%."
    assert message("zh-CN") == "集群存储空间使用率高于 90%。"
    assert '"zh-CN": "集群' in message("*") and '"en-US"' in message("*")
    answer = shared.send("POST", "/get-alerts", {}, headers={"content-language": "fr"})
    assert answer.status == 400 and "content-language" in answer.body["message"]
