"""What tasks are called: clients look for some of these texts."""

import pytest

GIB = 2**30


@pytest.mark.parametrize("path", ["/export-vm", "/export-vm-volume"])
def test_an_export_is_called_like_what_it_is_of(api, path):
    name = "build-agent" if path == "/export-vm" else "web-01-1"
    body = {"where": {"name": name}, "data": {"type": "OVF" if path == "/export-vm" else "RAW"}}
    (text,) = _texts(api, path, body)
    assert text == "Export %s %s" % ("VM" if path == "/export-vm" else "virtual volume", name)


@pytest.mark.parametrize("verb, text", [
    ("clone", "build-agent is cloned into a VM template t"),
    ("convert", "Convert VM build-agent to VM template t"),
])  # fmt: skip
def test_a_template_of_the_library_is_called_like_any(api, verb, text):
    vm = api.vm("build-agent")
    body = {"name": "t", "vm": {"id": vm["id"]}, "clusters": {"id": vm["cluster"]["id"]}}
    body["cloud_init_supported"] = False
    path = "/%s-content-library-vm-template-from-vm" % verb
    assert _texts(api, path, [body]) == [text]


def _texts(api, path, body):
    answers = api.post(path, body)
    api.settle()
    return [task["description"] for task in api.tasks_of(answers)]


def test_texts_that_clients_look_for(api):
    vm, cluster = api.vm("web-01"), api.one("/get-clusters", name="cluster-01")["id"]
    where = {"where": {"id": vm["id"]}}
    group = {"name": "group", "cluster_id": cluster, "enabled": True}
    (text,) = _texts(api, "/create-vm-placement-group", [group])
    assert text == "Create VM placement group group"
    named = {"where": {"name": "group"}, "data": {"description": "d"}}
    assert "VM placement group" in _texts(api, "/update-vm-placement-group", named)[0]
    assert "VM placement group" in _texts(api, "/delete-vm-placement-group", named)[0]
    volume = {"name": "v", "cluster_id": cluster, "size": GIB, "sharing": False}
    volume["elf_storage_policy"] = "REPLICA_2_THIN_PROVISION"
    assert _texts(api, "/create-vm-volume", [volume]) == ["Create virtual volume v"]
    bigger = {"where": {"name": "v"}, "data": {"size": 2 * GIB}}
    assert _texts(api, "/update-vm-volume", bigger) == ["Update virtual volume v"]
    assert _texts(api, "/delete-vm-volume", {"where": {"name": "v"}}) == ["Delete virtual volume v"]
    text = "Virtual machine web-01 migrates to the proper host within the cluster"
    assert _texts(api, "/migrate-vm", where) == [text + " by performing a live migration."]
    data = {"nic_index": 0, "enabled": False}
    (text,) = _texts(api, "/update-vm-nic", dict(where, data=data))
    assert text == "Edit network port of VM web-01"
    (text,) = _texts(api, "/update-vm-host-options", dict(where, data={"hostname": "h"}))
    assert text == "Edit hostname of guest OS of VM web-01"
    body = {"data": [{"vm_id": vm["id"], "name": "s"}]}
    assert _texts(api, "/create-vm-snapshot", body) == ["Creates a snapshot s for VM web-01"]
    host = {"host_id": vm["host"]["id"]}
    api.run("/poweroff-vm", where)
    data = {"where": {"id": vm["id"]}, "data": host}
    assert _texts(api, "/migrate-vm", data)[0].endswith(
        "migrates to the host %s by performing a cold migration." % vm["host"]["name"]
    )
    body = [{"vm_id": vm["id"], "name": "t", "cloud_init_supported": False}]
    (text,) = _texts(api, "/clone-vm-template-from-vm", body)
    assert text == "web-01 is cloned into a VM template t"
    disk = [disk for disk in vm["vm_disks"]][0]["id"]
    (text,) = _texts(api, "/update-vm-disk", dict(where, data={"vm_disk_id": disk, "bus": "SCSI"}))
    assert text == "Edit VM web-01 disk"
