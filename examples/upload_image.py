"""Upload an ISO to one cluster, in chunks, and say how far it is."""

import io

from common import connect, first_cluster

from cloudtower import ElfImageApi
from cloudtower.utils import call_and_wait, upload


def show(sent: int, total: int) -> None:
    print("%d of %d bytes" % (sent, total))


client = connect()
image_api = ElfImageApi(client)
iso = io.BytesIO(b"not really an ISO " * 1000000)  # or a path, "image.iso", which has a name
image = upload(
    image_api.create_elf_image,
    iso,
    on_progress=show,
    cluster_id=first_cluster(client).id,
    name="example.iso",
)
print("It is image %s with %d bytes" % (image.name, image.size))
call_and_wait(image_api.delete_elf_image, {"where": {"id": image.id}})
client.close()
