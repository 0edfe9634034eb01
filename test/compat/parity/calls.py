"""One call of each operation in each of several forms, and what it is answered."""

import json

import interface_changes

from cloudtower import api
from cloudtower._runtime import datatypes

from . import comparison
from .samples import Samples

#: status -> body of an error
_ERRORS = (
    (400, {"code": "BAD_ARGS", "message": "no such field", "stack": "", "props": "", "path": []}),
    (401, "no token"),
    (403, ""),
    (404, {"code": "NOT_FOUND", "message": "not there"}),
    (409, {"code": "CONFLICT"}),
    (429, "slow down"),
    (500, {"code": "INTERNAL", "message": "\u9519\u8bef", "stack": "at x", "operationName": "op"}),
    (503, "<html>down</html>"),
    (304, ""),
)
_LANGUAGES = ("en-US", "zh-CN")

#: What the server answers in the forms beside success: all of them are differences.
ODD_ANSWERS = ("null in required", "accepted", "not json", "number", "empty")


class Call(object):
    """A call and its answer.

    Attributes:
        form: "dict body", "model body", "error", or one of ODD_ANSWERS.
        asked: what the driver gets, dict.
        status, answer: of the reply, int and text.
        returns: type of the answer, str.
    """

    def __init__(self, form, asked, status, answer, returns):
        self.form = form
        self.asked = asked
        self.status = status
        self.answer = answer
        self.returns = returns

    def __repr__(self):
        return "%s.%s, %s" % (self.asked["api"], self.asked["method"], self.form)


def rows():
    """(class name, method name, Operation) of all operations of the published SDK."""
    for owner in sorted(api.catalog.homes):
        operations = api.catalog.load(owner).__operations__
        for name in sorted(operations):
            label = "%s.%s" % (owner, name)
            if label not in comparison.ADDED and not _is_changed(label, operations[name]):
                yield owner, name, operations[name]


def _is_changed(label, row):
    """Whether CloudTower has changed an operation, or what it takes or returns."""
    parameters = [row.body] if row.body else row.form
    names = [each.type for each in parameters] + ([row.returns] if row.returns else [])
    changed = label in interface_changes.NAMES
    return changed or any(interface_changes.is_reached(datatypes.parse(each)) for each in names)


def calls():
    """All calls, in the order they are made."""
    made = []
    for index, (owner, name, row) in enumerate(rows()):
        for form in ("dict body", "model body", "error"):
            made.append(_call(form, owner, name, row, index, len(made)))
        # Odd answers have little to do with the operation: one of them each will do.
        form = ODD_ANSWERS[index % len(ODD_ANSWERS)]
        made.append(_call(form, owner, name, row, index, len(made)))
    return made


def _call(form, owner, name, row, index, case):
    seed = "%s %s %s" % (owner, name, form)
    samples = Samples(seed, nulls=0.1, null_filters=row.read)
    keywords, files, kinds = _arguments(row, samples, form)
    if form == "model body":
        name += "_with_http_info"
    status, answer = _answer(form, row.returns, seed, index)
    asked = {
        "case": case,
        "api": owner,
        "method": name,
        "keywords": keywords,
        "files": files,
        "models": kinds,
    }
    return Call(form, asked, status, answer, row.returns)


def _arguments(row, samples, form):
    """(keywords, names of files, {name: type} of those that are to be models)"""
    keywords, files, kinds = {}, [], {}
    if row.body:
        keywords[row.body.name] = samples.of(row.body.type)
        if form == "model body":
            kinds[row.body.name] = row.body.type
    for each in row.form:
        if each.type == "file":
            files.append(each.name)
            keywords[each.name] = "content \u00e9 of a file"
        elif each.required or samples.chance(0.5):
            keywords[each.name] = samples.of("str")
    for each in row.query:
        if samples.chance(0.6):
            keywords[each.name] = 7 if each.limits else samples.of(each.type)
    for each in row.headers:
        if samples.chance(0.3):
            language = each.name == "content_language"
            keywords[each.name] = _LANGUAGES[samples.chance(0.5)] if language else "tower-2"
    return keywords, files, kinds


def _answer(form, returns, seed, index):
    if form == "error":
        status, body = _ERRORS[index % len(_ERRORS)]
        return status, body if isinstance(body, str) else json.dumps(body)
    if form == "dict body":
        return 200, json.dumps(Samples(seed, optional=1).of(returns))
    if form == "model body":
        return 200, json.dumps(Samples(seed, optional=0.7, nulls=0.4, unknown=True).of(returns))
    if form == "null in required":
        samples = Samples(seed, optional=0.5, nulls=0.9, any_null=True, unknown=True)
        return 200, json.dumps(samples.of(returns))
    if form == "accepted":
        return (201, 202)[index % 2], json.dumps(Samples(seed).of(returns))
    if form == "not json":
        return 200, "<html>log in</html>"
    if form == "number":
        return 200, "7"
    return (200, 204)[index % 2], ""
