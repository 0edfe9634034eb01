"""The body of `create_vm`: made of models and encoded, and from a dict."""

import json
import sys
import time
from statistics import median

BODIES = 500


def rows(bench):
    results = bench.turns(__file__, rounds=max(3, bench.rounds // 2))
    share = bench.times(results, "models")
    yield bench.row("a create_vm body of models: time", "1/%.0f" % share, "1", "1/10", share >= 10)
    ours, theirs = bench.medians(results, "dicts")
    yield bench.row(
        "a create_vm body of dicts: time over json.dumps",
        "%.2f" % ours,
        "%.1f" % theirs,
        "2.0",
        ours <= 2,
    )


class Sent(Exception):
    """Thrown where the request would go out."""


def inside():
    from cloudtower import ApiClient, VmApi

    client = ApiClient()
    # Everything up to the wire counts, and nothing behind it.
    client.rest_client.pool_manager = Wire()
    api = VmApi(client)

    def models():
        _until_sent(api, body_of_models())

    def dicts():
        _until_sent(api, PLAIN)

    def floor():
        json.dumps(PLAIN)

    empty = []

    def nothing():
        _until_sent(api, empty)

    for call in (models, dicts, floor, nothing):
        call()
    # What the same call costs with an empty body is not the body's.
    ratios = [(_seconds(dicts) - _seconds(nothing)) / _seconds(floor) for _ in range(7)]
    return {"models": median(_seconds(models) for _ in range(5)), "dicts": median(ratios)}


class Wire(object):
    def request(self, *arguments, **options):
        raise Sent()

    urlopen = request

    def clear(self):
        pass


def _until_sent(api, content):
    try:
        api.create_vm(content)
    except Sent:
        pass


def body():
    return [
        {
            "cluster_id": "cl2k0mpoy026d0822",
            "name": "web-%d" % number,
            "ha": True,
            "cpu_cores": 4,
            "cpu_sockets": 4,
            "memory": 4 * 1024**3,
            "vcpu": 16,
            "status": "STOPPED",
            "firmware": "BIOS",
            "vm_nics": [{"connect_vlan_id": "vlan-%d" % nic} for nic in range(2)],
            "vm_disks": {
                "mount_new_create_disks": [
                    {
                        "boot": disk,
                        "bus": "VIRTIO",
                        "vm_volume": {
                            "elf_storage_policy": "REPLICA_2_THIN_PROVISION",
                            "size": 10 * 1024**3,
                            "name": "disk-%d" % disk,
                        },
                    }
                    for disk in range(3)
                ]
            },
        }
        for number in range(5)
    ]


def body_of_models():
    import cloudtower

    made = []
    for each in PLAIN:
        disks = [
            cloudtower.MountNewCreateDisksParams(
                boot=disk["boot"],
                bus=disk["bus"],
                vm_volume=cloudtower.MountNewCreateDisksParamsVmVolume(**disk["vm_volume"]),
            )
            for disk in each["vm_disks"]["mount_new_create_disks"]
        ]
        parts = {
            "vm_disks": cloudtower.VmDiskParams(mount_new_create_disks=disks),
            "vm_nics": [cloudtower.VmNicParams(**nic) for nic in each["vm_nics"]],
        }
        made.append(cloudtower.VmCreationParams(**dict(each, **parts)))
    return made


PLAIN = body()


def _seconds(call):
    start = time.perf_counter()
    for _ in range(BODIES // 10):
        call()
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(inside(*sys.argv[1:])))
