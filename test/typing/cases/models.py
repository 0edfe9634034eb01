"""Models: attributes, whether they may be None, constructors; enums and their literals."""

from typing import Any, Dict, List, Mapping, Optional

from typing_extensions import Literal, assert_type

from cloudtower import (
    NULL,
    ByteUnit,
    Cluster,
    NestedCluster,
    NestedVmDisk,
    Vm,
    VmApi,
    VmNicParams,
    VmStatus,
    VmUpdateParamsData,
    VmWhereInput,
)
from cloudtower.types import VmStatusLiteral

vm = VmApi().get_vms({})[0]

# ---- attributes
assert_type(vm, Vm)
assert_type(vm.name, str)
assert_type(vm.memory, int)
assert_type(vm.ha, bool)
assert_type(vm.description, str)
assert_type(vm.cluster, Optional[NestedCluster])
assert_type(vm.vm_disks, Optional[List[NestedVmDisk]])
assert_type(vm.hostname, Optional[str])
assert_type(vm.additional_properties, Mapping[str, Any])
vm.nmae  # wrong: nmae
vm.name.uper()  # wrong: uper
vm.memory + "x"  # wrong
vm.cluster.name  # wrong: name
if vm.cluster:
    assert_type(vm.cluster.name, str)
for disk in vm.vm_disks:  # wrong
    pass
for disk in vm.vm_disks or []:
    assert_type(disk.id, str)
vm.name = "web"
vm.name = 1  # wrong
vm.hostname = None
vm.nmae = "web"  # wrong: nmae

# ---- methods
assert_type(vm.to_dict(), Dict[str, Any])
assert_type(vm.to_dict(serialize=True, exclude_none=True), Dict[str, Any])
assert_type(vm.to_str(), str)
vm.to_dict(serialise=True)  # wrong: serialise
vm.to_json()  # wrong: to_json
assert_type(Vm.openapi_types["name"], str)
assert_type(Vm.attribute_map, Dict[str, str])

# ---- constructors
Vm(name="web", memory=1, cluster=NestedCluster(id="x", name="y"))
Vm(nmae="web")  # wrong: nmae
Vm(memory="1")  # wrong: memory
Vm(name=None)  # wrong: name
Vm({"name": "web"})  # wrong
where = VmWhereInput(name="web", cluster={"id": "x"}, status_in=["RUNNING"], name_not_in=("a",))
VmWhereInput(_and=[where, {"name": "web"}], _not=[], _or=[where])
VmWhereInput(AND=[where])
VmWhereInput(status="RUNNIGN")  # wrong: RUNNIGN
VmWhereInput(name_in="web")  # wrong: name_in
VmNicParams(connect_vlan_id="x", local_id=1)  # wrong: local_id
where.name_contains = "web"
where.name_contians = "web"  # wrong: name_contians
VmWhereInput(name=NULL)
where.name = NULL
Cluster(name="x").name.lower()

# ---- enums
assert_type(VmStatus.RUNNING, Literal["RUNNING"])
VmStatus.RUNNIGN  # wrong: RUNNIGN
assert_type(VmStatus.allowable_values, List[str])
assert_type(vm.status, VmStatusLiteral)
if vm.status == VmStatus.RUNNING or vm.status == "STOPPED":
    pass
status: VmStatusLiteral = VmStatus.STOPPED
status = "STOPPED"
status = "STOPED"  # wrong: STOPED
status = ByteUnit.GB  # wrong


def memory(amount: int, unit: Literal["GB", "MB"]) -> VmUpdateParamsData:
    return VmUpdateParamsData(memory=amount, memory_unit=unit)


memory(4, ByteUnit.MB)
memory(4, "TB")  # wrong: TB
