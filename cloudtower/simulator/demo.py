"""`python -m cloudtower.simulator demo`: the main job of a script, step by step.

It starts a simulator and works on it as a script would on a real CloudTower.
"""

import os
import sys
import time
from contextlib import contextmanager

GIB = 2**30


class Story(object):
    """Prints numbered steps in columns: what is done, how long it took, what came of it.

    In colour only where the stream is a terminal. `place` is how far the story has come.
    """

    def __init__(self, stream):
        self._stream = stream
        self._colours = stream.isatty() and not os.environ.get("NO_COLOR")
        self._number = 0
        self.place = "the start"

    def say(self, text):
        """Print a line."""
        print(text, file=self._stream, flush=True)

    def chapter(self, title):
        """Print the title of what comes next."""
        self.say("\n" + self._paint(title, "1"))

    @contextmanager
    def step(self, title):
        """One step; the block adds the lines that tell what came of it to the list it gets."""
        self._number += 1
        self.place = 'the step "%s"' % title
        lines, started = [], time.perf_counter()
        yield lines
        took = self._paint("%4d ms" % (1000 * (time.perf_counter() - started)), "2")
        number = self._paint("%3d" % self._number, "32")
        self.say("%s  %-20s  %s  %s" % (number, title, took, ("\n" + " " * 36).join(lines)))

    def _paint(self, text, code):
        """A text in a colour, where the stream has colours."""
        return "\033[%sm%s\033[0m" % (code, text) if self._colours else text


def run(stream=None):
    """Perform the demo on a stream. Returns the exit status: 1 after a failure, which is told."""
    from cloudtower.simulator import Simulator

    story, started = Story(stream or sys.stdout), time.perf_counter()
    try:
        with Simulator() as simulator:
            _tell(story, simulator)
    except Exception as error:
        message = "\nThe demo failed at %s:\n%s: %s"
        print(message % (story.place, type(error).__name__, error), file=sys.stderr)
        return 1
    story.say("\nAll of it in %.1f s. Next:" % (time.perf_counter() - started))
    story.say("  python -m cloudtower.simulator                 serve one to your own scripts")
    story.say("  from cloudtower.simulator import Simulator     start one in your tests")
    return 0


def _tell(story, simulator):
    """The whole demo: look around, then the life of a VM."""
    from cloudtower import ClusterApi, UserApi, VlanApi, VmApi, __version__

    story.say("CloudTower SDK %s on a simulated CloudTower" % __version__)
    story.say("%s is on this machine; nothing real is touched." % simulator.endpoint)
    story.chapter("Look around")
    with story.step("Log in") as told:
        client = simulator.client()
        me = UserApi(client).get_my_info()
        told.append("as %s; the client sends the token from now on" % me.username)
    with story.step("Clusters") as told:
        clusters = ClusterApi(client).get_clusters({"orderBy": "name_ASC"})
        row = "{0.name}  {0.host_num} hosts  {0.total_cpu_cores} cores  "
        row += "{1} GiB memory  {0.vm_num} VMs"
        told += [row.format(cluster, cluster.total_memory_bytes // GIB) for cluster in clusters]
    cluster = clusters[0]
    with story.step("VM networks") as told:
        where = {"type": "VM", "vds": {"cluster": {"id": cluster.id}}}
        networks = VlanApi(client).get_vlans({"where": where})
        names = ", ".join(network.name for network in networks)
        told.append("%s (the filter follows relations)" % names)
    with story.step("Running VMs") as told:
        where = {"status": "RUNNING", "cluster": {"name": cluster.name}}
        for vm in VmApi(client).get_vms({"where": where, "orderBy": "name_ASC"}):
            row = (vm.name, vm.vcpu, vm.memory // GIB, vm.ips)
            told.append("%-10s  %d vCPU  %2d GiB  %s" % row)
    _life_of_a_vm(story, client, cluster, networks[0])


def _life_of_a_vm(story, client, cluster, network):
    """Create, run, snapshot, edit, recycle and delete a VM."""
    from cloudtower import VmApi, VmSnapshotApi
    from cloudtower.utils import wait_tasks

    api = VmApi(client)

    def finished(answers):
        wait_tasks([answer.task_id for answer in answers], client, interval=0.02)
        return answers[0].data.id

    story.chapter("The life of a VM")
    with story.step("Create it") as told:
        vm_id = finished(api.create_vm([_description(cluster, network)]))
        one = {"where": {"id": vm_id}}
        vm = api.get_vms(one)[0]
        told.append("%s is %s on host %s" % (vm.name, vm.status, vm.host.name))
        counts = (len(vm.vm_disks), len(vm.vm_nics), network.name)
        told.append("with %d disk and %d NIC in network %s" % counts)
    change = {"name": "demo-vm-edited", "memory": 4 * GIB, "description": "made by the demo"}
    snapshot = {"data": [{"vm_id": vm_id, "name": "before-the-change"}]}
    steps = (
        ("Start it", api.start_vm, one,
         "now {0.status}; each call returns a task to wait for"),
        ("Power it off", api.poweroff_vm, one, "now {0.status}"),
        ("Take a snapshot", VmSnapshotApi(client).create_vm_snapshot, snapshot,
         "its state is kept as {0.snapshots[0].name}"),
        ("Edit it", api.update_vm, dict(one, data=change), "now {0.name} with {1} GiB memory"),
        ("To the recycle bin", api.move_vm_to_recycle_bin, one, "kept as {0.name}"),
        ("And back", api.recover_vm_from_recycle_bin, one, "it is {0.name} again"),
    )  # fmt: skip
    for title, work, body, outcome in steps:
        with story.step(title) as told:
            finished(work(body))
            vm = api.get_vms(one)[0]
            told.append(outcome.format(vm, vm.memory // GIB))
    with story.step("Delete it for good") as told:
        finished(api.delete_vm(dict(one, effect={"include_snapshots": True})))
        told.append("with its snapshots")
    with story.step("Is it gone?") as told:
        others = {"where": {"cluster": {"id": cluster.id}}}
        count = api.get_vms_connection(others).aggregate.count
        if api.get_vms(one) or count != cluster.vm_num:
            raise RuntimeError("VM %s is there, or others are not" % vm_id)
        told.append("yes; %d VMs in %s, as before" % (count, cluster.name))


def _description(cluster, network):
    """The body that creates the demo's VM."""
    policy = "REPLICA_2_THIN_PROVISION"
    volume = {"name": "demo-vm-disk", "size": 10 * GIB, "elf_storage_policy": policy}
    disk = {"boot": 1, "bus": "VIRTIO", "vm_volume": volume}
    vm = {"cluster_id": cluster.id, "name": "demo-vm", "status": "STOPPED", "firmware": "BIOS"}
    vm.update(ha=True, cpu_cores=2, cpu_sockets=1, memory=2 * GIB)
    vm["vm_nics"] = [{"connect_vlan_id": network.id}]
    vm["vm_disks"] = {"mount_new_create_disks": [disk]}
    return vm
