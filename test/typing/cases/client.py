"""Clients, settings, transports and requests."""

import json
import logging
from multiprocessing.pool import ApplyResult, ThreadPool
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

import urllib3
from typing_extensions import assert_type

from cloudtower import (
    NULL,
    ActivePassiveApiClient,
    ApiClient,
    Configuration,
    FailoverStrategy,
    Request,
    Response,
    Transport,
)
from cloudtower.configuration import DEFAULT_API_PATH, DEFAULT_TIMEOUT, Credentials
from cloudtower.rest import RESTClientObject, RESTResponse

# ---- settings
configuration = Configuration(host="https://tower.example.com/v2/api")
Configuration(hots="https://tower.example.com")  # wrong
Configuration(host=8443)  # wrong
Configuration(api_key={"Authorization": "token"}, ssl_ca_cert=Path("ca.pem"))
Configuration(api_key="token")  # wrong
configuration.api_key["Authorization"] = "token"
configuration.api_key["Authorization"] = 1  # wrong
configuration.timeout = 60
configuration.timeout = (5, 60)
configuration.timeout = (5, None)
configuration.timeout = None
configuration.timeout = "60"  # wrong
configuration.timeout = [5, 60]  # wrong
configuration.timeout = (1, 2, 3)  # wrong
configuration.total_timeout = None
configuration.total_timeout = (5, 60)  # wrong
configuration.max_response_size = 1024**3
configuration.max_response_size = 0.5  # wrong
configuration.field_validation = "strict"
configuration.field_validation = "strcit"  # wrong
configuration.retries = 3
configuration.retries = False
configuration.retries = urllib3.Retry(3)
configuration.retries = "3"  # wrong
configuration.verify_ssl = False
configuration.verify_ssl = "no"  # wrong
configuration.assert_hostname = False
configuration.assert_hostname = True  # wrong
configuration.proxy = None
configuration.proxy_headers = {"Proxy-Authorization": "Basic eA=="}
configuration.host = None  # wrong
configuration.root_url = None
configuration.debug = True
configuration.refresh_api_key_hook = lambda known: known.api_key.clear()
configuration.logger["package_logger"].setLevel(logging.INFO)
Configuration.strict_models = False
Configuration.set_default(None)
Configuration.set_default({})  # wrong
assert_type(Configuration.from_env(), Configuration)
assert_type(Configuration.get_default_copy().host, str)
assert_type(configuration.get_api_key_with_prefix("Authorization"), Optional[str])
configuration.credentials = Credentials("root", "password")
configuration.credentials = ("root", "password")  # wrong
Configuration().credentials.username  # wrong
print(DEFAULT_API_PATH.upper(), DEFAULT_TIMEOUT[0] + 1)

# ---- clients
client = ApiClient(configuration)
ApiClient()
ApiClient("https://tower.example.com")  # wrong
ApiClient(configuration, pool_threads="4")  # wrong
ApiClient(configuration, "X-Header", "value", "cookie", 4)
with ApiClient(configuration) as opened:
    assert_type(opened, ApiClient)
client.set_default_header("content-language", "zh-CN")
client.set_default_header("content-language", None)
client.set_default_header(1, "zh-CN")  # wrong
client.default_headers["X-Number"] = 5
client.user_agent = "mine"
assert_type(client.pool, ThreadPool)
assert_type(client.do_probe("http://127.0.0.1/api/healthz", timeout=1), bool)
assert_type(client.last_response.getheader("x-tower-request-id"), Optional[str])
assert_type(client.last_response.getheader("x-tower-request-id", ""), str)
json.loads(client.last_response.data)
client.clsoe()  # wrong


class Sub(ApiClient):
    pass


with Sub() as sub:
    assert_type(sub, Sub)

# ---- calls without an operation
assert_type(client.call_api("/x", "POST"), Tuple[Any, int, Mapping[str, str]])
client.call_api("/x", "POST", response_types_map={200: "list[Vm]"})[3]  # wrong
assert_type(client.call_api("/x", "POST", async_req=True), ApplyResult[Any])
assert_type(client.call_api("/x", "GET", _preload_content=False), urllib3.BaseHTTPResponse)
client.call_api("/x", "POST", body={}, _return_http_data_only=True).anything
client.call_api("/x")  # wrong
client.call_api("/x", "POST", _request_timeout="60")  # wrong
client.call_api("/x", "POST", _request_timeout=(None, 60.5))
client.call_api("/x", "POST", [], [], {}, {}, [], {}, {200: "str"}, ["Authorization"], None, True)
assert_type(client.request("GET", "http://127.0.0.1/"), RESTResponse)
assert_type(client.request("GET", "/", _preload_content=False), urllib3.BaseHTTPResponse)
client.request("GET", "/", body={}, _request_timeout=[5, 60])  # wrong
assert_type(client.deserialize(client.last_response, Response), Optional[Response])
assert_type(client.deserialize(client.last_response, "file"), str)

# ---- transports


class Recorder:
    """What sends through a transport, and keeps what it sent."""

    def __init__(self, configuration: Configuration) -> None:
        self.transport = Transport(configuration)
        self.sent: List[Request] = []

    def send(self, request: Request) -> RESTResponse:
        self.sent.append(request.replace(headers={}))
        return self.transport.send(request)


class Canned:
    def send(self, request: Request) -> Response:
        assert_type(request.method, str)
        assert_type(request.operation, Optional[str])
        request.replace(metohd="GET")  # wrong
        request.method = "GET"  # wrong
        return Response(200, [{"id": "x"}], headers={"content-type": "application/json"})


class Pooled:
    def __init__(self) -> None:
        self.manager = urllib3.PoolManager()

    def send(self, request: Request) -> urllib3.BaseHTTPResponse:
        return self.manager.request(request.method, request.url, body=request.body)


class Deaf:
    def receive(self) -> None:
        pass


class Wrong:
    def send(self, request: Request) -> str:
        return request.url


ApiClient(configuration, transport=Recorder(configuration))
ApiClient(configuration, transport=Canned())
ApiClient(configuration, transport=Pooled())
ApiClient(configuration, transport=Transport(configuration))
ApiClient(configuration, transport=Deaf())  # wrong
ApiClient(configuration, transport=Wrong())  # wrong
ApiClient(configuration, transport=Canned)  # wrong
Request("GET", "/x", timeout=5, preload=False)
Request("GET")  # wrong
assert_type(Request("GET", "/x").replace(url="/y"), Request)
Response("200")  # wrong
assert_type(Response().data, bytes)
rest = RESTClientObject(configuration)
assert_type(rest.GET("http://127.0.0.1/"), RESTResponse)
assert_type(rest.POST("http://127.0.0.1/", body={}, redirect=False), RESTResponse)
rest.GET("http://127.0.0.1/", body={})  # wrong
assert_type(bool(NULL), bool)

# ---- several nodes
nodes: Dict[str, Optional[str]] = {"root_url": "https://tower-a"}
several = ActivePassiveApiClient(["https://tower-a", {"root_url": "https://tower-b"}])
ActivePassiveApiClient([configuration, nodes], failover_strategy=FailoverStrategy.ALWAYS_PROBE)
ActivePassiveApiClient(["https://tower-a"], {"name": "root", "password": "x"}, probe_timeout=2)
ActivePassiveApiClient([1])  # wrong
ActivePassiveApiClient(["https://tower-a"], failover_strategy="sometimes")  # wrong
assert_type(several.active_client(), ApiClient)
assert_type(several.current_active_base_url, Optional[str])
assert_type(several.configurations, List[Configuration])
several.configuration = configuration  # wrong
with several as entered:
    assert_type(entered, ActivePassiveApiClient)
