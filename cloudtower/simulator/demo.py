"""`python -m cloudtower.simulator demo`: the main job of a script, step by step.

It starts a simulator and works on it through the SDK alone, as a script would
on a real CloudTower.
"""

import os
import sys
import time
from contextlib import contextmanager

GIB = 2**30
_TITLE_WIDTH = 20


class Story(object):
    """Prints numbered steps in columns: what is done, what came of it, how long it took.

    Parameters:
        stream: a text stream; colour only where it is a terminal and NO_COLOR
            is not set.
    """

    def __init__(self, stream):
        self._stream = stream
        self._colours = stream.isatty() and not os.environ.get("NO_COLOR")
        self._number = 0
        self.title = None

    def say(self, text=""):
        self._stream.write(text + "\n")
        self._stream.flush()

    def chapter(self, text):
        self.say("\n" + self._paint(text, "1"))

    @contextmanager
    def step(self, title):
        """One step; the block adds the lines that tell what came of it to the list it gets."""
        self._number += 1
        self.title = title
        lines, started = [], time.perf_counter()
        yield lines
        took = "%4d ms" % round((time.perf_counter() - started) * 1000)
        number = self._paint("%3d" % self._number, "32")
        self.say(
            "%s  %s  %s  %s" % (number, title.ljust(_TITLE_WIDTH), self._paint(took, "2"), lines[0])
        )
        for line in lines[1:]:
            self.say(" " * (_TITLE_WIDTH + 16) + line)
        self.title = None

    def _paint(self, text, code):
        return "\033[%sm%s\033[0m" % (code, text) if self._colours else text


def run(stream=None):
    """Perform the demo.

    Parameters:
        stream: where to tell of it; by default the standard output.

    Returns the exit status: 0, or 1 after a failure that was told.
    """
    from cloudtower.simulator import Simulator

    story = Story(stream or sys.stdout)
    started = time.perf_counter()
    try:
        with Simulator() as simulator:
            _tell(story, simulator)
    except Exception as error:
        where = 'the step "%s"' % story.title if story.title else "the start"
        print(
            "\nThe demo failed at %s:\n%s: %s" % (where, type(error).__name__, error),
            file=sys.stderr,
        )
        return 1
    story.say("\nAll of it in %.1f s. Next:" % (time.perf_counter() - started))
    story.say("  python -m cloudtower.simulator                 serve one to your own scripts")
    story.say("  from cloudtower.simulator import Simulator     start one in your tests")
    return 0


def _tell(story, simulator):
    import cloudtower
    from cloudtower import ApiClient, ClusterApi, Configuration, UserApi, VlanApi, VmApi
    from cloudtower.utils import login

    story.say("CloudTower SDK %s on a simulated CloudTower" % cloudtower.__version__)
    story.say(simulator.endpoint + " is on this machine; nothing real is touched.")

    story.chapter("Look around")
    with story.step("Log in") as told:
        client = ApiClient(Configuration(host=simulator.endpoint))
        login(client, simulator.username, simulator.password)
        me = UserApi(client).get_my_info()
        told.append("as %s; the client sends the token from now on" % me.username)
    try:
        with story.step("Clusters") as told:
            clusters = ClusterApi(client).get_clusters({"orderBy": "name_ASC"})
            for each in clusters:
                told.append(
                    "%s  %d hosts  %3d cores  %4d GiB memory  %d VMs"
                    % (
                        each.name,
                        each.host_num,
                        each.total_cpu_cores,
                        each.total_memory_bytes // GIB,
                        each.vm_num,
                    )
                )
        cluster = clusters[0]
        with story.step("VM networks") as told:
            where = {"type": "VM", "vds": {"cluster": {"id": cluster.id}}}
            networks = VlanApi(client).get_vlans({"where": where})
            told.append(
                "%s (the filter follows relations)" % ", ".join(each.name for each in networks)
            )
        with story.step("Running VMs") as told:
            where = {"status": "RUNNING", "cluster": {"name": cluster.name}}
            for vm in VmApi(client).get_vms({"where": where, "orderBy": "name_ASC"}):
                told.append(
                    "%-10s  %d vCPU  %2d GiB  %s" % (vm.name, vm.vcpu, vm.memory // GIB, vm.ips)
                )
        _life_of_a_vm(story, client, cluster, networks[0])
    finally:
        client.close()


def _life_of_a_vm(story, client, cluster, network):
    from cloudtower import VmApi, VmSnapshotApi
    from cloudtower.utils import wait_tasks

    vm_api, snapshot_api = VmApi(client), VmSnapshotApi(client)

    def finished(answers):
        wait_tasks([each.task_id for each in answers], client, interval=0.02)
        return answers[0].data.id

    def look(vm_id):
        return vm_api.get_vms({"where": {"id": vm_id}})[0]

    story.chapter("The life of a VM")
    with story.step("Create it") as told:
        vm_id = finished(vm_api.create_vm([_description(cluster, network)]))
        vm = look(vm_id)
        told.append("%s is %s on host %s" % (vm.name, vm.status, vm.host.name))
        told.append(
            "with %d disk and %d NIC in network %s"
            % (len(vm.vm_disks), len(vm.vm_nics), network.name)
        )
    one = {"where": {"id": vm_id}}
    with story.step("Start it") as told:
        finished(vm_api.start_vm(one))
        told.append("now %s; each call answers with a task to wait for" % look(vm_id).status)
    with story.step("Power it off") as told:
        finished(vm_api.poweroff_vm(one))
        told.append("now %s" % look(vm_id).status)
    with story.step("Edit it") as told:
        change = {"name": "demo-vm-edited", "memory": 4 * GIB, "description": "made by the demo"}
        finished(vm_api.update_vm(dict(one, data=change)))
        vm = look(vm_id)
        told.append("now %s with %d GiB memory" % (vm.name, vm.memory // GIB))
    with story.step("Take a snapshot") as told:
        snapshot = {"data": [{"vm_id": vm_id, "name": "before-the-change"}]}
        snapshot_id = finished(snapshot_api.create_vm_snapshot(snapshot))
        found = snapshot_api.get_vm_snapshots({"where": {"id": snapshot_id}})[0]
        told.append("%s keeps %d disk" % (found.name, len(found.vm_disks)))
    with story.step("To the recycle bin") as told:
        finished(vm_api.move_vm_to_recycle_bin(one))
        vm = look(vm_id)
        told.append("kept as %s" % vm.name)
    with story.step("And back") as told:
        finished(vm_api.recover_vm_from_recycle_bin(one))
        told.append("it is %s again" % look(vm_id).name)
    with story.step("Delete it for good") as told:
        finished(vm_api.delete_vm(dict(one, effect={"include_snapshots": True})))
        told.append("with its snapshots")
    with story.step("Is it gone?") as told:
        if vm_api.get_vms(one):
            raise RuntimeError("VM %s is still listed" % vm_id)
        count = vm_api.get_vms_connection(
            {"where": {"cluster": {"id": cluster.id}}}
        ).aggregate.count
        told.append("yes; %d VMs in %s, as before" % (count, cluster.name))
        if count != cluster.vm_num:
            raise RuntimeError("%d VMs were there before" % cluster.vm_num)


def _description(cluster, network):
    from cloudtower import Bus, VmFirmware, VmStatus, VmVolumeElfStoragePolicyType

    volume = {
        "name": "demo-vm-disk",
        "size": 10 * GIB,
        "elf_storage_policy": VmVolumeElfStoragePolicyType._2_THIN_PROVISION,
    }
    return {
        "cluster_id": cluster.id,
        "name": "demo-vm",
        "ha": True,
        "cpu_cores": 2,
        "cpu_sockets": 1,
        "memory": 2 * GIB,
        "status": VmStatus.STOPPED,
        "firmware": VmFirmware.BIOS,
        "vm_nics": [{"connect_vlan_id": network.id}],
        "vm_disks": {
            "mount_new_create_disks": [{"boot": 1, "bus": Bus.VIRTIO, "vm_volume": volume}]
        },
    }
