"""Export files of VMs, volumes and templates."""


def write_files(step, sizes):
    """Write the export files of `step.source`, whose volumes have these sizes in bytes."""
    world, source = step.world, step.source
    kind, name = step.params.get("type") or "OVF", source["name"]
    files = [("%s-%d.vmdk" % (name, n), size, "VMDK") for n, size in enumerate(sizes, 1)]
    if kind == "OVF":
        files.insert(0, (name + ".ovf", 4096, "OVF"))
    step.seconds = 8
    cluster = source.get("cluster") or next(iter(source.get("clusters") or ()), "")
    port = world.ids.uuid()
    step.values.update(type=kind, data_port_id=port, storage_cluster_id=cluster)
    made = []
    for name, size, of_kind in files:
        file = {"fileName": name, "fileSize": size, "type": of_kind}
        file.update(fileSecret=world.ids.uuid(), fileUUID=world.ids.uuid())
        made.append(dict(file, md5=world.ids.uuid().replace("-", "")))
    step.later(lambda: world.update(step.record, files=made))
