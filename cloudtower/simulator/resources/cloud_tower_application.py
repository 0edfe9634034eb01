"""Packages of applications."""

import re

from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.shared.uploads import receive_chunk


@handles("/upload-cloudtower-application-package")
def upload_package(call):
    """Takes the next chunk of a package; with the last one the package can be deployed."""
    return receive_chunk(call, "CLOUDTOWER_APPLICATION_PACKAGE", make_package)


def make_package(call, fields, size):
    """Put an uploaded package among those that can be deployed."""
    name = fields["name"]
    version = re.search(r"\d+(\.\d+)+", name)
    values = {"name": name.partition("-")[0], "containers": [], "images": []}
    values.update(scosVersion="1.0.0", version=version.group() if version else "1.0.0")
    values["architecture"] = "AARCH64" if "aarch64" in name else "X86_64"
    package = call.world.add("CloudTowerApplicationPackage", **values)
    return {"attributes": {"id": package.id}}
