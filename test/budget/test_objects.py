"""How many objects decoding makes: nothing is built that nobody reads."""

import gc

from cloudtower._runtime import codec

VMS = 100


def objects_made_by(make):
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        kept = make()
        made = len(gc.get_objects()) - before
    finally:
        gc.enable()
    del kept
    return made


def vms():
    cluster = {"id": "c", "name": "cluster-01"}
    nics = [{"id": "n-1"}, {"id": "n-2"}]
    return [dict(id=str(n), name="vm", cluster=dict(cluster), vm_nics=nics[:]) for n in range(VMS)]


def test_a_decoded_vm_is_one_object():
    values = vms()
    codec.decode(vms(), "list[Vm]")[0].id  # builds the class
    # one model for each, besides what measures
    assert objects_made_by(lambda: codec.decode(values, "list[Vm]")) <= VMS + 5


def test_reading_makes_only_the_model_that_is_read():
    codec.decode(vms(), "list[Vm]")[0].cluster
    decoded = codec.decode(vms(), "list[Vm]")

    def read():
        return [(vm.id, vm.name, vm.memory, vm.cluster)[3] for vm in decoded]

    assert VMS <= objects_made_by(read) <= VMS + 5
    assert objects_made_by(read) <= 5  # the second time there is nothing left to make
