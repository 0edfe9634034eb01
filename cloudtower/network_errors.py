"""Failures of the network, each an ApiException and the urllib3 exception it stands for.

This module loads urllib3; `cloudtower.exceptions` does not.
"""

from cloudtower._http.network_errors import (  # noqa: F401
    ApiConnectionError,
    ApiProtocolError,
    ApiProxyError,
    ApiTimeoutError,
    ApiTLSError,
)
