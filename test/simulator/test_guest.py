"""The system of a VM that was made blank, and the settings of clusters."""


def _with_iso(api, blank, **values):
    image = api.one("/get-elf-images", name_contains="CentOS", cluster={"name": "cluster-01"})
    blank["vm_disks"]["mount_cd_roms"] = [{"boot": 0, "index": 0, "elf_image_id": image["id"]}]
    (answer,) = api.run("/create-vm", [dict(blank, **values)])
    return {"where": {"id": answer["data"]["id"]}}


def test_create_install_shut_down(api, blank):
    where = _with_iso(api, blank)
    assert api.vm("new-vm")["os"] is None  # it has never run
    api.run("/start-vm", where)
    assert "CentOS-7" in api.vm("new-vm")["os"]
    api.run("/shutdown-vm", where)
    assert api.vm("new-vm")["status"] == "STOPPED"
    api.run("/start-vm", where)
    api.run("/install-vmtools", where)
    assert api.vm("new-vm")["vm_tools_status"] == "RUNNING"
    api.run("/restart-vm", where)


def test_it_takes_a_while(api, blank):
    where = _with_iso(api, blank)
    api.post("/start-vm", where)
    api.clock[0] += 4
    assert api.vm("new-vm")["status"] == "RUNNING"
    answers = api.post("/shutdown-vm", where)
    api.clock[0] += 8
    (task,) = api.tasks_of(answers)
    assert "JOB_VM_SHUTDOWN_TIMEOUT" in task["error_message"]
    api.clock[0] += 60
    api.run("/shutdown-vm", where)


def test_an_installation_that_is_interrupted(api, blank):
    where = _with_iso(api, blank, status="RUNNING")
    where_id = where["where"]["id"]
    # a second VM is switched off in between
    api.post("/create-vm", [dict(blank, name="second", status="RUNNING")])
    api.clock[0] += 5
    api.post("/poweroff-vm", {"where": {"name": "second"}})
    api.settle()
    assert api.vm("second")["os"] is None and api.one("/get-vms", id=where_id)["os"]


def test_a_suspended_installation_goes_on(api, blank):
    where = _with_iso(api, blank)
    api.post("/start-vm", where)
    api.clock[0] += 5
    api.post("/suspend-vm", where)
    api.clock[0] += 200
    assert api.vm("new-vm")["os"] is None
    api.run("/resume-vm", where)
    assert api.vm("new-vm")["os"]


def test_no_image_no_disk_no_system(api, blank):
    api.run("/create-vm", [dict(blank, status="RUNNING")])
    assert api.vm("new-vm")["os"] is None
    del blank["vm_disks"]["mount_new_create_disks"]
    _with_iso(api, blank, name="no-disk", status="RUNNING")
    assert api.vm("no-disk")["os"] is None
    # the image may come later, for the next time that it boots
    api.run("/poweroff-vm", {"where": {"name": "new-vm"}})
    image = api.one("/get-elf-images", name_contains="ubuntu", cluster={"name": "cluster-01"})
    data = {"vm_cd_roms": [{"boot": 0, "index": 0, "elf_image_id": image["id"]}]}
    api.run("/add-vm-cd-rom", {"where": {"name": "new-vm"}, "data": data})
    api.run("/start-vm", {"where": {"name": "new-vm"}})
    assert "ubuntu" in api.vm("new-vm")["os"]


def test_settings_of_clusters_have_the_rule_that_holds(api):
    def rules():
        rows = api.post("/get-cluster-settingses", {"orderBy": "id_ASC"})
        return dict((row["cluster"]["name"], row["vm_recycle_bin"]) for row in rows)

    assert rules() == dict.fromkeys(("cluster-01", "cluster-02"), {"enabled": True, "retain": 30})
    one = {"where": {"name": "cluster-01"}, "data": {"enabled": True, "retain": 7}}
    api.post("/create-cluster-recycle-bin-setting", one)
    api.settle()
    assert [rules()[name]["retain"] for name in sorted(rules())] == [7, 30]
    api.post("/update-global-recycle-bin-setting", {"enabled": True, "retain": 9})
    api.settle()
    assert [rules()[name]["retain"] for name in sorted(rules())] == [7, 9]
    api.post("/delete-cluster-recycle-bin-setting", {"where": {"name": "cluster-01"}})
    assert [rules()[name]["retain"] for name in sorted(rules())] == [9, 9]
