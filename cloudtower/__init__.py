"""Python SDK for CloudTower, the management platform of SmartX clusters.

    from cloudtower import ApiClient, Configuration, VmApi
    from cloudtower.utils import login, wait_tasks

    client = ApiClient(Configuration(host="https://tower.example.com/v2/api"))
    login(client, username="root", password="...")
    vms = VmApi(client).get_vms({"where": {"name_contains": "web"}})

All `*Api` classes, models and enumerations are attributes of this package; each
is loaded when it is first read. `help(cloudtower)` describes the core alone:

    cloudtower.api      one `*Api` class a resource: help(cloudtower.api),
                        help(cloudtower.VmApi), help(cloudtower.VmApi.get_vms)
    cloudtower.models   models and enumerations: help(cloudtower.models),
                        help(cloudtower.Vm), help(cloudtower.VmStatus)
    cloudtower.utils    log in, wait for tasks: help(cloudtower.utils)

`dir(cloudtower)` lists every name:

    [name for name in dir(cloudtower) if "snapshot" in name.lower()]
"""

from importlib import import_module

# Not `from cloudtower._runtime import lazy`: threads that import this package for the
# first time at once would hang now and then before Python 3.12, whose import locks are mended.
lazy = import_module("cloudtower._runtime.lazy")

__version__ = "3.0.0"

# public name -> module it comes from
_CORE = {
    "NULL": "_runtime.null",
    "ApiClient": "api_client",
    "Configuration": "configuration",
    "Credentials": "configuration",
    "ActivePassiveApiClient": "active_passive_client",
    "FailoverStrategy": "active_passive_client",
    "Request": "_http.message",
    "Event": "_http.events",
    "RetryPolicy": "_http.retry_policy",
    "Response": "_http.message",
    "Transport": "_http.transport",
    "OpenApiException": "exceptions",
    "ApiTypeError": "exceptions",
    "ApiValueError": "exceptions",
    "ApiKeyError": "exceptions",
    "ApiAttributeError": "exceptions",
    "ApiException": "exceptions",
    "ReadOnlyError": "exceptions",
    "ChangesLost": "exceptions",
    "FleetError": "exceptions",
    "MissingDataWarning": "exceptions",
    "MultipleResultsFound": "exceptions",
    "NoResultFound": "exceptions",
    "UnexpectedMatches": "exceptions",
    "UploadFailed": "exceptions",
    "WaitTimeout": "exceptions",
    "LoginRefused": "exceptions",
    "RateLimited": "exceptions",
    "ResourceLocked": "exceptions",
    "TaskException": "exceptions",
    "TaskFailed": "exceptions",
    "TaskTimeout": "exceptions",
    "UnknownFieldWarning": "exceptions",
    "NewerServerWarning": "exceptions",
    "ServerVersion": "_runtime.version",
}
_MODULES = (
    "active_passive_client",
    "api",
    "api_client",
    "configuration",
    "exceptions",
    "models",
    "network_errors",
    "rest",
    "types",
    "utils",
)
# what `%load_ext cloudtower` of IPython asks for
_HOOKS = {
    "load_ipython_extension": "_runtime.notebook",
    "unload_ipython_extension": "_runtime.notebook",
}
_CATALOGS = ("cloudtower.api", "cloudtower.models")


def _resolve(name):
    if name in _MODULES:
        return import_module("cloudtower." + name)
    home = _CORE.get(name) or _HOOKS.get(name)
    if home:
        return getattr(import_module("cloudtower." + home), name)
    for package in _CATALOGS:
        catalog = import_module(package).catalog
        if name in catalog.homes:
            return catalog.load(name)
    raise lazy.missing(__name__, name)


def _names():
    names = list(_CORE) + list(_MODULES)
    for package in _CATALOGS:
        names.extend(import_module(package).catalog.homes)
    return names


lazy.install(__name__, _resolve, _names, shown=list(_CORE))
