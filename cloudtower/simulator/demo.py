"""`python -m cloudtower.simulator demo`: the main job of a script, step by step.

It starts a simulator and works on it as a script would on a real CloudTower. The texts are
English; where `help` is in Chinese, so are they, as `demo.zh.json` has them.
"""

import json
import os
import pkgutil
import sys
import time
from contextlib import contextmanager
from unicodedata import east_asian_width

from cloudtower._runtime import meanings

GIB = 2**30


class Story(object):
    """Prints numbered steps in columns: what is done, how long it took, what came of it.

    In colour only where the stream is a terminal. `place` is how far the story has come.
    """

    def __init__(self, stream):
        chinese = meanings.language() == "zh"
        self._texts = json.loads(pkgutil.get_data(__name__, "demo.zh.json")) if chinese else {}
        self._stream = stream
        self._colours = stream.isatty() and not os.environ.get("NO_COLOR")
        self._number = 0
        self.place = self.text("the start")

    def text(self, text, *values):
        """A text in the reader's language, with its placeholders filled in."""
        return self._texts.get(text, text).format(*values)

    def say(self, text, *values):
        """Print a line, a `text`."""
        print(self.text(text, *values), file=self._stream, flush=True)

    def chapter(self, title):
        """Print the title of what comes next."""
        self.say("\n{}", self._paint(self.text(title), "1"))

    @contextmanager
    def step(self, title):
        """One step; the block calls what it gets with the `text` of each line of its outcome."""
        self._number += 1
        self.place = title = self.text(title)
        lines, started = [], time.perf_counter()
        yield lambda *text: lines.append(self.text(*text))
        took = self._paint("%4d ms" % (1000 * (time.perf_counter() - started)), "2")
        number = self._paint("%3d" % self._number, "32")
        title += " " * (20 - sum(1 + (east_asian_width(letter) == "W") for letter in title))
        self.say("{}  {}  {}  {}", number, title, took, ("\n" + " " * 36).join(lines))

    def _paint(self, text, code):
        """A text in a colour, where the stream has colours."""
        return "\033[%sm%s\033[0m" % (code, text) if self._colours else text


def run(stream=None):
    """Perform the demo on a stream. Returns the exit status: 1 after a failure, which it prints."""
    from cloudtower.simulator import Simulator

    story, started = Story(stream or sys.stdout), time.perf_counter()
    try:
        with Simulator() as simulator:
            _tell(story, simulator)
    except Exception as error:
        text = '\nThe demo failed at "{}":\n{}: {}'
        print(story.text(text, story.place, type(error).__name__, error), file=sys.stderr)
        return 1
    story.say("\nAll of it in {:.1f} s. Next:", time.perf_counter() - started)
    story.say("  python -m cloudtower.simulator                 serve one to your own scripts")
    story.say("  from cloudtower.simulator import Simulator     start one in your tests")
    return 0


def _tell(story, simulator):
    """The whole demo: look around, then the life of a VM."""
    from cloudtower import ClusterApi, UserApi, VlanApi, VmApi, __version__

    story.say("CloudTower SDK {} on a simulated CloudTower", __version__)
    story.say("{} is on this machine; nothing real is touched.", simulator.endpoint)
    story.chapter("Look around")
    with story.step("Log in") as tell:
        client = simulator.client()
        me = UserApi(client).get_my_info()
        tell("as {}; the client sends the token from now on", me.username)
    with story.step("Clusters") as tell:
        clusters = ClusterApi(client).get_clusters({"orderBy": "name_ASC"})
        row = "{0.name}  {0.host_num} hosts  {0.total_cpu_cores} cores  {1} GiB RAM  {0.vm_num} VMs"
        for cluster in clusters:
            tell(row, cluster, cluster.total_memory_bytes // GIB)
    cluster = clusters[0]
    with story.step("VM networks") as tell:
        where = {"type": "VM", "vds": {"cluster": {"id": cluster.id}}}
        networks = VlanApi(client).get_vlans({"where": where})
        names = ", ".join(network.name for network in networks)
        tell("{} (the filter follows relations)", names)
    with story.step("Running VMs") as tell:
        where = {"status": "RUNNING", "cluster": {"name": cluster.name}}
        for vm in VmApi(client).get_vms({"where": where, "orderBy": "name_ASC"}):
            tell("{0.name:10}  {0.vcpu} vCPU  {1:2} GiB  {0.ips}", vm, vm.memory // GIB)
    _life_of_a_vm(story, client, cluster, networks[0])


def _life_of_a_vm(story, client, cluster, network):
    """Create, run, snapshot, edit, recycle and delete a VM."""
    from cloudtower import VmApi, VmSnapshotApi
    from cloudtower.utils import call_and_wait, count

    api = VmApi(client)
    story.chapter("The life of a VM")
    with story.step("Create it") as tell:
        (vm,) = call_and_wait(api.create_vm, [_description(cluster, network)])
        tell("{0.name} is {0.status} on host {0.host.name}", vm)
        tell("with {} disk, {} NIC in network {}", len(vm.vm_disks), len(vm.vm_nics), network.name)
    change = {"name": "demo-vm-edited", "vcpu": 4, "cpu_cores": 4, "cpu_sockets": 1}
    snapshot = {"data": [{"vm_id": vm.id, "name": "before-the-change"}]}
    one = {"where": {"id": vm.id}}
    steps = (
        ("Start it", api.start_vm, one, "now {0.status}: its task has ended"),
        ("Power it off", api.poweroff_vm, one, "now {0.status}"),
        ("Take a snapshot", VmSnapshotApi(client).create_vm_snapshot, snapshot, "kept as {0.name}"),
        ("Edit it", api.update_vm, dict(one, data=change), "now {0.name} with {0.vcpu} vCPU"),
        ("To the recycle bin", api.move_vm_to_recycle_bin, one, "kept as {0.name}"),
        ("And back", api.recover_vm_from_recycle_bin, one, "it is {0.name} again"),
    )
    for title, work, body, outcome in steps:
        with story.step(title) as tell:
            tell(outcome, *call_and_wait(work, body))
    with story.step("Delete it for good") as tell:
        call_and_wait(api.delete_vm, dict(one, effect={"include_snapshots": True}))
        tell("with its snapshots")
    with story.step("Is it gone?") as tell:
        left = count(api.get_vms, where={"cluster": {"id": cluster.id}})
        if api.get_vms(one) or left != cluster.vm_num:
            raise RuntimeError("VM %s is still there, or others are not" % vm.id)
        tell("yes; {} VMs in {}, as before", left, cluster.name)


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
