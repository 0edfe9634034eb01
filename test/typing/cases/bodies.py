"""Bodies of requests: dicts, models, and either in the other."""

from typing import Any, Dict, List

from cloudtower import (
    ClusterApi,
    ClusterWhereInput,
    GetVmsRequestBody,
    LabelApi,
    TaskApi,
    VmApi,
    VmCreationParams,
    VmDeleteParams,
    VmNicParams,
    VmStartParams,
    VmStatus,
    VmUpdateParams,
    VmUpdateParamsData,
    VmVolumeApi,
    VmWhereInput,
)
from cloudtower.types import (
    GetVmsRequestBodyDict,
    VmCreationParamsDict,
    VmStartParamsDict,
    VmStatusLiteral,
    VmWhereInputDict,
)

vm_api = VmApi()

# ---- keys
vm_api.get_vms({})
vm_api.get_vms({"where": {"name_contains": "web"}, "first": 5, "skip": 0})
vm_api.get_vms({"wher": {}})  # wrong
vm_api.get_vms({"where": {"naem_contains": "web"}})  # wrong
vm_api.get_vms({"where": {"AND": [{"nmae": "web"}]}})  # wrong
vm_api.get_vms({"where": {"NOT": [{"OR": [{"nmae": "web"}]}]}})  # wrong
vm_api.get_vms({"where": {"_and": [{"name": "web"}]}})  # wrong
vm_api.get_vms({"order_by": "name_ASC"})  # wrong
vm_api.get_vms({"orderBy": "name_ASC"})
vm_api.get_vms({"orderBy": "name_asc"})  # wrong
TaskApi().get_tasks({"where": {"status_in": ["PENDING", "EXECUTING"]}})
TaskApi().get_tasks({"where": {"sttaus_in": ["PENDING"]}})  # wrong
VmVolumeApi().get_vm_volumes({"where": {"vm_disks_some": {"vm": {"id": "x"}}}})

# ---- types of values
vm_api.get_vms({"where": {"memory_gt": 4 * 1024**3, "ha": True, "name": None}})
vm_api.get_vms({"where": {"memory_gt": "4 GB"}})  # wrong
vm_api.get_vms({"where": {"ha": "yes"}})  # wrong
vm_api.get_vms({"where": {"name_in": "web"}})  # wrong
vm_api.get_vms({"where": {"name_in": ["web"]}})
vm_api.get_vms({"where": {"name_in": ("web", "db")}})
vm_api.get_vms({"where": {"name_in": {"web", "db"}}})
vm_api.get_vms({"where": {"name_in": [1]}})  # wrong
vm_api.get_vms({"where": {"status": "RUNNIGN"}})  # wrong
vm_api.get_vms({"where": {"status_in": ["RUNNING", "STOPED"]}})  # wrong
vm_api.get_vms({"where": {"status": VmStatus.RUNNING, "status_in": [VmStatus.STOPPED]}})
vm_api.get_vms({"where": ["x"]})  # wrong
vm_api.get_vms({"first": "5"})  # wrong
vm_api.get_vms({"first": None, "where": None})
vm_api.get_vms("x")  # wrong
vm_api.get_vms(None)  # wrong
vm_api.get_vms()  # wrong

# ---- required keys
vm_api.start_vm({"where": {"id": "x"}})
vm_api.start_vm({"where": {"id": "x"}, "data": {"host_id": "y"}})
vm_api.start_vm({})  # wrong
vm_api.start_vm({"data": {"host_id": "y"}})  # wrong
vm_api.update_vm({"where": {"id": "x"}, "data": {"description": ""}})
vm_api.update_vm({"where": {"id": "x"}})  # wrong
vm_api.update_vm({"where": {"id": "x"}, "data": {"descripton": ""}})  # wrong
vm_api.update_vm({"where": {"id": "x"}, "data": {"vcpu": 2.5}})  # wrong
vm_api.add_vm_disk(
    {
        "where": {"id": "x"},
        "data": {
            "vm_disks": {
                "mount_new_create_disks": [
                    {
                        "boot": 1,
                        "bus": "VIRTIO",
                        "vm_volume": {
                            "elf_storage_policy": "REPLICA_2_THIN_PROVISION",
                            "name": "data",
                            "size": 10,
                        },
                    },
                ]
            }
        },
    }
)
vm_api.remove_vm_disk({"where": {"id": "x"}, "data": {"disk_ids": ["y"]}})
vm_api.remove_vm_disk({"where": {"id": "x"}, "data": {}})  # wrong
vm_api.expand_vm_disk({"where": {"id": "x"}, "size": 10})
vm_api.expand_vm_disk({"where": {"id": "x"}, "size": "10"})  # wrong

# ---- lists of bodies, and one where a list is declared
creation: VmCreationParamsDict = {
    "name": "web",
    "cluster_id": "x",
    "cpu_cores": 1,
    "cpu_sockets": 2,
    "vcpu": 2,
    "memory": 4,
    "memory_unit": "GB",
    "ha": True,
    "firmware": "BIOS",
    "status": "RUNNING",
    "vm_nics": [{"connect_vlan_id": "y"}],
    "vm_disks": {"mount_cd_roms": [{"boot": 0, "index": 0}]},
}
vm_api.create_vm([creation])
vm_api.create_vm(creation)
vm_api.create_vm((creation, creation))
vm_api.create_vm([])
vm_api.create_vm([{"name": "web"}])  # wrong
vm_api.create_vm({"name": "web"})  # wrong
vm_api.create_vm([creation, "x"])  # wrong
vm_api.start_vm([{"where": {"id": "x"}}])  # wrong
creation["memory_unit"] = "GIB"  # wrong: GIB
creation["memroy"] = 4  # wrong: memroy
creation["vm_nics"] = [VmNicParams(connect_vlan_id="y"), {"connect_vlan_id": "y"}]
creation["vm_nics"] = [{"connect_vlan": "y"}]  # wrong

# ---- models, and each in the other
vm_api.get_vms(GetVmsRequestBody(where=VmWhereInput(name_contains="web"), first=5))
vm_api.get_vms(GetVmsRequestBody(where={"name_contains": "web"}))
vm_api.get_vms({"where": VmWhereInput(name="web", status_in=["RUNNING"])})
vm_api.get_vms({"where": {"AND": [VmWhereInput(name="web"), {"ha": True}]}})
vm_api.get_vms({"where": VmWhereInput(_and=[{"name": "web"}, VmWhereInput(ha=True)])})
vm_api.get_vms({"where": {"cluster": ClusterWhereInput(name="x")}})
vm_api.get_vms({"where": {"cluster": {"name": "x"}, "labels_some": {"key": "x"}}})
vm_api.get_vms({"where": {"cluster": "x"}})  # wrong
vm_api.get_vms({"where": {"cluster": None}})
vm_api.get_vms({"where": ClusterWhereInput(name="x")})  # wrong
vm_api.get_vms(VmWhereInput(name="web"))  # wrong
vm_api.get_vms(VmWhereInput)  # wrong
vm_api.get_vms({"where": VmWhereInput(nmae="web")})  # wrong: nmae
vm_api.get_vms({"where": VmWhereInput(name=1)})  # wrong: name
vm_api.get_vms(GetVmsRequestBody(where={"nmae": "web"}))  # wrong
vm_api.get_vms(GetVmsRequestBody(wher={}))  # wrong: wher
vm_api.update_vm(VmUpdateParams(where={"id": "x"}, data=VmUpdateParamsData(name="y")))
vm_api.update_vm({"where": {"id": "x"}, "data": VmUpdateParamsData(name="y")})
vm_api.delete_vm(VmDeleteParams(where={"idd": "x"}))  # wrong
vm_api.start_vm(VmStartParams(where={"id": "x"}))
vm_api.start_vm(VmDeleteParams(where={"id": "x"}))  # wrong
vm_api.create_vm([VmCreationParams(name="web"), creation])
vm_api.create_vm(VmCreationParams(name="web"))
VmWhereInput("web")  # wrong

# ---- in variables: with an annotation
body: GetVmsRequestBodyDict = {"where": {"name": "web"}}
vm_api.get_vms(body)
body["where"] = {"nmae": "web"}  # wrong
start: VmStartParamsDict = {"where": {"id": "x"}}
vm_api.start_vm(start)
bare = {"where": {"id": "x"}}
vm_api.start_vm(bare)  # wrong
free: Dict[str, Any] = {"where": {"id": "x"}}
vm_api.start_vm(free)  # wrong
conditions: List[VmWhereInputDict] = [{"name": each} for each in ("web", "db")]
vm_api.get_vms({"where": {"OR": conditions}})
vm_api.get_vms({"where": {"OR": [{"name": each} for each in ("web", "db")]}})


def running(names: List[str], status: VmStatusLiteral = "RUNNING") -> GetVmsRequestBodyDict:
    return {"where": {"name_in": names, "status": status}}


vm_api.get_vms(running(["web"]))
running(["web"], "RUNNIGN")  # wrong: RUNNIGN
ClusterApi().get_clusters(running(["web"]))  # wrong
LabelApi().create_label([{"key": "team", "value": "web"}])
LabelApi().create_label([{"value": "web"}])  # wrong
