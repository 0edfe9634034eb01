"""The operations of a document."""

import re

from codegen import servers
from codegen.grammar import METHODS
from codegen.ir import TEXT, List, Operation, Parameter, Scalar
from codegen.node import DocumentError
from codegen.passes.naming import class_name

#: The tag of an operation without one, or with one of which nothing is left in Python.
UNTAGGED = "Default"
_JSON = "application/json"
_MULTIPART, _URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
_FILE = Scalar("file")
_NUMBERS = ("int32", "int64", "double", "bool")  # which are the same as text and as JSON
#: Media types that are no text, whatever their schema says.
_OCTETS = re.compile(r"(image|audio|video|font)/|application/(octet-stream|pdf|g?zip|x-tar)$")
_BODILESS = ("get", "head")  # methods whose body no client sends
#: How a list is written, by style: (where each value has a name of its own, where not).
_COLLECTIONS = {
    "form": ("multi", "csv"),
    "spaceDelimited": ("multi", "ssv"),
    "pipeDelimited": ("multi", "pipes"),
    "simple": ("csv", "csv"),
}
_USUAL = {"query": "form", "header": "simple", "path": "simple"}
#: Headers that are no parameters, by OpenAPI or because the client alone knows them.
_OWN_HEADERS = ("accept", "authorization", "content-type", "connection", "content-length", "host")
_OWN_HEADERS += ("transfer-encoding",)
_BRACES = re.compile(r"{([^{}]*)}")
#: What a media type may say of itself and is so anyway.
_PARAMETER = re.compile(r'charset="?utf-?8"?|boundary=.*')
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def of(document, types):
    """The Operations of a document, a list.

    Parameters:
        document: the Node of the whole of it.
        types: parse.Types, which makes types and schemas.

    Raises DocumentError.
    """
    made = []
    names = {}  # operationId -> how often it was there; equal ones have other tags
    for path, item in document.members("paths"):
        if path.startswith("x-"):
            continue
        item = item.resolved()
        servers.check(item)
        for method in METHODS:
            if method in item.value:
                reader = _Reader(document, types, path, item, method, names)
                made.extend(reader.operations())
    return made


class _Reader:
    """Reads one operation."""

    def __init__(self, document, types, path, item, method, names):
        self.document = document
        self.types = types
        self.path = path
        self.item = item
        self.method = method
        self.node = item.at(method)
        self.id = self.node.get("operationId")
        # What an inline object is named after: the id, or another word where that is taken.
        names[self.id] = count = names.get(self.id, 0) + 1
        self.named = self.id if count == 1 else "%s_%d" % (self.id, count)

    def operations(self):
        node = self.node
        servers.check(node)
        parameters = self._parameters() + list(self._body())
        self._check_path(parameters)
        self.accepted = {}  # media types, as an ordered set
        returns, others, statuses = self._responses()
        seen = {}
        for tag in self._tags():
            repeat = seen[class_name(tag)] = seen.get(class_name(tag), -1) + 1
            yield Operation(
                id=self.id,
                tag=tag,
                method=self.method.upper(),
                path=self.path,
                parameters=tuple(parameters),
                returns=returns,
                others=others,
                accept=", ".join(self.accepted) if set(self.accepted) - {_JSON} else "",
                content_type=self.content_type,
                statuses=statuses,
                requirements=self._requirements(),
                repeat=repeat,
                deprecated=node.get("deprecated", False),
                place=node.pointer,
            )

    def _tags(self):
        found = []
        for tag in self.node.get("tags", ()):
            if not class_name(tag):
                message = "the tag %r gives no name of a class, so the operation is in %sApi;"
                message += " rename.tags of an overlay gives it another name"
                self.types.remark(self.node.at("tags"), message % (tag, UNTAGGED))
            found.append(tag if class_name(tag) else UNTAGGED)
        return found or [UNTAGGED]

    # ---- parameters

    def _parameters(self):
        given = {}
        for owner in (self.item, self.node):
            own = {}
            for node in owner.elements("parameters"):
                found = node.resolved()
                key = found.get("in"), found.get("name")
                if key in own:
                    raise node.error("stands there twice: %r in %s" % (key[1], key[0]))
                own[key] = found, node.pointer
            given.update(own)  # those of an operation stand in the place of its path's
        made = [self._parameter(node, where) for node, where in given.values()]
        return [each for each in made if not self._is_own(each)]

    def _is_own(self, parameter):
        """Whether a parameter is a header that the client sets, which is odd."""
        if parameter.place != "header" or parameter.json.lower() not in _OWN_HEADERS:
            return False
        text = "%s: is left out: the client sets the header %s itself"
        self.types.remarks[text % (parameter.where, parameter.json)] = None
        return True

    def _check_path(self, parameters):
        """Each name in braces has a parameter, and the other way round."""
        wanted = _BRACES.findall(self.path)
        if len(set(wanted)) != len(wanted) or re.search("[{}]", _BRACES.sub("", self.path)):
            raise self.node.error("has a path whose parameters are not in braces, each once")
        given = [each.json for each in parameters if each.place == "path"]
        for name in wanted:
            if name not in given:
                raise self.node.error("has no parameter for {%s} in its path" % name)
        for each in parameters:
            if each.place == "path" and each.json not in wanted:
                message = "is in the path %s, which has no {%s}"
                raise DocumentError(each.where, message % (self.path, each.json))

    def _parameter(self, node, where):
        name, place = node.get("name"), node.get("in")
        if not name:
            raise node.error("has no name")
        if place == "header" and not _HEADER.fullmatch(name):
            raise node.error("has the name %r, which is not a valid header name" % name)
        if place not in _USUAL:
            raise node.at("in").error("must be header, path or query, not %r" % place)
        if "content" in node.value:
            raise node.at("content").error("is not understood: a parameter has a schema")
        if "schema" not in node.value:
            raise node.error("has no schema")
        kind, facts = self.types.type(node.at("schema"), ("", name))
        _check_plain(kind, node, "a %s" % place)
        collection = _collection(node)
        if place == "path":
            if not node.get("required"):
                raise node.error("is in the path and not required")
            if kind.bare.kind == "list":
                raise node.error("is of the type %s, which a path cannot carry" % kind.notation)
            kind, collection = kind.bare, ""
        return Parameter(
            name,
            kind,
            place,
            node.get("required", False),
            facts,
            collection=collection if kind.bare.kind == "list" or kind == self.types.any else "",
            deprecated=node.get("deprecated", False) or self.types.is_deprecated(node.at("schema")),
            where=where,
        )

    def _body(self):
        self.content_type = ""
        if "requestBody" not in self.node.value:
            return
        node = self.node.at("requestBody")
        body = node.resolved()
        if self.method in _BODILESS:
            raise node.error("is the body of a %s, which no client sends" % self.method.upper())
        for wanted in (_MULTIPART, _URLENCODED):
            media = self._chosen(body, wanted.__eq__)
            if media is not None:
                self.content_type = "" if wanted == _MULTIPART else wanted
                yield from self._form(media, wanted)
                return
        media = self._chosen(body, _is_json) or self._chosen(body, _is_text)
        if media is None:
            raise body.at("content").error("is neither JSON nor text nor a form")
        media_type = _essence(media.place[-1])
        if media_type != _JSON and "*" not in media_type:
            self.content_type = media_type
        schema = media.at("schema")
        if "schema" not in media.value:
            schema = media.with_value({"type": "string"} if _is_text(media_type) else True)
        kind, facts = self.types.type(schema, (self.named, "body"))
        if _is_text(media_type) and kind.bare != TEXT:
            raise media.error("is text, and its schema of the type %s" % kind.notation)
        # The published SDK calls the body after its schema, but not where
        # that schema only stands for another one.
        is_alias = _is_reference(schema) and _is_reference(schema.target())
        name = "body" if is_alias else ""
        required = body.get("required", False)
        yield Parameter("", kind, "body", required, facts, name, where=body.pointer)

    def _form(self, media, media_type):
        if "schema" not in media.value:
            raise media.error("has no schema")
        for _, each in media.members("encoding"):
            if set(each.value) - {"contentType"}:
                raise each.error("is not understood")
        schema = media.at("schema")
        if self.types.whole_shape(schema) != "object":
            raise schema.error("must be an object with properties: the fields of the form")
        properties, required, more = self.types.members("", schema.resolved())
        for each in more:
            raise each.at("additionalProperties").error("is not understood in a form")
        for name, each in media.members("encoding"):
            if name not in properties:
                raise each.error("is not a field of the form")
        for name, nodes in properties.items():
            inner = nodes[0][1]
            kind, facts = self.types.member("", name, [("", each) for _, each in nodes])
            if kind.bare in (TEXT, self.types.any) and _has_octets(inner.resolved()):
                kind = _FILE
            _check_plain(kind, inner, "a form")
            if kind.leaf == _FILE and media_type == _URLENCODED:
                raise inner.error("is a file, which %s cannot carry" % media_type)
            self._check_encoding(media.at("encoding", name), kind)
            yield Parameter(
                name,
                kind,
                "form",
                name in required,
                facts,
                collection="multi" if kind.bare.kind == "list" or kind == self.types.any else "",
                deprecated=self.types.is_deprecated(inner),
                where=inner.pointer,
            )

    def _check_encoding(self, node, kind):
        """Of a field: text is sent as text, and a file as what its name says."""
        wanted = _essence(node.get("contentType", "")) if node.value else ""
        if kind.leaf == _FILE:
            if wanted not in ("", "*/*", "application/octet-stream"):
                self.types.remark(node, "is left out: the name of a file says what is in it")
        elif wanted not in ("", "*/*", "text/plain"):
            raise node.error("is not understood: the fields of a form are text")

    def _requirements(self):
        owner = self.node if "security" in self.node.value else self.document
        schemes = self.document.at("components", "securitySchemes")
        found = []
        for each in owner.elements("security"):
            for name in each.value:
                if name in (schemes.value or {}):
                    _check_scheme(schemes.at(name).resolved())
            found.append(tuple(each.value))
        return tuple(found) if any(found) else ()

    # ---- responses

    def _responses(self):
        """(type, ((status, other type), ...), declared statuses)."""
        nodes = [(name.upper(), node) for name, node in self.node.members("responses")]
        nodes = {name: node.resolved() for name, node in nodes if not name.startswith("X-")}
        statuses = tuple(sorted(int(name) for name in nodes if name.isdigit()))
        good = {name: node for name, node in sorted(nodes.items()) if name[0] == "2"}
        if not good and "DEFAULT" in nodes:
            good = {"2XX": nodes["DEFAULT"]}
        kinds = {}
        for name, node in good.items():
            words = "response_" + name if any(kinds.values()) else "response"
            kinds[name] = self._returned(node, words)
        if self.method == "head":  # which has no body
            kinds, self.accepted = {}, {}
        if "2XX" in kinds:
            usual = kinds.pop("2XX")
        else:
            usual = next((kind for kind in kinds.values() if kind), None)
            kinds = {name: kind for name, kind in kinds.items() if kind}
        found = {kind for kind in [usual] + list(kinds.values()) if kind}
        if _FILE in found and len(found) > 1:
            raise self.node.at("responses").error("has files and other types")
        others = [(int(name), kind) for name, kind in kinds.items() if kind != usual]
        return usual, tuple(others), statuses

    def _returned(self, node, words):
        """The type of what a response has in it; None for nothing.

        Parameters:
            words: for the name of an inline object, behind that of the operation, str.
        """
        media = self._chosen(node, _is_json)
        if media is not None:
            self.accepted[_JSON] = None
            if "schema" not in media.value:
                return self.types.any
            return self.types.type(media.at("schema"), (self.named, words))[0]
        media = self._chosen(node, lambda media_type: True)
        if media is None:
            return None
        media_type = _essence(media.place[-1])
        if "schema" in media.value:
            kind = self.types.type(media.at("schema"), (self.named, words))[0]
        else:
            kind = TEXT if media_type.startswith("text/") else _FILE
        if kind.bare == TEXT and _OCTETS.match(media_type):
            kind = _FILE
        is_number = kind.bare.is_scalar and kind.bare.name in _NUMBERS
        if kind.bare not in (TEXT, _FILE) and not is_number:
            raise media.error("is neither JSON nor text nor a file")
        self.accepted[media_type] = None
        return kind

    def _chosen(self, node, wanted):
        """The Node of the content whose media type is wanted, JSON itself first; None without one.

        The others are odd where they have another schema.
        """
        found = [media for name, media in node.members("content") if wanted(_essence(name))]
        found.sort(key=lambda media: _essence(media.place[-1]) != _JSON)
        if found:
            self._note_others(node, found[0])
            self._note_parameters(found[0])
        return found[0] if found else None

    def _note_parameters(self, media):
        """Note what a media type says of itself that the client does not send."""
        found = [each.strip().lower() for each in media.place[-1].split(";")[1:]]
        if any(each and not _PARAMETER.fullmatch(each) for each in found):
            self.types.remark(
                media,
                "has parameters, which are left out: the client says %s"
                % _essence(media.place[-1]),
            )

    def _note_others(self, node, media):
        for _, each in node.members("content"):
            if each.get("schema") != media.get("schema"):
                text = "is left out: the client has %s in its place"
                self.types.remark(each, text % media.place[-1])


# ---- what a node says ------------------------------------------------------------------


def _essence(media_type):
    """`application/json; charset=utf-8` -> `application/json`."""
    return media_type.partition(";")[0].strip().lower()


def _is_json(media_type):
    return media_type in (_JSON, "*/*", "application/*") or media_type.endswith("+json")


def _is_text(media_type):
    return media_type.startswith("text/") and "json" not in media_type


def _has_octets(node):
    """Whether a text is what OpenAPI 3.1 writes a file as."""
    if node.value is True or "contentEncoding" in node.value:
        return False
    return bool(_OCTETS.match(_essence(node.get("contentMediaType", ""))))


def _is_reference(node):
    return node.value is not True and "$ref" in node.value


def _check_plain(kind, node, owner):
    """Raise DocumentError for a type that has no form as text: an object, lists in lists."""
    bare = kind.bare
    if isinstance(bare, List):
        bare = bare.item.bare
    for each in bare.members if bare.kind == "union" else (bare,):
        if each.kind in ("model", "where", "map", "list", "nullable"):
            raise node.error("is of the type %s, which %s cannot carry" % (kind.notation, owner))
        if each == _FILE and owner != "a form":
            raise node.error("is a file, which %s cannot carry" % owner)


def _collection(node):
    style = node.get("style", _USUAL[node.get("in")])
    if style not in _COLLECTIONS or (style == "simple") == (node.get("in") == "query"):
        raise node.at("style").error("is not understood: %r" % style)
    explode = node.get("explode", style == "form")
    return _COLLECTIONS[style][0 if explode else 1]


def _check_scheme(node):
    kind = node.get("type")
    if kind == "apiKey":
        if node.get("in") not in ("header", "query", "cookie") or not node.get("name"):
            raise node.error("must say where the key goes, and its name")
        if node.get("in") != "query" and not _HEADER.fullmatch(node.get("name")):
            told = "has the name %r, which no %s can have"
            raise node.at("name").error(told % (node.get("name"), node.get("in")))
    elif kind != "http" or node.get("scheme", "").lower() != "basic":
        raise node.error("is a scheme that this client does not have")
