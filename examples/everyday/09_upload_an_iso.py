"""Upload an ISO: FILE CLUSTER, or FILE CLUSTER RESUME to go on with an upload that broke off."""

import sys

from cloudtower import ApiClient, ApiException, ClusterApi, Configuration, ElfImageApi
from cloudtower.utils import find, upload


def show(sent: int, total: int) -> None:
    print("\r%3d %%" % (100 * sent / total), end="", file=sys.stderr, flush=True)


if len(sys.argv) not in (3, 4):
    raise SystemExit("usage: %s FILE CLUSTER [RESUME]" % sys.argv[0])
path, name = sys.argv[1:3]
resume = sys.argv[3] if len(sys.argv) > 3 else None
client = ApiClient(Configuration.from_env())
cluster = find(ClusterApi(client).get_clusters, name)
create = ElfImageApi(client).create_elf_image
try:
    image = upload(create, path, show, resume=resume, cluster_id=cluster.id)
except ApiException as error:
    raise SystemExit(str(error)) from None  # which says how to go on
print("%s has %d bytes, at %s" % (image.name, image.size, image.path))
client.close()
