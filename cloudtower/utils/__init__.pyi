import time as time

from cloudtower.api.task_api import TaskApi as TaskApi
from cloudtower.api.user_api import UserApi as UserApi
from cloudtower.exceptions import ApiException as ApiException
from cloudtower.exceptions import MultipleResultsFound as MultipleResultsFound
from cloudtower.exceptions import NoResultFound as NoResultFound
from cloudtower.exceptions import TaskException as TaskException
from cloudtower.models.common import GetTasksRequestBody as GetTasksRequestBody
from cloudtower.models.task import TaskStatus as TaskStatus
from cloudtower.models.task import TaskWhereInput as TaskWhereInput
from cloudtower.models.user import UserSource as UserSource
from cloudtower.utils.api_keys import create_api_key as create_api_key
from cloudtower.utils.api_keys import delete_api_key as delete_api_key
from cloudtower.utils.authentication import login as login
from cloudtower.utils.batches import bulk as bulk
from cloudtower.utils.changing import call_and_wait as call_and_wait
from cloudtower.utils.changing import get_or_create as get_or_create
from cloudtower.utils.change_feed import watch as watch
from cloudtower.utils.conditions import has_ip as has_ip
from cloudtower.utils.conditions import has_status as has_status
from cloudtower.utils.conditions import has_vm_tools as has_vm_tools
from cloudtower.utils.conditions import is_idle as is_idle
from cloudtower.utils.downloads import download as download
from cloudtower.utils.fleet import Fleet as Fleet
from cloudtower.utils.lookup import count as count
from cloudtower.utils.lookup import find as find
from cloudtower.utils.lookup import get_one as get_one
from cloudtower.utils.metric_names import METRICS as METRICS
from cloudtower.utils.metrics import metric_rows as metric_rows
from cloudtower.utils.outcomes import BulkResult as BulkResult
from cloudtower.utils.paging import iterate as iterate
from cloudtower.utils.plan import dry_run as dry_run
from cloudtower.utils.polling import wait_until as wait_until
from cloudtower.utils.rows import to_rows as to_rows
from cloudtower.utils.shutdown import shut_down as shut_down
from cloudtower.utils.snapshots import rotate_snapshots as rotate_snapshots
from cloudtower.utils.svt_image import get_svt_image_version as get_svt_image_version
from cloudtower.utils.uploads import upload as upload
from cloudtower.utils.waiting import wait_task as wait_task
from cloudtower.utils.waiting import wait_tasks as wait_tasks

__all__ = [
    "ApiException",
    "BulkResult",
    "Fleet",
    "GetTasksRequestBody",
    "METRICS",
    "MultipleResultsFound",
    "NoResultFound",
    "TaskApi",
    "TaskException",
    "TaskStatus",
    "TaskWhereInput",
    "UserApi",
    "UserSource",
    "bulk",
    "call_and_wait",
    "count",
    "create_api_key",
    "delete_api_key",
    "download",
    "dry_run",
    "find",
    "get_one",
    "get_or_create",
    "get_svt_image_version",
    "has_ip",
    "has_status",
    "has_vm_tools",
    "is_idle",
    "iterate",
    "login",
    "metric_rows",
    "rotate_snapshots",
    "shut_down",
    "to_rows",
    "upload",
    "wait_task",
    "wait_tasks",
    "wait_until",
    "watch",
]
