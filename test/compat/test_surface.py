"""The published SDK 2.23.0: every name, parameter, property and constant of it."""

import gzip
import importlib
import inspect
import io
import json
import os
from collections import OrderedDict

import interface_changes
import pytest

import cloudtower
from cloudtower import NULL
from cloudtower._runtime import datatypes

HERE = os.path.dirname(os.path.abspath(__file__))

# Optional properties that refuse None even so, because their values are listed.
REFUSED = set("""
    AlertNotifierManyUpdationParams.notice_severities AlertNotifierUpdationParams.notice_severities
    BackupRestoreExecutionNetworkInformation.typename BackupRestoreExecutionNetworkMapping.typename
    DataPoint.typename ExecutePlan.typename Metric.typename MetricLabel.typename
    MetricSample.typename MetricStream.typename Position.typename ResourceMeta.typename
    TriggerDiskBlinkParams.led_status VmOwnerParams.search_for
    """.split())
KEYWORDS = set(
    "async_req _return_http_data_only _preload_content _request_timeout _request_auth"
    " _content_type _headers _allow_all _expect_matches _retry _lock_timeout".split()
)


with io.BufferedReader(gzip.open(os.path.join(HERE, "surface.json.gz"))) as stream:
    SURFACE = json.loads(stream.read().decode("ascii"), object_pairs_hook=OrderedDict)


def classes(kind):
    """Those that CloudTower has not changed since; of the `*Api` classes all that it still has."""
    for name, entry in sorted(SURFACE[kind].items()):
        if name not in interface_changes.CLASSES or kind == "apis" and hasattr(cloudtower, name):
            yield str(name), entry, getattr(cloudtower, name)


def methods():
    for name, entry, cls in classes("apis"):
        for method, wanted in sorted(entry["methods"].items()):
            label = "%s.%s" % (name, method)
            if label not in interface_changes.NAMES:
                yield label, cls, str(method), wanted


def properties():
    for name, entry, cls in classes("models"):
        for prop, wanted in sorted(entry["properties"].items()):
            yield "%s.%s" % (name, prop), cls, str(prop), wanted


def refuses(cls, name, value):
    """Whether the value is an error as keyword and as attribute; both must agree."""
    made = cls()
    outcomes = []
    for give in (lambda: cls(**{name: value}), lambda: setattr(made, name, value)):
        try:
            give()
        except ValueError as error:
            assert name in str(error)
            outcomes.append(True)
        else:
            outcomes.append(False)
    assert outcomes[0] == outcomes[1]
    return outcomes[0]


def test_the_data_is_whole():
    counts = [len(SURFACE[kind]) for kind in ("apis", "models", "enums")]
    assert counts == [131, 1701, 303]
    methods = sum(len(each["methods"]) for each in SURFACE["apis"].values())
    assert methods == 579
    assert sum(len(each["properties"]) for each in SURFACE["models"].values()) == 26017


@pytest.mark.parametrize("kind", ["apis", "models", "enums"])
def test_classes_are_where_they_were(kind):
    package = cloudtower.api if kind == "apis" else cloudtower.models
    wrong = []
    for name, entry, cls in classes(kind):
        module = importlib.import_module(entry["module"])
        leaf = entry["module"].rpartition(".")[2]
        if not (
            cls is getattr(module, name)
            and cls is getattr(package, name)
            and getattr(package, leaf) is module
            and (cls.__name__, cls.__module__) == (name, entry["module"])
        ):
            wrong.append(name)
    assert wrong == []


def test_nothing_else_is_public():
    known = set(SURFACE["apis"]) | set(SURFACE["models"]) | set(SURFACE["enums"])
    found = set(cloudtower.api.catalog.homes) | set(cloudtower.models.catalog.homes)
    assert (found ^ known) - interface_changes.CLASSES == set()


# ---- operations ------------------------------------------------------------


def parameters(function):
    if hasattr(inspect, "signature"):
        found = inspect.signature(function).parameters.values()
        return [each.name for each in found if each.kind is each.POSITIONAL_OR_KEYWORD]
    return inspect.getargspec(function).args


@pytest.mark.parametrize("suffix", ["", "_with_http_info"])
def test_required_parameters(suffix):
    wrong = []
    for label, cls, method, wanted in methods():
        found = parameters(getattr(cls, method + suffix))
        if found != ["self"] + wanted["required"]:
            wrong.append((label, found))
    assert wrong == []


def row_of(cls, method):
    getattr(cls, method)
    return cls.__operations__[method]


def test_optional_parameters():
    wrong = []
    for label, cls, method, wanted in methods():
        found = [each.name for each in row_of(cls, method).optional]
        if sorted(found) != sorted(wanted["optional"]):
            wrong.append((label, found))
    assert wrong == []


@pytest.mark.skipif(not hasattr(inspect, "signature"), reason="no signatures")
def test_keywords_are_in_the_signature():
    wrong = []
    for label, cls, method, wanted in methods():
        found = inspect.signature(getattr(cls, method)).parameters.values()
        names = set(each.name for each in found if each.kind is each.KEYWORD_ONLY)
        if names - KEYWORDS != set(wanted["optional"]):
            wrong.append((label, names))
    assert wrong == []


def test_types_of_parameters():
    wrong = []
    for label, cls, method, wanted in methods():
        row = row_of(cls, method)
        found = dict(
            (each.name, datatypes.parse(each.type).public) for each in row.required + row.optional
        )
        if found != wanted["types"]:
            wrong.append((label, found))
    assert wrong == []


def test_requests_and_answers():
    wrong = []
    for label, cls, method, wanted in methods():
        row = row_of(cls, method)
        found = {
            "http": row.method,
            "path": row.path,
            "auth": list(row.auth),
            "multipart": bool(row.form),
            "returns": row.returns,
            "documented_statuses": sorted(row.statuses),
        }
        if dict((key, wanted[key]) for key in found) != found:
            wrong.append((label, found))
    assert wrong == []


def test_methods_beyond_the_published_ones():
    found = set()
    for name, entry, cls in classes("apis"):
        found.update(
            "%s.%s" % (name, each) for each in set(cls.__operations__) - set(entry["methods"])
        )
    # CloudTower's user guide has these two names
    assert found - set(interface_changes.NAMES) == set(
        ["VmApi.force_shut_down_vm", "VmApi.mig_rate_vm"]
    )


# ---- models ----------------------------------------------------------------


def test_properties():
    wrong = []
    for name, entry, cls in classes("models"):
        wanted = entry["properties"]
        types = dict((prop, each["type"]) for prop, each in wanted.items())
        jsons = dict((prop, each["json"]) for prop, each in wanted.items())
        if cls.openapi_types != types or cls.attribute_map != jsons:
            wrong.append(name)
        if not all(isinstance(getattr(cls, prop), property) for prop in wanted):
            wrong.append(name)
    assert wrong == []


def test_order_of_properties():
    """Sending and `to_dict` go by it."""
    wrong = []
    for name, entry, cls in classes("models"):
        wanted = list(entry["properties"])
        if list(cls.openapi_types) != wanted or list(cls.attribute_map) != wanted:
            wrong.append(name)
    assert wrong == []


def test_an_empty_instance():
    wrong = []
    for name, entry, cls in classes("models"):
        made = cls()
        plain = dict.fromkeys(entry["properties"])
        serialized = dict.fromkeys(each["json"] for each in entry["properties"].values())
        if made.to_dict() != plain or made.to_dict(serialize=True) != serialized:
            wrong.append(name)
        if any(getattr(made, prop) is not None for prop in entry["properties"]):
            wrong.append(name)
    assert wrong == []


def test_backing_attributes():
    wrong = []
    for label, cls, prop, _ in properties():
        if getattr(cls(), "_" + prop) is not None:
            wrong.append(label)
    assert wrong == []


def test_none():
    wrong = []
    for label, cls, prop, wanted in properties():
        refused = wanted["null"] == "rejected" or label in REFUSED
        if refuses(cls, prop, None) != refused:
            wrong.append(label)
    assert wrong == []


def test_null():
    wrong = []
    for label, cls, prop, wanted in properties():
        if refuses(cls, prop, NULL) != (wanted["null"] != "ok"):
            wrong.append(label)
    assert wrong == []


# limit -> (a value that keeps it, one that breaks it)
LIMITS = {
    "minimum": (lambda bound: bound, lambda bound: bound - 1),
    "maximum": (lambda bound: bound, lambda bound: bound + 1),
    "min_length": (lambda bound: "x" * bound, lambda bound: "x" * (bound - 1)),
    "min_items": (lambda bound: ["x"] * bound, lambda bound: ["x"] * (bound - 1)),
}


def test_limits():
    wrong, seen = [], 0
    for label, cls, prop, wanted in properties():
        for limit, (keeps, breaks) in LIMITS.items():
            if limit in wanted:
                seen += 1
                bound = wanted[limit]
                if refuses(cls, prop, keeps(bound)) or not refuses(cls, prop, breaks(bound)):
                    wrong.append((label, limit))
    assert wrong == [] and seen == sum(
        limit in wanted for _, _, _, wanted in properties() for limit in LIMITS
    )
    assert seen > 20 or interface_changes.CLASSES


def test_listed_values():
    wrong, seen = [], 0
    for label, cls, prop, wanted in properties():
        if "allowed" not in wanted:
            continue
        seen += 1
        wrap = (
            (lambda value: [value]) if wanted["type"].startswith("list[") else (lambda value: value)
        )
        for value in wanted["allowed"]:
            if refuses(cls, prop, wrap(str(value))):
                wrong.append((label, value))
        if not refuses(cls, prop, wrap("no such value")):
            wrong.append(label)
    assert wrong == [] and (seen == 18 or interface_changes.CLASSES)


def test_other_properties_take_any_value():
    wrong = []
    for label, cls, prop, wanted in properties():
        if not set(wanted) - set(["json", "type", "null"]) and refuses(cls, prop, "anything"):
            wrong.append(label)
    assert wrong == []


# ---- enumerations ----------------------------------------------------------


def test_constants():
    wrong = []
    for name, entry, cls in classes("enums"):
        found = dict((key, getattr(cls, key, None)) for key in entry["constants"])
        if found != entry["constants"]:
            wrong.append((name, found))
        if sorted(cls.allowable_values) != sorted(set(entry["constants"].values())):
            wrong.append(name)
        if cls.openapi_types != {} or cls.attribute_map != {}:
            wrong.append(name)
    assert wrong == []


# ---- names beside the generated ones ---------------------------------------


@pytest.mark.parametrize(
    "module, names",
    [
        (
            "cloudtower",
            "__version__ ApiClient ActivePassiveApiClient FailoverStrategy Configuration"
            " OpenApiException ApiTypeError ApiValueError ApiKeyError ApiAttributeError"
            " ApiException api models api_client rest configuration exceptions utils"
            " active_passive_client",
        ),
        (
            "cloudtower.exceptions",
            "OpenApiException ApiTypeError ApiValueError ApiKeyError ApiAttributeError ApiException"
            " NotFoundException UnauthorizedException ForbiddenException ServiceException"
            " render_path",
        ),
        (
            "cloudtower.rest",
            "RESTResponse RESTClientObject logger ApiException UnauthorizedException"
            " ForbiddenException NotFoundException ServiceException ApiValueError",
        ),
        (
            "cloudtower.configuration",
            "Configuration DEFAULT_API_PATH DEFAULT_PROBE_PATH JSON_SCHEMA_VALIDATION_KEYWORDS",
        ),
        ("cloudtower.api_client", "ApiClient"),
        (
            "cloudtower.utils",
            "wait_task wait_tasks login get_svt_image_version GetTasksRequestBody TaskWhereInput"
            " TaskStatus UserSource ApiException TaskApi UserApi",
        ),
        (
            "cloudtower.image_utils",
            "get_svt_image_version get_content_library_image_by_upload_task"
            " get_elf_image_by_upload_task",
        ),
        (
            "cloudtower.active_passive_client",
            "ActivePassiveApiClient FailoverStrategy ActivePassiveException"
            " ActivePassiveNoEndpoints ActivePassiveDuplicateHost ActivePassiveNoActiveHost"
            " ActivePassiveMultipleActives ActivePassiveRetryExhausted"
            " ActivePassiveFailoverRequired ActivePassiveUnknownHost DEFAULT_PROBE_TIMEOUT"
            " DEFAULT_SCHEME HOST_STATE_ACTIVE HOST_STATE_PASSIVE HTTP_STATUS_TEMPORARY_REDIRECT"
            " REQUEST_ATTEMPTS",
        ),
    ],
)
def test_names_of_the_core(module, names):
    found = importlib.import_module(module)
    assert [name for name in names.split() if not hasattr(found, name)] == []


def test_names_that_the_root_does_not_have():
    for name in ("NotFoundException", "UnauthorizedException", "ActivePassiveException"):
        assert name not in dir(cloudtower) and not hasattr(cloudtower, name)


def test_models_that_the_last_release_had_dropped():
    dropped = [
        name
        for kind in ("models", "enums")
        for name, e in SURFACE[kind].items()
        if not e["exported"]
    ]
    assert len(dropped) == 2
    for name in dropped:
        assert name in dir(cloudtower) and name in dir(cloudtower.models)
