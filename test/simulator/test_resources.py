"""Resources beside VMs: what their operations do, and refuse."""

import pytest


def _cluster(api, name="cluster-01"):
    return api.one("/get-clusters", name=name)


def _by_id(answer):
    return {"where": {"id": answer["data"]["id"]}}


def test_the_life_of_a_volume(api):
    body = {"cluster_id": _cluster(api)["id"], "name": "data", "sharing": False, "size": 10}
    body.update(size_unit="GB", elf_storage_policy="REPLICA_3_THICK_PROVISION")
    (answer,) = api.post("/create-vm-volume", [body])
    assert answer["data"]["entityAsyncStatus"] == "CREATING"
    locked = api.refused("/update-vm-volume", dict(_by_id(answer), data={"name": "x"}))
    assert locked["props"]["locked_resources"][0]["type"] == "VM_VOLUME"
    api.settle()
    where = _by_id(answer)
    volume = api.one("/get-vm-volumes", id=answer["data"]["id"])
    assert volume["size"] == 10 * 2**30 and volume["elf_storage_policy_replica_num"] == 3
    assert api.one("/get-iscsi-luns", id=volume["lun"]["id"])["assigned_size"] == 10 * 2**30
    snapshot = {"volume_id": volume["id"], "name": "s", "description": ""}
    (taken,) = api.run("/create-vm-volume-snapshot", [snapshot])
    api.refused("/create-vm-volume-snapshot", [snapshot])
    error = api.refused("/update-vm-volume", dict(where, data={"size": 1}))
    assert "VM_VOLUME_CANNOT_SHRINK" in error["message"]
    api.run("/update-vm-volume", dict(where, data={"size": 20, "size_unit": "GB"}))
    assert api.one("/get-iscsi-luns", id=volume["lun"]["id"])["assigned_size"] == 20 * 2**30
    api.run("/rollback-vm-volume", [{"volume_snapshot_id": taken["data"]["id"]}])
    assert api.one("/get-vm-volumes", id=volume["id"])["size"] == 10 * 2**30
    rebuilt = {"name": "again", "description": "", "volume_snapshot_id": taken["data"]["id"]}
    (answer,) = api.run("/rebuild-vm-volume", [rebuilt])
    assert api.one("/get-vm-volumes", id=answer["data"]["id"])["size"] == 10 * 2**30
    clone = {"where": {"id": volume["id"]}, "data": {"name": "clone"}}
    api.run("/clone-vm-volume", [clone])
    assert api.one("/get-vm-volumes", name="clone")["lun"] is not None
    api.run("/delete-vm-volume", dict(where, effect={"include_snapshots": True}))
    assert api.post("/get-vm-volume-snapshots") == []
    assert api.post("/get-iscsi-luns", {"where": {"id": volume["lun"]["id"]}}) == []


def test_a_mounted_volume_stays(api):
    error = api.refused("/delete-vm-volume", {"where": {"name": "web-01-1"}})
    assert "VM_VOLUME_MOUNTED" in error["message"]


@pytest.mark.parametrize("flavour", ["iscsi", "nvmf"])
def test_block_storage(api, flavour):
    iscsi = flavour == "iscsi"
    group, unit = ("target", "lun") if iscsi else ("subsystem", "namespace")
    parent, of = "%s_%s_id" % (flavour, group), "%s_%s_id" % (flavour, unit)
    kind = "/%%s-%s-%s" % (flavour, group)
    body = {"cluster_id": _cluster(api)["id"], "name": "backup", "replica_num": 2}
    body.update(stripe_num=4, stripe_size=256, stripe_size_unit="KB", thin_provision=True)
    body.update({} if iscsi else {"policy": "BALANCE"})
    (answer,) = api.run(kind % "create", [body])
    assert answer["data"]["stripe_size"] == 262144
    error = api.refused(kind % "create", [body])
    assert "DUPLICATE_NAME" in error["message"]
    api.refused(kind % "create", [dict(body, name="Big_Name")])
    api.refused(kind % "create", [dict(body, name="x", stripe_num=3)])
    group_id = answer["data"]["id"]
    luns = "/%%s-%s-%s" % (flavour, unit)
    wanted = {"name": "a", parent: group_id, "assigned_size": 1, "assigned_size_unit": "GB"}
    wanted["replica_num"] = 2
    first, second = api.run(luns % "create", [wanted, dict(wanted, name="b")])
    number = "lun_id" if iscsi else "namespace_id"
    assert (first["data"][number], second["data"][number]) == (1, 2)
    assert first["data"]["stripe_num"] == 4
    where = _by_id(first)
    api.refused(luns % "update", dict(where, data={"assigned_size": 5}))
    api.run(luns % "update", dict(where, data={"assigned_size": 2 * 2**30}))
    shot = {"name": "s", parent: group_id, of: first["data"]["id"]}
    (shot,) = api.run(luns % "create" + "-snapshot", [shot])
    clone = {parent: group_id, "snapshot_id": shot["data"]["id"]}
    clone.update({} if iscsi else {"name": "s-clone"})  # a cloned LUN may come without
    (answer,) = api.run(luns % "clone" + "-from-snapshot", [clone])
    assert answer["data"]["name"] == "s-clone"
    assert answer["data"]["assigned_size"] == 2 * 2**30 and answer["data"][number] == 3
    back = {unit + "_id": first["data"]["id"], "snapshot_id": shot["data"]["id"]}
    api.run(luns % "rollback" + "-from-snapshot", [back])
    back[unit + "_id"] = second["data"]["id"]
    api.refused(luns % "rollback" + "-from-snapshot", [back])
    assert "NOT_EMPTY" in api.refused(kind % "delete", {"where": {"id": group_id}})["message"]
    everything = {"where": {parent[:-3]: {"id": group_id}}, "data": {"remove_snapshot": True}}
    api.run(luns % "delete", everything)
    listed = "/get-%s-%s-snapshots" % (flavour, unit)
    assert api.post(listed) == []
    api.run(kind % "delete", {"where": {"id": group_id}})


def test_floating_ips_in_a_batch(api):
    (vpc,) = api.run("/create-virtual-private-cloud", [{"name": "vpc", "vpc_service_id": "s"}])
    body = {"vpc_id": vpc["data"]["id"], "auto_allocate_number": 2}
    body["ip_addresses"] = ["192.0.2.7", "192.0.2.8"]
    answers = api.run("/batch-create-virtual-private-cloud-floating-ips", body)
    found = api.post("/get-virtual-private-cloud-floating-ips")
    assert [each["external_ip"] for each in found] == ["192.0.2.7", "192.0.2.8", None, None]
    assert [each["vpc"]["id"] for each in found] == [vpc["data"]["id"]] * 4
    local_ids = [each["local_id"] for each in found]
    assert [each["data"] for each in answers] == [{"local_id": each} for each in local_ids]


def test_networks(api):
    cluster = _cluster(api)
    nics = api.post(
        "/get-nics", {"where": {"name": "ens192", "host": {"cluster": cluster_of(cluster)}}}
    )
    body = {
        "cluster_id": cluster["id"],
        "name": "vds-new",
        "nic_ids": [each["id"] for each in nics],
    }
    (vds,) = api.run("/create-vds", [body])
    vds_id = vds["data"]["id"]
    assert "EC_VDS_DUPLICATE_NAME" in api.refused("/create-vds", [body])["message"]
    (vlan,) = api.run("/create-vm-vlan", [{"vds_id": vds_id, "name": "v", "vlan_id": 7}])
    assert (vlan["data"]["network_ids"], vlan["data"]["type"]) == (["7"], "VM")
    assert vlan["data"]["local_id"].startswith(cluster["local_id"] + "_")
    assert api.one("/get-vdses", id=vds_id)["vlans_num"] == 1
    api.refused("/create-vm-vlan", [{"vds_id": vds_id, "name": "w", "vlan_id": 4096}])
    api.run("/update-vm-vlan", dict(_by_id(vlan), data={"vlan_id": 8}))
    assert api.one("/get-vlans", id=vlan["data"]["id"])["network_ids"] == ["8"]
    used = {"where": {"name": "vlan-100", "vds": {"cluster": cluster_of(cluster)}}}
    assert "VLAN_IN_USE" in api.refused("/delete-vm-vlan", used)["message"]
    api.run("/delete-vm-vlan", _by_id(vlan))
    api.run("/delete-vds", {"where": {"id": vds_id}})
    assert api.post("/get-vdses", {"where": {"id": vds_id}}) == []


def cluster_of(cluster):
    return {"id": cluster["id"]}


def test_maintenance_of_a_host(api):
    vm = api.vm("web-01")
    host = {"where": {"host_id": vm["host"]["id"]}}
    task_id = api.post("/enter-maintenance-mode-precheck", {"where": vm["host"]})["task_id"]
    result = {"where": {"task_id": task_id}}
    assert not api.post("/enter-maintance-mode-precheck-result", result)["done"]
    api.settle()
    shown = api.post("/enter-maintance-mode-precheck-result", result)
    assert shown == {"done": True, "shutdownVms": []}
    down = [each["id"] for each in api.post("/get-vms", {"where": {"host": vm["host"]}})][:1]
    answer = api.post("/enter-maintance-mode", dict(host, data={"shutdown_vms": down}))
    assert answer["data"]["host_state"]["state"] == "ENTERING_MAINTENANCE_MODE"
    api.settle()
    state = api.one("/get-hosts", id=vm["host"]["id"])
    assert state["host_state"]["state"] == "MAINTENANCE_MODE" and state["running_vm_num"] == 0
    assert api.one("/get-vms", id=down[0])["status"] == "STOPPED"
    other = api.post("/get-hosts", {"where": {"id_not": state["id"], "cluster": state["cluster"]}})
    body = {"where": {"id": other[0]["id"]}}
    assert "MAINTENANCE_MODE" in api.refused("/enter-maintenance-mode-precheck", body)["message"]
    back = api.post("/exit-maintance-mode-precheck-result", {"where": {"id": state["id"]}})
    assert len(back["shutDownVms"]) == 1 and back["shutDownVms"][0]["vm_state"] == "stopped"
    moved = [each["vm_uuid"] for each in back["liveMigrateVms"]]
    data = {"poweron_vms": down, "live_migrate_back_vms": moved}
    api.post("/exit-maintance-mode", dict(host, data=data))
    api.settle()
    assert api.one("/get-hosts", id=state["id"])["host_state"] is None
    assert api.one("/get-vms", id=down[0])["status"] == "RUNNING"
    assert api.one("/get-vms", id=down[0])["host"]["id"] == state["id"]
    error = api.refused("/exit-maintance-mode", dict(host, data={}))
    assert "HOST_NOT_IN_MAINTENANCE_MODE" in error["message"]


def test_clusters(api):
    login = {"ip": "192.0.2.99", "username": "root", "password": "secret"}
    (answer,) = api.post("/connect-cluster", [login])
    assert answer["data"]["connect_state"] == "INITIALIZING"
    api.settle()
    assert api.one("/get-clusters", ip="192.0.2.99")["connect_state"] == "CONNECTED"
    assert "CLUSTER_IP_HAS_BEEN_USED" in api.refused("/connect-cluster", [login])["message"]
    wrong = dict(login, ip="192.0.2.98", password="wrong")
    assert "UNAUTHORIZED" in api.refused("/connect-cluster", [wrong])["message"]
    cluster = _cluster(api)
    where = {"where": {"id": cluster["id"]}}
    api.post("/update-cluster-ha-setting", dict(where, ha=False))
    assert api.one("/get-cluster-settingses", cluster=cluster_of(cluster))["default_ha"] is False
    body = dict(where, data={"dns": ["192.0.2.2"]})
    api.run("/update-cluster-network-setting", body)
    assert _cluster(api)["dns"] == ["192.0.2.2"]
    api.run("/delete-cluster", where)
    for path in ("vms", "hosts", "vm-volumes", "elf-images"):
        left = api.post("/get-%s" % path, {"where": {"cluster": {"id": cluster["id"]}}})
        assert left == [], path
    assert api.one("/get-datacenters", name="datacenter-01")["vm_num"] == 3


def test_datacenters(api):
    (org,) = api.post("/create-organization", [{"name": "o"}])
    body = {"name": "dc", "organization_id": org["data"]["id"]}
    answer = api.post("/create-datacenter", body)
    assert answer["task_id"] is None and answer["data"]["clusters"] == []
    where = {"where": {"id": answer["data"]["id"]}}
    change = [dict(where, data={"clusters": {"name": "cluster-01"}})]
    (answer,) = api.post("/add-clusters-to-datacenter", change)
    assert (answer["data"]["cluster_num"], answer["data"]["vm_num"]) == (1, 4)
    (answer,) = api.post("/remove-clusters-from-datacenter", change)
    assert (answer["data"]["cluster_num"], answer["data"]["vm_num"]) == (0, 0)
    api.refused("/create-datacenter", dict(body, name="a/b"))
    assert "NOT_EMPTY" in api.refused("/delete-organization", _by_id(org))["message"]
    api.post("/delete-datacenter", where)
    api.post("/delete-organization", _by_id(org))


def test_users_and_roles(api):
    (role,) = api.post("/create-role", [{"name": "r", "actions": ["MANAGE_HOST"]}])
    body = {"role_id": role["data"]["id"], "name": "N", "username": "n", "password": "Secret-12"}
    (user,) = api.post("/create-user", [body])
    assert user["task_id"] is None and user["data"]["roles"][0]["name"] == "r"
    login = {"username": "n", "password": "Secret-12", "source": "LOCAL"}
    assert api.post("/login", login)["data"]["token"]
    assert "ROLE_IN_USE" in api.refused("/delete-role", _by_id(role))["message"]
    api.refused("/create-user", [body])
    api.refused("/create-user", [dict(body, username="m", password="short")])
    root = api.one("/get-user-role-nexts", preset="ROOT")
    error = api.refused("/create-user", [dict(body, username="m", role_id=root["id"])])
    assert "CANNOT_UPATE_USER_ROLE_TO_ROOT" in error["message"]
    api.refused("/delete-user", {"where": {"username": "root"}})
    api.post("/delete-user", _by_id(user))
    api.post("/delete-role", _by_id(role))
    settings = api.post("/update-password-security", {"password_complexity": "HIGH"})["data"]
    assert settings["auth"]["password_complexity"] == "HIGH"
    assert settings["auth"]["session_max_age"] == 86400  # the others stay


def test_images_of_the_content_library(api):
    cluster = {"name": "cluster-01"}
    data = {"url": "http://example.com/a.iso", "name": "a.iso", "cluster": cluster}
    task = api.post("/import-content-library-image", {"data": data})
    local_id = task["args"]["uploadElfImageLocalIds"][0]
    image = api.one("/get-content-library-images", elf_images_some={"local_id": local_id})
    where = {"where": {"id": image["id"]}}
    both = dict(where, data={"clusters": {"name": "cluster-02"}})
    api.run("/distribute-content-library-image-clusters", both)
    found = api.post("/get-elf-images", {"where": {"content_library_image": where["where"]}})
    assert sorted(each["cluster"]["name"] for each in found) == ["cluster-01", "cluster-02"]
    api.run("/update-content-library-image", dict(where, data={"name": "b.iso"}))
    assert len(api.post("/get-elf-images", {"where": {"name": "b.iso"}})) == 2
    api.run("/remove-content-library-image-clusters", both)
    assert len(api.post("/get-elf-images", {"where": {"name": "b.iso"}})) == 1
    api.run("/delete-content-library-image", where)
    assert api.post("/get-elf-images", {"where": {"name": "b.iso"}}) == []


def test_templates(api):
    vm = api.vm("build-agent")
    body = {"vm_id": vm["id"], "name": "t", "cloud_init_supported": False}
    api.refused("/clone-vm-template-from-vm", [dict(body, name="")])
    (template,) = api.run("/clone-vm-template-from-vm", [body])
    assert len(template["data"]["vm_disks"]) == len(vm["vm_disks"])
    new = {"name": "copy", "converted_from_template_id": template["data"]["id"]}
    (made,) = api.run("/convert-vm-template-to-vm", [new])
    copy = api.vm("copy")
    assert copy["id"] == made["data"]["id"] and copy["memory"] == vm["memory"]
    assert len(copy["vm_disks"]) == 1  # without the CD-ROM
    assert api.post("/get-vm-templates", {"where": {"name": "t"}}) == []
    running = dict(body, vm_id=api.vm("web-01")["id"])
    error = api.refused("/convert-vm-template-from-vm", [running])
    assert "PRECHECK_VMS_STATE_UNMATCH" in error["message"]
    body = {"vm": {"id": vm["id"]}, "name": "lib", "clusters": {"name": "cluster-02"}}
    (library,) = api.run("/convert-content-library-vm-template-from-vm", [body])
    assert api.post("/get-vms", {"where": {"name": "build-agent"}}) == []
    found = api.post("/get-vm-templates", {"where": {"name": "lib"}})
    assert len(found) == 2
    clusters = [api.one("/get-clusters", name=each)["id"] for each in ("cluster-01", "cluster-02")]
    vms = [
        {"name": "n%d" % n, "cluster_id": c, "is_full_copy": False} for n, c in enumerate(clusters)
    ]
    batch = {"template_id": library["data"]["id"], "vms": vms}
    answer = api.post("/create-vm-from-content-library-template-batch", batch)
    assert [each["name"] for each in answer["data"]] == ["n0", "n1"]
    api.settle()
    assert api.vm("n1")["cluster"]["id"] == clusters[1]
    api.run("/delete-content-library-vm-template", _by_id(library))
    assert api.post("/get-vm-templates", {"where": {"name": "lib"}}) == []


def test_views_graphs_and_filters(api):
    cluster = _cluster(api)
    body = {"name": "v", "cluster_id": cluster["id"], "time_unit": "HOUR", "time_span": 1}
    (view,) = api.run("/create-view", [body])
    vm = api.vm("web-01")["id"]
    graph = {"title": "g", "type": "AREA", "resource_type": "vm", "view_id": view["data"]["id"]}
    graph.update(cluster_id=cluster["id"], connect_id=[vm], metric_name="elf_vm_cpu_overall")
    (graph,) = api.run("/create-graph", [graph])
    assert [each["id"] for each in graph["data"]["vms"]] == [vm]
    assert len(api.one("/get-views", name="v")["graphs"]) == 1
    api.run("/delete-view", _by_id(view))
    assert api.post("/get-graphs") == []
    (found,) = api.post(
        "/create-entity-filter", [{"name": "f", "rules": [], "clusters": cluster_of(cluster)}]
    )
    assert len(found["data"]["ids"]) == 4
    results = {"where": {"NOT": [{"vm": None}], "entityFilter": _by_id(found)["where"]}}
    assert len(api.post("/get-vm-entity-filter-results", results)) == 4


def test_placement_groups_and_folders(api):
    body = {"name": "p", "cluster_id": _cluster(api)["id"], "enabled": True}
    api.refused("/create-vm-placement-group", [dict(body, vm_host_must_enabled=True)])
    body.update(vms={"name_starts_with": "web"}, must_hosts={"name_ends_with": "01"})
    body["must_hosts"]["cluster"] = {"name": "cluster-01"}
    (group,) = api.run("/create-vm-placement-group", [body])
    assert len(group["data"]["vms"]) == 2 and len(group["data"]["vm_host_must_host_uuids"]) == 1
    task = api.failed("/create-vm-placement-group", [body])
    assert "EC_PLACEMENT_GROUP_DUPLICATE_NAME" in task["error_message"]
    (folder,) = api.run("/create-vm-folder", [{"name": "x", "cluster_id": body["cluster_id"]}])
    data = {"folder_id": folder["data"]["id"]}
    api.run("/add-vm-to-folder", {"where": {"name": "web-01"}, "data": data})
    assert api.one("/get-vm-folders", name="x")["vm_num"] == 1
    api.run("/delete-vm-folder", _by_id(folder))
    assert api.vm("web-01")["folder"] is None


def test_alerts_end(api):
    (answer,) = api.post("/resolve-alert", {"where": {"severity": "CRITICAL"}})
    assert answer["data"]["ended"] and answer["task_id"] is None
    assert len(api.post("/get-alerts", {"where": {"ended": False}})) == 1


def test_foreign_tasks(api):
    user = api.one("/get-users", username="root")["id"]
    text = {"en-US": "Back up", "zh-CN": "备份"}
    body = {"description": text, "resource_mutation": "m", "resource_type": "Vm", "user_id": user}
    (task,) = api.post("/create-task", [body])
    assert task["task_id"] is None and task["data"]["status"] == "PENDING"
    data = {"status": "SUCCESSED", "progress": 1}
    (task,) = api.post("/update-task", dict(_by_id(task), data=data))
    assert task["data"]["finished_at"] and task["data"]["description"] == "Back up"
    chinese = {"headers": {"content-language": "zh-CN"}}
    assert api.post("/get-tasks", _by_id(task), **chinese)[0]["description"] == "备份"


def test_the_audit_log(api):
    api.run("/poweroff-vm", {"where": {"name": "web-01"}})
    api.post("/create-label", [{"key": "k"}])
    entries = api.post("/get-user-audit-logs", {"orderBy": "createdAt_ASC"})
    assert [each["action"] for each in entries] == ["forceShutDownVm", "createLabel"]
    first = entries[0]
    assert (first["status"], first["username"]) == ("SUCCESSED", "root")
    assert first["message"] == "Power off VM web-01" and first["cluster"]["name"] == "cluster-01"
    assert first["started_at"] < first["finished_at"]
    assert entries[1]["message"] == "Create label k" and entries[1]["status"] == "SUCCESSED"


def test_the_audit_log_says_what_was_done_to_what(api):
    """Also of what has no task; and once, though a GraphQL mutation has a task for it."""
    api.post("/update-label", {"where": {"key": "owner"}, "data": {"value": "v"}})
    organization = api.one("/get-organizations")["id"]
    api.post("/create-datacenter", [{"name": "dc", "organization_id": organization}])
    role = api.post("/get-user-role-nexts", {"where": {"preset": "ADMIN"}})[0]["id"]
    user = {"name": "A Name", "username": "somebody", "password": "12345678", "role_id": role}
    api.post("/create-user", [user])
    query = 'mutation { createLabel(data: {key: "made", value: "v"}) { id } }'
    assert "errors" not in api.post("/api", {"query": query})
    api.settle()
    assert api.post("/get-tasks", {"last": 1})[0]["description"] == "Create label made"
    entries = api.post("/get-user-audit-logs", {"orderBy": "createdAt_ASC"})
    texts = ["Update label owner", "Create datacenter dc", "Create user A Name"]
    assert [entry["message"] for entry in entries] == texts + ["Create label made"]
    where, chinese = {"where": {"action": "createLabel"}}, {"content-language": "zh-CN"}
    (entry,) = api.post("/get-user-audit-logs", where, headers=chinese)
    assert entry["message"] == "创建 made"
