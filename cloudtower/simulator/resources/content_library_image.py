"""Images of the content library, which spans clusters."""

import json

from cloudtower.simulator.engine.where import select
from cloudtower.simulator.errors import refused, require
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.shared import content_library
from cloudtower.simulator.resources.shared.uploads import receive_chunk
from cloudtower.simulator.schema.bodies import checked


@refines("/import-content-library-image")
def import_image(step):
    """Downloads an ISO file from a URL and distributes it to clusters."""
    world, given = step.world, step.params
    require("://" in given["url"], "INVALID_URL", "url must be a URL: %r" % given["url"])
    clusters = select(world, "Cluster", given["cluster"], ("data", "cluster"))
    require(clusters, "CLUSTER_NOT_FOUND", "no cluster matches")
    size, now = 2**30, step.now
    step.values.update(args={"name": given["name"], "url": given["url"]}, size=size, updatedAt=now)
    step.values.update(chunk_size=8 * 2**20, current_chunk=128, started_at=now, finished_at=now)
    step.values.update(resource_type="CONTENT_LIBRARY_IMAGE", status="SUCCESSED")

    @step.later
    def store():
        made = content_library.store_image(step.call, given, size, clusters)
        world.update(step.record, args=dict(step.record["args"], **made))


@handles("/upload-content-library-image")
def upload_image(call):
    """Takes the next chunk of an ISO file; with the last one the image is on its clusters."""
    return receive_chunk(call, "CONTENT_LIBRARY_IMAGE", make_library_image, _read_clusters)


def _read_clusters(call, fields):
    """Note the clusters of an upload with its task, for its last chunk."""
    fields["cluster_ids"] = _clusters(call, fields.get("clusters"))


def _clusters(call, text):
    """The ids of the clusters that a form names by a filter as JSON text."""
    try:
        wanted = json.loads(text or "")
    except ValueError:
        raise refused("INVALID_JSON", "clusters must be a filter as JSON text: %r" % text)
    wanted, _ = checked(wanted, "ClusterWhereInput")
    found = select(call.world, "Cluster", wanted, ("clusters",))
    require(found, "CLUSTER_NOT_FOUND", "no cluster matches %s" % text)
    return [cluster.id for cluster in found]


def make_library_image(call, fields, size):
    """Make an image of the library of an uploaded file."""
    clusters = [call.world.get("Cluster", cluster_id) for cluster_id in fields["cluster_ids"]]
    return content_library.store_image(call, fields, size, list(filter(None, clusters)))


@refines("/distribute-content-library-image-clusters")
def distribute_image(step):
    """Copies an image of the library to more clusters."""
    content_library.distribute(step)


@refines("/remove-content-library-image-clusters")
def withdraw_image(step):
    """Deletes the copies that clusters have of an image, while one cluster keeps it."""
    content_library.withdraw(step)


@refines("/update-content-library-image")
def update_image(step):
    """Renames an image of the library and its copies, and distributes it as the body says."""
    content_library.change_library(step)


@refines("/delete-content-library-image")
def delete_image(step):
    """Deletes an image of the library with all its copies, unless one is mounted."""
    content_library.delete_library(step)
