"""Finds the images that finished uploads have created."""

import logging
from multiprocessing.pool import ThreadPool

from cloudtower.utils import get_svt_image_version  # noqa: F401  scripts import it from here too
from cloudtower.utils import uploaded

logger = logging.getLogger(__name__)

_MOST_THREADS = 10
_LONGEST = 10**6  # seconds


def get_content_library_image_by_upload_task(api_client, get_upload_tasks_request_body):
    """The content library images that uploads have created.

    Parameters:
        api_client: ApiClient.
        get_upload_tasks_request_body: which upload tasks, a GetUploadTasksRequestBody or dict.

    Returns {id of the upload task: ContentLibraryImage, or None if there is none
    (any more)}. Tasks that are not finished, are of another kind, or do not say which
    image they created are skipped, with a warning in the log.
    Raises the ApiException of the first request that fails.
    """
    from cloudtower.api import ContentLibraryImageApi

    get_images = ContentLibraryImageApi(api_client).get_content_library_images
    tasks = _upload_tasks(api_client, get_upload_tasks_request_body, "CONTENT_LIBRARY_IMAGE")
    return _first_images(tasks, uploaded.content_library_image, get_images)


def get_elf_image_by_upload_task(api_client, get_upload_tasks_request_body):
    """The cluster images that uploads have created.

    Parameters and errors: as for `get_content_library_image_by_upload_task`.

    Returns {id of the upload task: ElfImage or None}, likewise.
    """
    from cloudtower.api import ElfImageApi

    get_images = ElfImageApi(api_client).get_elf_images
    tasks = _upload_tasks(api_client, get_upload_tasks_request_body, "ELF_IMAGE")
    return _first_images(tasks, uploaded.cluster_image, get_images)


def _upload_tasks(api_client, body, kind):
    """The upload tasks that have created an image of that kind."""
    from cloudtower.api import UploadTaskApi

    finished = []
    for task in UploadTaskApi(api_client).get_upload_tasks(body) or []:
        if task.resource_type != kind:
            logger.warning(
                "upload task %s's type is %s but not %s", task.id, task.resource_type, kind
            )
        elif task.status != "SUCCESSED":
            logger.warning("upload task %s's status is %s but not success", task.id, task.status)
        else:
            finished.append(task)
    return finished


def _first_images(tasks, make_filter, get_images):
    """{id of the task: the first image that its filter finds, or None}."""
    filters = {}
    for task in tasks:
        where = make_filter(task.args if isinstance(task.args, dict) else {})
        if where is None:
            logger.warning("upload task %s does not say which image it created", task.id)
        else:
            filters[task.id] = where
    if not filters:
        return {}

    def first(id):
        images = get_images({"where": filters[id]})
        return id, images[0] if images else None

    pool = ThreadPool(min(_MOST_THREADS, len(filters)))
    try:
        # With a timeout, and without a join: 2.7 could not be interrupted, and Ctrl-C would
        # wait for the calls under way, which have limits of their own.
        return dict(pool.map_async(first, list(filters)).get(_LONGEST))
    finally:
        pool.close()
