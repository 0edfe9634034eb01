"""Helpers around the API: log in, wait for tasks, read the version of an SVT image.

Each lives in a module that is named after a noun and loaded when the helper is first
read. No module here may have the name of a helper: importing it would put the module
in the helper's place.

What a script may replace, such as `TaskApi` or `time`, the helpers look up in this
package at each call, so `mock.patch("cloudtower.utils.TaskApi")` is obeyed.
"""

import time  # noqa: F401  scripts patch `cloudtower.utils.time.sleep`
from importlib import import_module

from cloudtower._runtime import lazy

# public name -> module it comes from
_HOMES = {
    "BulkResult": "cloudtower.utils.outcomes",
    "Fleet": "cloudtower.utils.fleet",
    "METRICS": "cloudtower.utils.metric_names",
    "TaskException": "cloudtower.exceptions",
    "bulk": "cloudtower.utils.batches",
    "call_and_wait": "cloudtower.utils.changing",
    "count": "cloudtower.utils.lookup",
    "create_api_key": "cloudtower.utils.api_keys",
    "delete_api_key": "cloudtower.utils.api_keys",
    "download": "cloudtower.utils.downloads",
    "dry_run": "cloudtower.utils.plan",
    "find": "cloudtower.utils.lookup",
    "get_one": "cloudtower.utils.lookup",
    "get_or_create": "cloudtower.utils.changing",
    "get_svt_image_version": "cloudtower.utils.svt_image",
    "has_ip": "cloudtower.utils.conditions",
    "has_status": "cloudtower.utils.conditions",
    "has_vm_tools": "cloudtower.utils.conditions",
    "is_idle": "cloudtower.utils.conditions",
    "iterate": "cloudtower.utils.paging",
    "login": "cloudtower.utils.authentication",
    "metric_rows": "cloudtower.utils.metrics",
    "rotate_snapshots": "cloudtower.utils.snapshots",
    "shut_down": "cloudtower.utils.shutdown",
    "to_rows": "cloudtower.utils.rows",
    "upload": "cloudtower.utils.uploads",
    "wait_task": "cloudtower.utils.waiting",
    "wait_tasks": "cloudtower.utils.waiting",
    "wait_until": "cloudtower.utils.polling",
    "watch": "cloudtower.utils.change_feed",
    # what the helpers use, and scripts import from here too
    "ApiException": "cloudtower.exceptions",
    "MultipleResultsFound": "cloudtower.exceptions",
    "NoResultFound": "cloudtower.exceptions",
    "GetTasksRequestBody": "cloudtower.models",
    "TaskApi": "cloudtower.api",
    "TaskStatus": "cloudtower.models",
    "TaskWhereInput": "cloudtower.models",
    "UserApi": "cloudtower.api",
    "UserSource": "cloudtower.models",
}


def _resolve(name):
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise lazy.missing(__name__, name)


_helpers = [name for name, home in _HOMES.items() if home.startswith(__name__)] + ["TaskException"]
lazy.install(__name__, _resolve, lambda: list(_HOMES), shown=_helpers)
