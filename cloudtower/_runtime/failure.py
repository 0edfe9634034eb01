"""What a server says of a failure: a code and a sentence, out of the shapes they come in.

A refusal has an ErrorBody, that of a proxy a web page or a line of text. The error of a
task is text, in which the layers below have nested theirs:

    Cannot unwrap Ok value of Result.Err.
    code: CREATE_VM_FORM_TEMPLATE_FAILED
    message: {"ec": "VM_CLOUD_INIT_CONFIG_ERROR", "error": {"msg": "The gateway ..."}}
"""

import re
from collections import namedtuple

from cloudtower._runtime import json_text, mask
from cloudtower._runtime.text import INTEGERS, TEXT, printable

#: `code` and `message` are str or None; `lock` is a Lock, None where that is not the reason.
#: `inner_code`: of the error of a task, the code of the layer below where that is another one.
Failure = namedtuple("Failure", "code message lock inner_code")
_NOTHING = Failure(None, None, None, None)

#: What is locked, as pairs of type and id, and the ids of the tasks that hold the lock:
#: lists of str, empty where the server does not say.
Lock = namedtuple("Lock", "objects tasks")

_DEPTH = 8  # layers that are looked into
_PAGE = 10000  # characters of a page that are looked at
_EXCERPT = 200

_CODE = (
    r"[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+"  # VM_NOT_FOUND, EC_EAllocSpace
    r"|[A-Z]+[a-z0-9]+(?:[A-Z]+[a-z0-9]+)+"  # ResourceLocked, EAllocSpace
    r"|[A-Z]{5,}"  # UNAUTHENTICATED
)
_COLON = b":|\xef\xbc\x9a".decode("utf-8")  # the second is that of Chinese texts
_CODE_FIRST = re.compile(r"\s*(?:(%s)\s*(?:(?:%s)(?!//)|$)|\[(%s)\])" % (_CODE, _COLON, _CODE))
# Names of classes in the server's own language, of products and of levels.
_NO_CODE = re.compile(r"(?:.*(?:Error|Exception)|CloudTower|ERROR|FATAL|WARNING|FAILED|HTTPS)$")
_UNWRAPPED = re.compile(r"(?:^|\s)code:\s*(\w+)[,;]?\s+message:\s*(.+)", re.S)
# A layer's code. Each layer around it has escaped its quotes once more.
_LAYER = re.compile(r'(\\*)"ec\\*"\s*:\s*\\*"(\w+)')

_NOT_JSON = object()

_CODES = ("code", "ec", "error_code")
_SENTENCES = ("message", "msg", "error_message", "error", "detail")
_IS_LOCK = re.compile(r"resource_?(?:is_?)?locked", re.I)

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # nothing that a server sends may steer a terminal
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,100}$")
_TITLE = re.compile(r"<title[^>]*>\s*([^<\s][^<]*)</title", re.I)
_UNSEEN = re.compile(r"<(script|style|head)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.I | re.S)
_TAG = re.compile(r"<[^<>]*>")
_ENTITIES = (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


def of_body(body):
    """The Failure in the body of a response, str or None."""
    text = _text(body)
    if not text:
        return _NOTHING
    value = _json(text)
    if isinstance(value, dict):
        value = _first_error(value)
        code, message = _of_object(value, _DEPTH)
        return _failure(code, message, value)
    if value is _NOT_JSON or isinstance(value, TEXT):
        return _failure(None, _excerpt(text if value is _NOT_JSON else value))
    return _NOTHING


def of_task(code, message):
    """The Failure in a task's `error_code` and `error_message`, each str or None."""
    message = _text(message)
    nested, sentence = _of_text(message, _DEPTH) if message else (None, None)
    code = _text(code) or nested
    return _failure(code, sentence)._replace(inner_code=_inner_code(code, message, sentence))


def _inner_code(code, message, sentence):
    """The innermost code in the error of a task, str; None where it is the task's own."""
    # Members stand in any order: what is innermost has the most escapes, not the last place.
    layers = sorted(_LAYER.findall(message or ""), key=_escapes)
    first = _CODE_FIRST.match(sentence or "")
    found = layers[-1][1] if layers else first and (first.group(1) or first.group(2))
    return None if found == code or not found or _NO_CODE.match(found) else _str(found)


def _escapes(layer):
    return len(layer[0])


def in_one_line(failure):
    """The sentence of a Failure and, where it lacks that, its code: str, "" for neither."""
    sentence = _CONTROL.sub(" ", " ".join(mask.text(failure.message or "").split()))
    if not failure.code or failure.code in sentence:
        return sentence
    return "%s (%s)" % (sentence, failure.code) if sentence else failure.code


def _failure(code, message, body=None):
    lock = None
    if code and _IS_LOCK.search(code):
        props = (body or {}).get("props")
        lock = _lock(props if isinstance(props, dict) else {})
    return Failure(_str(code), _str(message), lock, None)


def _lock(props):
    listed = props.get("locked_resources")
    listed = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    objects = [(_name(each.get("type")), _name(each.get("id"))) for each in listed]
    tasks = [_name(each.get("task_id")) for each in [props] + listed]
    return Lock([each for each in objects if each[1]], [each for each in tasks if each])


def _name(value):
    """A type or an id, as text that may stand in a sentence, or ""."""
    text = _text(value)
    return str(text) if text and _NAME.match(text) else ""


def _first_error(value):
    """The first error of a GraphQL response, dict; any other object as it is."""
    errors = value.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and "message" not in value else None
    if not isinstance(first, dict):
        return value
    extensions = first.get("extensions")
    found = dict(extensions) if isinstance(extensions, dict) else {}
    found.update(first)
    return found


def _of_object(value, depth):
    """(code, sentence) of a JSON object; its own code goes before one that is nested."""
    props = value.get("props")
    places = [value, props if isinstance(props, dict) else {}]
    codes = [_text(place.get(name)) for place in places for name in _CODES]
    code = next((each for each in codes if each), None)
    for name in _SENTENCES if depth else ():
        inner = value.get(name)
        if isinstance(inner, dict):
            nested, sentence = _of_object(inner, depth - 1)
        elif isinstance(inner, TEXT) and inner.strip():
            nested, sentence = _of_text(inner.strip(), depth - 1)
        else:
            continue
        if sentence:
            return code or nested, sentence
    return code, None


def _of_text(text, depth):
    """(code, sentence) of a text, which may be or end in a JSON object."""
    if not depth:
        return None, text
    unwrapped = _UNWRAPPED.search(text)
    if unwrapped:
        code, rest = unwrapped.groups()
        return code, _of_text(rest.strip(), depth - 1)[1]
    first = _CODE_FIRST.match(text)
    code = first and (first.group(1) or first.group(2))
    code = None if code is None or _NO_CODE.match(code) else code
    start = text.find("{")
    value = _json(text[start:]) if start >= 0 else _NOT_JSON
    if isinstance(value, dict):
        nested, sentence = _of_object(value, depth - 1)
        if sentence:
            return code or nested, text[:start] + sentence
    return code, text


def _json(text):
    """The value of a JSON text, or _NOT_JSON."""
    try:
        return json_text.loads(text)
    except ValueError:
        return _NOT_JSON


def _text(value):
    """A code or sentence as text, None for what cannot be one."""
    if isinstance(value, INTEGERS) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return (value.strip() or None) if isinstance(value, TEXT) else None


def _str(text):
    return text.encode("utf-8") if str is bytes and text else text


def _excerpt(text):
    """The title of a page, or its first words, without tags and secrets, or None."""
    text = _text(mask.text(text[:_PAGE])) or ""  # with the tags gone no secret has a name
    if "<" in text:
        title = _TITLE.search(text)
        text = title.group(1) if title else _TAG.sub(" ", _UNSEEN.sub(" ", text))
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    words = " ".join(text.split())
    return (words[: _EXCERPT - 3] + "..." if len(words) > _EXCERPT else words) or None


def unfinished(id, task):
    """What is known of a task that has not finished: its status, and its object, str.

    Parameters:
        id: of the task, str.
        task: Task, or None where it has not been seen.
    """
    if task is None:
        return "%s (not seen)" % printable(id)
    thing = " ".join(printable(each) for each in (task.resource_type, task.resource_id) if each)
    description = " ".join(printable(task.description or "").split())
    known = [part for part in (printable(task.status), thing, description) if part]
    return "%s (%s)" % (printable(id), ", ".join(known))
