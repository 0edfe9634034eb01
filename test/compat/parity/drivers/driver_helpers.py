"""Waits for tasks, logs in, configures, and makes exceptions."""

import itertools
import pickle

import cloudtower
from cloudtower import exceptions, utils
from plain import outcome, raised

_ADDRESSES = ("host", "root_url", "base_url", "api_path", "probe_path", "probe_url", "scheme")


def run(work):
    """work: {"scenarios": [{"host", "helper", "arguments"}], "constructed": [keywords],
    "assigned": [[keywords, attribute, value]]}."""
    return {
        "scenarios": [_scenario(**each) for each in work["scenarios"]],
        "constructed": [outcome(_addresses, keywords) for keywords in work["constructed"]],
        "assigned": [outcome(_addresses, *each) for each in work["assigned"]],
        "settings": dict((each.__name__, outcome(each)) for each in _SETTINGS),
        "exceptions": _exceptions(),
    }


def _scenario(host, helper, arguments):
    client = cloudtower.ApiClient(cloudtower.Configuration(host=host))
    client.set_default_header("x-default", "1")
    given = dict(arguments)
    result = outcome(getattr(utils, helper), api_client=client, **given)
    return {
        "result": result,
        "token": client.configuration.api_key.get("Authorization"),
        "ids": given.get("ids"),
    }


def _addresses(keywords, attribute=None, value=None):
    configuration = cloudtower.Configuration(**keywords)
    if attribute is not None:
        setattr(configuration, attribute, value)
    return dict((name, getattr(configuration, name)) for name in _ADDRESSES)


def defaults():
    configuration = cloudtower.Configuration()
    names = (
        "temp_folder_path api_key api_key_prefix refresh_api_key_hook username password"
        " logger_format logger_stream_handler logger_file_handler logger_file debug verify_ssl"
        " ssl_ca_cert cert_file key_file assert_hostname connection_pool_maxsize proxy"
        " proxy_headers safe_chars_for_path_param retries client_side_validation socket_options"
        " discard_unknown_keys disabled_client_side_validations"
    )
    said = dict((name, getattr(configuration, name)) for name in names.split())
    said["loggers"] = sorted((key, each.name) for key, each in configuration.logger.items())
    return said


def secrets():
    said = []
    for key, prefix, user, password in itertools.product(
        (None, {}, {"Authorization": ""}, {"Authorization": "t"}, {"other": "o"}),
        (None, {"Authorization": "Bearer"}),
        (None, "", "me", "m\u00e9"),
        (None, "", "p:w"),
    ):
        configuration = cloudtower.Configuration(
            api_key=key, api_key_prefix=prefix, username=user, password=password
        )
        said.append(
            [
                outcome(configuration.auth_settings),
                outcome(configuration.get_api_key_with_prefix, "Authorization"),
                outcome(configuration.get_api_key_with_prefix, "none", "other"),
                outcome(configuration.get_api_key_with_prefix, "none", alias="Authorization"),
                outcome(configuration.get_basic_auth_token),
            ]
        )
    return said


def keywords_of_validation():
    return [
        outcome(_addresses, {"disabled_client_side_validations": value})
        for value in ("", "maximum", "maximum,minItems", "maximun", "maximum, minimum", ",", None)
    ] + sorted(cloudtower.configuration.JSON_SCHEMA_VALIDATION_KEYWORDS)


def unknown_keyword():
    return cloudtower.Configuration(hots="x")


def defaults_of_subclasses():
    class Mine(cloudtower.Configuration):
        pass

    said = [type(Mine.get_default_copy()).__name__]
    Mine.set_default(Mine(host="http://mine/v2/api"))
    said += [Mine.get_default_copy().host, type(Mine.get_default_copy()).__name__]
    said += [cloudtower.Configuration.get_default_copy().host]
    cloudtower.Configuration.set_default(cloudtower.Configuration(host="http://default/v2/api"))
    first = cloudtower.Configuration.get_default_copy()
    said += [first is cloudtower.Configuration.get_default_copy(), first.host]
    said += [cloudtower.ApiClient().configuration.host]
    said += [cloudtower.VmApi().api_client is cloudtower.VmApi().api_client]
    cloudtower.Configuration.set_default(None)
    said += [cloudtower.Configuration.get_default_copy().host]
    return said


def helpers_of_the_client():
    client = cloudtower.ApiClient(cloudtower.Configuration(), "x-mine", "1", cookie="c=1")
    texts = ("application/json", "text/plain", "*/*", "application/json-patch+json", "Text/HTML")
    said = [client.default_headers["x-mine"], client.cookie, client.pool_threads]
    for count in range(3):
        for types in itertools.permutations(texts, count):
            said.append(outcome(client.select_header_accept, list(types)))
            for method, body in ((None, None), ("PATCH", []), ("PATCH", {})):
                said.append(outcome(client.select_header_content_type, list(types), method, body))
    for params in ({"a": [1, "b"]}, [("a", [1, 2]), ("c", 3)], {}, {"a": []}):
        for form in (None, "multi", "csv", "ssv", "tsv", "pipes"):
            formats = {"a": form} if form else None
            said.append(outcome(client.parameters_to_tuples, params, formats))
    for setting in (
        {"in": "header", "key": "X", "value": "v"},
        {"in": "query", "key": "X", "value": "v"},
        {"in": "cookie", "key": "X", "value": "v"},
        {"in": "moon", "key": "X", "value": "v"},
    ):
        headers, queries = {"X": "old"}, []
        how = outcome(
            client.update_params_for_auth, headers, queries, ["Authorization"], request_auth=setting
        )
        said.append([how, headers, queries])
    for type_name in ("int", "float", "str", "bool", "object", "list[str]", "list[list[int]]"):
        for text in ("null", "[]", '["a"]', "[[1]]", "5", '"5"', "true", "{}", '{"a": null}'):
            if _is_of(type_name, text):
                said.append([type_name, text, outcome(_deserialize, client, text, type_name)])
    return said


def _is_of(type_name, text):
    """Not what is of another kind: `driver_models` is about that."""
    kinds = {
        "int": "5",
        "float": "5",
        "str": '"5"',
        "bool": "true",
        "list[str]": '["a"][]',
        "list[list[int]]": "[[1]][]",
    }
    return text == "null" or type_name == "object" or text in kinds[type_name]


def _deserialize(client, text, type_name):
    class Answer(object):
        data = text

    return client.deserialize(Answer, type_name)


_SETTINGS = (
    defaults,
    secrets,
    keywords_of_validation,
    unknown_keyword,
    defaults_of_subclasses,
    helpers_of_the_client,
)


def _exceptions():
    said = []
    for name in ("ApiTypeError", "ApiValueError", "ApiKeyError", "ApiAttributeError"):
        made = getattr(exceptions, name)
        for arguments in (("text",), ("text", ["a", 0, "b"]), ("text", [])):
            error = made(*arguments)
            bases = [each.__name__ for each in made.__mro__ if each.__module__ == "builtins"]
            said.append([raised(error), repr(error), error.path_to_item, bases])
    error = exceptions.ApiTypeError("t", ["a"], (int,), True)
    said.append([str(error), [each.__name__ for each in error.valid_classes], error.key_type])
    for name in (
        "ApiException",
        "NotFoundException",
        "UnauthorizedException",
        "ForbiddenException",
        "ServiceException",
    ):
        made = getattr(exceptions, name)
        for arguments in ((), (404,), (0, "no\nanswer"), (500, "r")):
            error = made(*arguments)
            again = pickle.loads(pickle.dumps(error))
            said.append([raised(error), list(error.args), repr(error), raised(again)])
        error = made(http_resp=_Answer())
        said.append([raised(error), raised(pickle.loads(pickle.dumps(error)))])
    for path in ([], ["a"], [0], ["a", 1, "b"]):
        said.append(exceptions.render_path(path))
    return said


class _Answer(object):
    status = 418
    reason = "Teapot"
    data = "short \u00e9"

    def getheaders(self):
        return {"Content-Type": "text/plain"}
