"""What a finished upload task has created."""

from cloudtower.utils import listing


def content_library_image(args):
    """The filter of the image that an upload to the content library has created, dict, or None.

    Parameters:
        args: those of the upload task, dict.
    """
    images = _ids(args, "uploadElfImageLocalIds")
    if images:
        return {"elf_images_some": _one_of("local_id", images)}
    volumes = _ids(args, "uploadIscsiLunZbsVolumeIds")
    if volumes:
        return {"iscsi_luns_some": _one_of("zbs_volume_id", volumes)}
    return None


def cluster_image(args):
    """Likewise of an image of one cluster: for VMs, or with the VMTools."""
    uuid = _attribute(args, "uuid")
    return {"local_id": uuid} if uuid else None


def _package(args):
    id = _attribute(args, "id")
    return {"id": id} if id else None


# resource type -> (model, function of the task's `args` that returns the filter of the object)
_CREATED = {
    "CLOUDTOWER_APPLICATION_PACKAGE": ("CloudTowerApplicationPackage", _package),
    "CONTENT_LIBRARY_IMAGE": ("ContentLibraryImage", content_library_image),
    "ELF_IMAGE": ("ElfImage", cluster_image),
    "SVT_IMAGE": ("SvtImage", cluster_image),
}


def result(task, client):
    """The object that an UploadTask has created, as it is now; None where it is not there yet.

    The task itself where it does not say what that is, or has created nothing else.
    """
    model, make_filter = _CREATED.get(task.resource_type, (None, None))
    where = make_filter(task.args if isinstance(task.args, dict) else {}) if model else None
    if where is None:
        return task
    found = listing.of_model(model, client).find(where)
    return found[0] if found else None


def _attribute(args, name):
    attributes = args.get("attributes")
    return attributes.get(name) if isinstance(attributes, dict) else None


def _ids(args, name):
    """The ids under that name, one a cluster, each of which leads to the same image."""
    ids = args.get(name)
    return [id for id in ids if id] if isinstance(ids, list) else []


def _one_of(field, values):
    return {field: values[0]} if len(values) == 1 else {field + "_in": values}
