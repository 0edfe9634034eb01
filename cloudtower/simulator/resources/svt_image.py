"""Images of VMTools."""

import re

from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.elf_image import make_elf_image
from cloudtower.simulator.resources.shared.uploads import receive_chunk


@handles("/upload-svt-image")
def upload_svt_image(call):
    """Takes the next chunk of a VMTools image; with the last one it is on the cluster."""
    return receive_chunk(call, "SVT_IMAGE", make_svt_image)


def make_svt_image(call, fields, size):
    """Make an image of VMTools of an uploaded file, with the version that the form says."""
    digits = re.findall(r"\d+", fields.get("version") or "")[:3]
    version = int("".join("%02d" % int(number) for number in digits) or 0)
    return make_elf_image(call, fields, size, "SvtImage", version=version)
