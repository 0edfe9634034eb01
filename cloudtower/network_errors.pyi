from cloudtower._http.network_errors import ApiConnectionError as ApiConnectionError
from cloudtower._http.network_errors import ApiProtocolError as ApiProtocolError
from cloudtower._http.network_errors import ApiProxyError as ApiProxyError
from cloudtower._http.network_errors import ApiTimeoutError as ApiTimeoutError
from cloudtower._http.network_errors import ApiTLSError as ApiTLSError
