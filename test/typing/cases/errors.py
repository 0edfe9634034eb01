"""What is raised, and what is known of it."""

from typing import Mapping, Optional

import urllib3
from typing_extensions import Literal, assert_type

from cloudtower import ApiException, ApiTypeError, ApiValueError, ErrorBody, OpenApiException
from cloudtower.active_passive_client import ActivePassiveNoActiveHost
from cloudtower.exceptions import (
    ForbiddenException,
    NotFoundException,
    NotModifiedException,
    ServiceException,
    UnauthorizedException,
    render_path,
)
from cloudtower.models.task import Task
from cloudtower.network_errors import (
    ApiConnectionError,
    ApiProtocolError,
    ApiProxyError,
    ApiTimeoutError,
    ApiTLSError,
)
from cloudtower.utils import TaskException

try:
    pass
except ApiException as error:
    assert_type(error.status, int)
    assert_type(error.body, Optional[str])
    assert_type(error.headers, Optional[Mapping[str, str]])
    assert_type(error.code, Optional[str])
    assert_type(error.message, Optional[str])
    assert_type(error.request_id, Optional[str])
    assert_type(error.outcome, Literal["not_sent", "refused", "unknown"])
    assert_type(error.error, Optional[ErrorBody])
    if error.status >= 500 and "gateway" in error.reason:
        raise
    error.body.splitlines()  # wrong
    error.statsu  # wrong

try:
    pass
except (ApiTimeoutError, ApiConnectionError) as failure:
    assert_type(failure.status, int)
    assert_type(failure.operation, Optional[str])
except (ApiTLSError, ApiProxyError, ApiProtocolError):
    pass
except urllib3.exceptions.HTTPError:
    pass

try:
    pass
except TaskException as failed:
    assert_type(failed.tasks, Mapping[str, Optional[Task]])
    for task in failed.tasks.values():
        print(task.id)  # wrong
except (NotFoundException, UnauthorizedException, ForbiddenException, ServiceException):
    pass
except NotModifiedException as unchanged:
    assert_type(unchanged.reason, str)
except ActivePassiveNoActiveHost as nobody:
    print(", ".join(nobody.failures or []))
except (ApiTypeError, ApiValueError) as mistake:
    print(mistake.path_to_item)
except OpenApiException:
    pass

ApiException(404, "Not Found")
ApiException("404")  # wrong
ApiException(404, reason=5)  # wrong
ApiException(http_resp=object())  # wrong
ApiValueError("x", ["data", 0])
ApiValueError()  # wrong
assert_type(render_path(["data", 0, "name"]), str)
