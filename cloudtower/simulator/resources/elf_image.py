"""Images of a cluster."""

from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.shared import content_library
from cloudtower.simulator.resources.shared.uploads import receive_chunk


@handles("/upload-elf-image")
def upload_elf_image(call):
    """Takes the next chunk of an ISO file; with the last one the image is on the cluster."""
    return receive_chunk(call, "ELF_IMAGE", make_elf_image)


def make_elf_image(call, fields, size, kind_name="ElfImage", **more):
    """Make an image of a cluster, or one of VMTools, of an uploaded file."""
    cluster = find(call.world, "Cluster", fields["cluster_id"])
    more.update(name=fields["name"], size=size)
    return {"attributes": {"uuid": content_library.add_image(call, cluster, kind_name, **more)}}
