"""Files and changes that are moved: what the verbs take, and what they return."""

import io
from pathlib import Path
from typing import List

from typing_extensions import assert_type

from cloudtower import (
    ApiClient,
    ChangesLost,
    ElfImage,
    ElfImageApi,
    OvfApi,
    ParsedOVF,
    TableReporterApi,
    UploadTask,
    VmApi,
)
from cloudtower.utils import download, upload, watch

client = ApiClient()
ovf, images = OvfApi(client), ElfImageApi(client)

image: ElfImage = upload(images.create_elf_image, "a.iso", print, cluster_id="c")
upload(images.create_elf_image, Path("a.iso"), resume="t", timeout=None)
upload(images.create_elf_image, io.BytesIO(b"a"), name="a")
with open("a.iso", "rb") as file:
    assert_type(upload(ovf.upload_elf_file, file, cluster_id="c"), UploadTask)
assert_type(upload(ovf.parse_ovf, "a.ovf", cluster_id="c"), ParsedOVF)
upload(VmApi(client).start_vm, "a.iso")  # wrong
upload(images.create_elf_image, 3)  # wrong
upload(images.create_elf_image, io.StringIO("a"))  # wrong

with watch(client, ["Vm"], timeout=30, auth=("name", "key")) as changes:
    for change in changes:
        assert_type(change.changed, List[str])
        print(change.revision, change.new or {}, change.time and change.time.year)
        change.before  # wrong


def list_afresh(error: ChangesLost) -> None:
    watch(client, since=error.current)


watch(client, since=7, on_compacted=list_afresh)
watch(client, auth="name:key")  # wrong

links = ovf.get_export_file_download_links
assert_type(download(links, {"where": {"id": "a"}}, Path("backup")), List[str])
assert_type(download(TableReporterApi(client).export_csv, {}, "a.csv", timeout=60), str)
download(VmApi(client).export_vm, {}, "backup")  # wrong
download(links, {})  # wrong
