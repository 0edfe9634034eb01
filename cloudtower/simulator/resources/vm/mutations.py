"""The GraphQL mutations of VMs: `createVm`, `updateVm` and `deleteVm`.

`updateVm` edits settings, NICs and disks of one VM in one task.
"""

from functools import partial

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import invalid, refused, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.registry import mutates
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import (
    cloud_init,
    create,
    disks,
    nics,
    placement,
    plan,
    recycle_bin,
    rules,
    update,
)
from cloudtower.simulator.schema import operations

_PLAIN = ("description", "firmware", "ha", "memory", "name", "status", "vcpu")
_SETTINGS = ("clock_offset", "cpu_model", "nested_virtualization", "win_opt")
_CREATE = ("Create a VM {name}", "创建虚拟机 {name}")


@mutates("createVm", "Vm", None, "/create-vm", data="VmCreateInput", effect="CreateVmEffect")
def create_vm(call, _):
    """Creates a VM: blank, or of the VM or the template that `effect` names. Returns its task.

    Of what the type requires, the cluster alone knows some: its address, its id, its state.
    """
    data, effect = call.body["data"], call.body["effect"]
    plan_of, texts, error_code, source = _way(call, effect)
    made = plan.planned(call, plan_of, dict(_params(data), **source))
    made.fields.update(known(data, _SETTINGS))
    parts = disks_of(call, made.cluster, (data.get("vm_disks") or {}).get("create", []))
    if parts:
        disks.require_limits(disk["bus"] for disk in parts)
        made.disks = parts
    elif not made.disks:
        raise invalid("data.vm_disks", "data.vm_disks must hold a disk or a CD-ROM")
    cards = (data.get("vm_nics") or {}).get("create", [])
    if cards:
        made.nics = cards_of(call, made.cluster, cards)
    (answer,) = plan.begin_all(call, [made], "createVm", texts, error_code)
    return call.world.get("Task", answer["task_id"])


def _params(data):
    """What the data says, as a REST body has it."""
    params = known(data, _PLAIN)
    require("name" in params, "GRAPHQL_VALIDATION_FAILED", "data.name is missing")
    params.update(_processor(data))
    for name in ("cluster", "host"):
        params.update(known({name + "_id": connected(data, name)}))
    return params


def _processor(data):
    """The cores and sockets that the data names, as a REST body has them."""
    cpu = data.get("cpu") or {}
    return known({"cpu_cores": cpu.get("cores"), "cpu_sockets": cpu.get("sockets")})


def _way(call, effect):
    """How the VM is made: (function that plans it, texts, code of a failure, what it is made of)."""
    if effect.get("clone_id"):
        call.tower.permissions.require(call.user, operations.by_path().get("/clone-vm"))
        source = {"src_vm_id": effect["clone_id"]}
        return create.plan_clone, create.CLONE, "CLONE_VM_FAILED", source
    template = effect.get("created_from_template_id")
    if template:
        of_cluster = call.world.find("VmTemplate", template) is not None
        way = create.plan_from_template if of_cluster else create.plan_from_library_template
        return way, create.FROM_TEMPLATE, cloud_init.TEMPLATE_FAILED, {"template_id": template}
    return _plan_blank, _CREATE, "CREATE_VM_FAILED", {}


def _plan_blank(call, params):
    """The Plan of a VM that has nothing yet."""
    for name in ("cpu_cores", "cpu_sockets", "memory"):
        require(name in params, "GRAPHQL_VALIDATION_FAILED", "data has no %s" % name)
    return plan.Plan(find(call.world, "Cluster", params.get("cluster_id")))


@mutates(
    "updateVm",
    "Vm",
    "VM_NOT_FOUND",
    "/update-vm-basic-info",
    data="VmUpdateInput",
    effect="UpdateVmEffect",
)
def update_vm(call, vm):
    """Edits a VM in place: what `data` leaves out stays. Returns the record of the task.

    NICs are deleted and created; disks are created, updated and deleted, and the list of updates
    holds each CD-ROM drive that stays. A volume that is created with the path of one that exists
    is that one, made as large as it says.
    """
    world, data = call.world, call.body["data"]
    rules.usable_vms(call, vms=[vm])
    changes = _settings(world, vm, data)
    cards = data.get("vm_nics") or {}
    doomed_cards = [_part(world, vm, "VmNic", card) for card in cards.get("delete", [])]
    made_cards = cards_of(call, world.one(vm, "cluster"), cards.get("create", []))
    steps = _disks(call, vm, data.get("vm_disks") or {})
    host = _host(world, vm, data.get("node_ip"))

    def finish():
        if "name" in changes:
            cluster = world.one(vm, "cluster")
            plan.require_free_name(world, cluster, changes["name"], "UPDATE_VM_FAILED", vm)
        if host is not None:
            needed = changes.get("memory", vm["memory"])
            memory = needed if vm["status"] == "RUNNING" else 0
            changes.update(placement.on(placement.choose(world, vm, memory=memory, host=host)))
        placement.require_room(world, vm, changes)
        world.update(vm, **changes)
        for card in doomed_cards:
            nics.remove(world, card)
        nics.add(world, vm, made_cards)
        for step in steps:
            step()
        volumes.measure(world, vm)

    what = " disk" if steps else ""
    texts = ("Edit VM %s%s" % (vm["name"], what), "编辑虚拟机 %s%s" % (vm["name"], what))
    return call.begin(Text(*texts), "updateVm", vm, finish=finish, status="UPDATING")


def connected(values, name):
    """The id that `{connect: {id}}` names; "" and null name nothing."""
    given = (values.get(name) or {}).get("connect") or {}
    return given.get("id") or None


def _settings(world, vm, data):
    """The fields of the VM that the data changes."""
    flat = known(data, ("name", "description", "ha", "memory", "vcpu"))
    flat.update(_processor(data))
    if "name" in flat:
        rules.require_name(flat["name"])
    changes = update.changes_of(vm, flat)
    guest = known(data, ("hostname", "dns_servers"))
    if guest:
        rules.require_tools([vm])
        cloud_init.require_hostname(guest.get("hostname"))
        servers = [server.strip() for server in guest.get("dns_servers", "").split(",")]
        cloud_init.require_servers("dns_servers", filter(None, servers))
    return dict(changes, **guest)


def cards_of(call, cluster, created):
    """The fields of NICs that a mutation creates on a cluster, as `nics.read` returns them."""
    made = []
    for values in created:
        names = ("enabled", "gateway", "ip_address", "mac_address", "mirror", "model")
        flat = known(values, names + ("subnet_mask",))
        if not flat.get("mac_address"):
            flat.pop("mac_address", None)  # one is made
        flat["connect_vlan_id"] = connected(values, "vlan")
        flat["nic_id"] = connected(values, "nic")
        made.append(nics.read(call, cluster, flat))
    return made


def _part(world, vm, kind, given):
    """The disk or card of a VM that `{id}` names."""
    record = world.find(kind, given.get("id"))
    mine = record is not None and record["vm"] == vm.id
    code = "VM_NIC_NOT_FOUND" if kind == "VmNic" else "VM_DISK_NOT_FOUND"
    require(mine, code, "VM %s has no %s with id %r" % (vm["name"], kind, given.get("id")))
    return record


def _disks(call, vm, params):
    """What is done to the disks at the end of the task, a list of callables."""
    world, tower, cluster = call.world, call.tower, call.world.one(vm, "cluster")
    doomed = [_part(world, vm, "VmDisk", disk) for disk in params.get("delete", [])]
    stays, steps = [], []
    for change in params.get("update", []):
        disk = _part(world, vm, "VmDisk", change.get("where") or {})
        data = change.get("data") or {}
        stays.append(disk)
        steps.append(partial(_change, tower, disk, _fields(call, cluster, data, disk)))
    if "update" in params:
        doomed += [
            disk for disk in world.many(vm, "vm_disks")
            if disk["type"] == "CD_ROM" and disk not in stays + doomed
        ]  # fmt: skip
    made = disks_of(call, cluster, params.get("create", []))
    disks.require_can_change(vm, made, "ATTACH")
    disks.require_can_change(vm, doomed, "DETACH")
    disks.require_some_left(world, vm, doomed, made)
    remaining = [disk for disk in world.many(vm, "vm_disks") if disk not in doomed]
    disks.require_limits(disk["bus"] for disk in remaining + made)
    for disk in doomed:
        steps.append(partial(disks.unmount, tower, disk))
    if made:
        steps.append(lambda: disks.require_still_free(made))
        steps.append(partial(disks.mount, tower, vm, made))
    return steps


def disks_of(call, cluster, created):
    """The fields of disks that a mutation creates: those of `disks.read`, and a volume's `size`."""
    made = []
    for values in created:
        fields = dict(_fields(call, cluster, values), type=values.get("type") or "DISK")
        made.append(dict({"boot": 0, "bus": "VIRTIO"}, **fields))
    return made


def _fields(call, cluster, data, disk=None):
    """The fields of a disk that its part of the body sets; `new` and `size` are of its volume."""
    fields = known(data, ("boot", "bus", "key", "disabled"))
    image = data.get("elf_image") or {}
    if connected(data, "elf_image"):
        fields["elf_image"] = find(call.world, "ElfImage", connected(data, "elf_image"), cluster)
    elif image.get("disconnect"):
        fields["elf_image"] = None
    volume_id, created = connected(data, "vm_volume"), (data.get("vm_volume") or {}).get("create")
    if volume_id:
        fields["vm_volume"] = find(call.world, "VmVolume", volume_id, cluster)
    elif created:
        path = created.get("path")
        same = call.world.first("VmVolume", path=path, cluster=cluster.id) if path else None
        require(same is not None or not path, "VM_VOLUME_NOT_FOUND", "no volume has path %r" % path)
        if same is None:
            whole = "name" in created and "size" in created
            require(whole, "GRAPHQL_VALIDATION_FAILED", "a new volume needs a name and a size")
            fields["new"] = volumes.new_volume(call.world, cluster, created)
        else:
            fields["vm_volume"], size = same, created.get("size") or same["size"]
            message = "volume %s can only grow" % same["name"]
            require(size >= same["size"], "VM_VOLUME_CANNOT_SHRINK", message)
            volumes.require_size(size)
            fields["size"] = size
    volume = fields.get("vm_volume")
    if volume is not None:
        disks.require_mountable(call, volume, own=disk)
    return fields


def _change(tower, disk, fields):
    """Change a disk, and the volume behind it."""
    world, fields = tower.world, dict(fields)
    new, size = fields.pop("new", None), fields.pop("size", None)
    if new is not None:
        cluster = world.one(world.one(disk, "vm"), "cluster")
        fields["vm_volume"] = volumes.add_volume(tower, cluster, **new)
    disks.update(world, disk, fields)
    if size is not None:
        volumes.resize(world, world.one(disk, "vm_volume"), size)


def _host(world, vm, node_ip):
    """The host that a migration goes to, by the address that VMs have as `node_ip`; or None."""
    if not node_ip or node_ip == vm["node_ip"]:
        return None
    for host in world.many(world.one(vm, "cluster"), "hosts"):
        if node_ip in (host["data_ip"], host["management_ip"]):
            return host
    raise refused("HOST_NOT_FOUND", "no host of the cluster has the address %s" % node_ip)


@mutates("deleteVm", "Vm", "VM_NOT_FOUND", "/delete-vm", effect="DeleteVmEffect")
def delete_vm(call, vm):
    """Deletes a VM for good. Returns the record of its task."""
    (answer,) = recycle_bin.delete(call, [vm], call.body["effect"].get("include_snapshots"))
    return call.world.get("Task", answer["task_id"])
