"""What the examples share: a client, a VM to work on, waiting for tasks."""

from contextlib import contextmanager
from typing import Any, Generator, Iterable, List, cast

from cloudtower import (
    ApiClient,
    Bus,
    Cluster,
    ClusterApi,
    Configuration,
    Vlan,
    VlanApi,
    Vm,
    VmApi,
    VmFirmware,
    VmStatus,
    VmVolumeElfStoragePolicyType,
)
from cloudtower.types import (
    MountNewCreateDisksParamsDict,
    VlanWhereInputDict,
    VmCreationParamsDict,
    VmWhereInputDict,
)
from cloudtower.utils import login, wait_tasks

GIB = 1024**3


def connect() -> ApiClient:
    """A client as CLOUDTOWER_ENDPOINT and the other variables say."""
    client = ApiClient(Configuration.from_env())
    if not client.configuration.api_key.get("Authorization"):  # no CLOUDTOWER_TOKEN
        login(client)
    return client


def done(client: ApiClient, results: Iterable[Any]) -> List[str]:
    """Wait until what was begun has ended. Returns the ids of the objects."""
    wait_tasks([each.task_id for each in results], client)
    return [each.data.id for each in results]


def first_cluster(client: ApiClient) -> Cluster:
    """The first cluster by name."""
    clusters = ClusterApi(client).get_clusters({"orderBy": "name_ASC", "first": 1})
    if not clusters:
        raise SystemExit("There is no cluster.")
    return clusters[0]


def networks(client: ApiClient, cluster: Cluster) -> List[Vlan]:
    """The VM networks of a cluster, by name."""
    where: VlanWhereInputDict = {"type": "VM", "vds": {"cluster": {"id": cluster.id}}}
    return VlanApi(client).get_vlans({"where": where, "orderBy": "name_ASC"})


def new_disk(name: str, size: int = 10 * GIB) -> MountNewCreateDisksParamsDict:
    """A disk with a new volume, as the body of a request has it."""
    return {
        "boot": 1,
        "bus": Bus.VIRTIO,
        "vm_volume": {
            "name": name,
            "size": size,
            "elf_storage_policy": VmVolumeElfStoragePolicyType._2_THIN_PROVISION,
        },
    }


def blank_vm(client: ApiClient, name: str, **changes: Any) -> VmCreationParamsDict:
    """The description of a small VM with one network card and one empty CD-ROM."""
    cluster = first_cluster(client)
    body: VmCreationParamsDict = {
        "cluster_id": cluster.id,
        "name": name,
        "ha": True,
        "cpu_cores": 1,
        "cpu_sockets": 2,
        "vcpu": 2,
        "memory": 2 * GIB,
        "status": VmStatus.STOPPED,
        "firmware": VmFirmware.BIOS,
        "vm_nics": [{"connect_vlan_id": networks(client, cluster)[0].id}],
        "vm_disks": {"mount_cd_roms": [{"boot": 0, "index": 0}]},
    }
    return cast(VmCreationParamsDict, dict(body, **changes))


def look(client: ApiClient, vm_id: str) -> Vm:
    """A VM as it is now."""
    return VmApi(client).get_vms({"where": {"id": vm_id}})[0]


@contextmanager
def temporary_vms(
    client: ApiClient, *names: str, **changes: Any
) -> Generator[List[str], None, None]:
    """VMs that are there for the length of a block. Gives their ids."""
    vm_api = VmApi(client)
    ids = done(client, vm_api.create_vm([blank_vm(client, name, **changes) for name in names]))
    try:
        yield ids
    finally:
        running: VmWhereInputDict = {"id_in": ids, "status": VmStatus.RUNNING}
        done(client, vm_api.poweroff_vm({"where": running}))
        done(client, vm_api.delete_vm({"where": {"id_in": ids}}))
