import logging
from collections.abc import Mapping

from typing_extensions import TypeAlias

from cloudtower.api_client import ApiClient
from cloudtower.models.content_library_image import ContentLibraryImage
from cloudtower.models.elf_image import ElfImage
from cloudtower.models.upload_task import GetUploadTasksRequestBody
from cloudtower.utils.svt_image import get_svt_image_version as get_svt_image_version

logger: logging.Logger

_Tasks: TypeAlias = GetUploadTasksRequestBody | Mapping[str, object]

def get_content_library_image_by_upload_task(
    api_client: ApiClient, get_upload_tasks_request_body: _Tasks
) -> dict[str, ContentLibraryImage | None]: ...
def get_elf_image_by_upload_task(
    api_client: ApiClient, get_upload_tasks_request_body: _Tasks
) -> dict[str, ElfImage | None]: ...
