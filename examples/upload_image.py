"""Upload an ISO in chunks to one cluster, resume after a break, and find the image."""

import io

from common import connect, first_cluster

from cloudtower import ElfImageApi, UploadTaskApi
from cloudtower.image_utils import get_elf_image_by_upload_task

CHUNK = 8 * 1024 * 1024

client = connect()
image_api, upload_api = ElfImageApi(client), UploadTaskApi(client)
iso = io.BytesIO(b"not really an ISO " * 1000000)  # open("image.iso", "rb")
size = iso.seek(0, 2)

# The first chunk comes with all that is to know of the file ...
iso.seek(0)
(task,) = image_api.create_elf_image(
    file=iso.read(CHUNK),
    cluster_id=first_cluster(client).id,
    name="example.iso",
    size=str(size),
)

# ... those that follow with the id of the upload. Where it is, the server knows.
while task.status != "SUCCESSED":
    task = upload_api.get_upload_tasks({"where": {"id": task.id}})[0]
    iso.seek(task.current_chunk * task.chunk_size)
    chunk = iso.read(CHUNK)
    (task,) = image_api.create_elf_image(file=chunk, upload_task_id=task.id)
    print("%d of %d chunks" % (task.current_chunk, -(-task.size // task.chunk_size)))

image = get_elf_image_by_upload_task(client, {"where": {"id": task.id}})[task.id]
assert image is not None
print("It is image %s with %d bytes" % (image.name, image.size))
image_api.delete_elf_image({"where": {"id": image.id}})
client.close()
