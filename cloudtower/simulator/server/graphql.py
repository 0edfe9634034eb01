"""The GraphQL endpoint `POST /api`: lists and objects of every kind, and some mutations.

Its types are the kinds of the interface. An object holds its relations whole, not in the short
form of the REST interface: `vms { cluster { hosts { name } } }`. A field that is not there is
named in the words that clients look for.
"""

from functools import lru_cache

from cloudtower.simulator.engine import where
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.engine.selection import Selection
from cloudtower.simulator.errors import Refusal, refused
from cloudtower.simulator.operations import listing
from cloudtower.simulator.operations.call import Call
from cloudtower.simulator.operations.registry import MUTATIONS
from cloudtower.simulator.resources.vm import console
from cloudtower.simulator.schema import bodies, graphql_inputs, kinds, models, operations
from cloudtower.simulator.server import graphql_document

#: Texts stand in an error as clients compare them, without a code before them.
_PLAIN = ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED")
_LISTED = ("where", "orderBy", "first", "last", "skip", "after", "before")
#: The _Type of what has no fields.
_SCALAR = None


class _Type(object):
    """A type of the GraphQL schema.

    Attributes:
        name: such as "Vm".
        fields: {name: function() that gives the _Type of its value, or None of a scalar}.
        kind: the Kind whose records have this type, or None.
    """

    def __init__(self, name, fields, kind=None):
        self.name = name
        self.fields = fields
        self.kind = kind


@lru_cache(maxsize=None)
def _kind_type(kind_name):
    """The _Type of the records of a kind."""
    kind, fields = kinds.kind(kind_name), {}
    for name, field in kind.fields.items():
        relation = kind.relations.get(name)
        fields[name] = (
            _of_kind(relation.target) if relation is not None else _of_model(field.type.leaf)
        )
    return _Type(kind_name, fields, kind)


def _of_kind(kind_name):
    """A function that gives the _Type of a kind: types lead to each other in circles."""
    return lambda: _kind_type(kind_name)


def _of_model(leaf):
    """A function that gives the _Type of an embedded object, or that of a scalar."""
    is_object = not leaf.is_scalar and leaf.is_model
    return (lambda: _model_type(leaf.name)) if is_object else _scalar


@lru_cache(maxsize=None)
def _model_type(class_name):
    """The _Type of embedded objects of a class; GraphQL's names lack the `Nested`."""
    fields = {field.json: _of_model(field.type.leaf) for field in models.fields_of(class_name)}
    return _Type(class_name[len("Nested") :] if class_name[:6] == "Nested" else class_name, fields)


def _scalar():
    """The _Type of what has no fields."""
    return _SCALAR


def _plain(name, *fields, **more):
    """A type whose fields are scalars, and more that are not."""
    return _Type(name, dict(dict.fromkeys(fields, _scalar), **more))


@lru_cache(maxsize=None)
def _lists():
    """{field of Query: (kind, operation that lists it, "many", "one" or "count")}."""
    found = {}
    for path, operation in operations.by_path().items():
        kind_name = operations.listed_kind(operation)
        count = operations.by_path().get(path + "-connection")
        if kind_name is not None and operation.result.item and count is not None:
            plural = operations.mutation_of(path)[len("get") :]
            plural = plural[0].lower() + plural[1:]
            single = kind_name[0].lower() + kind_name[1:]
            found[single] = kind_name, operation, "one"
            found[plural] = kind_name, operation, "many"
            found[plural + "Connection"] = kind_name, count, "count"
    return found


@lru_cache(maxsize=None)
def _root(operation_kind):
    """The type of Query or Mutation."""
    key = _plain("ApiKey", "id", "key", "name", roles=_of_kind("UserRoleNext"))
    if operation_kind == "mutation":
        mfa = _plain("MfaMeta", "recipient", "mid", "type", "valid")
        login = _plain("LoginResponse", "token", "uid", "need_mfa", mfa_meta=lambda: mfa)
        fields = dict.fromkeys(("createApiKey", "deleteApiKey"), lambda: key)
        fields["login"] = lambda: login
        fields.update((name, _of_kind(entry.kind)) for name, entry in MUTATIONS.items())
        return _Type("Mutation", fields)
    strategy = _plain("AuthnStrategy", "id", "type", "name")
    created = _plain("UserCreated", "created")
    vnc = _plain("Vnc", "cluster_ip", "host_ip", "raw_token", "token", "vm_uuid")
    fields = {"authnStrategies": lambda: strategy, "userCreated": lambda: created}
    fields["vnc"] = lambda: vnc
    for name, (kind_name, _, form) in _lists().items():
        count = _plain("Aggregate" + kind_name, "count")
        whole = _plain(kind_name + "Connection", aggregate=lambda count=count: count)
        fields[name] = (lambda whole=whole: whole) if form == "count" else _of_kind(kind_name)
    return _Type("Query", fields)


def queries():
    """The names of all fields of Query, a list."""
    return sorted(_root("query").fields)


def mutations():
    """The names of all fields of Mutation, a list."""
    return sorted(_root("mutation").fields)


async def answer(tower, turns, request, authorization=None, faults=None):
    """Answer `POST /api`.

    Parameters:
        turns: the Turns of the server: others are answered while a long list is made.
        request: the parsed body, {"query": text, "variables": {...}, "operationName": name}.
        authorization: the header of that name, or None.
        faults: what strikes the request, {kind of fault: its options}.

    Returns ({"data": ...}, with "errors" where there are any; the task's record of what changes
    something, or None).
    """
    request = request if isinstance(request, dict) else {}
    query = request.get("query")
    try:
        if not isinstance(query, str) or not query.strip():
            raise graphql_document.invalid("Must provide query string.")
        name = request.get("operationName")
        operation = graphql_document.operation_of(query, name, request.get("variables"))
        if operation.kind == "subscription":
            raise refused("NOT_SIMULATED", "subscriptions need a WebSocket, which is not simulated")
    except Refusal as refusal:
        return {"data": None, "errors": [_error(refusal)]}, None
    root = _root(operation.kind)
    wrong = list(_wrong(operation.fields, root))
    if wrong:
        code = "GRAPHQL_VALIDATION_FAILED"
        return {"data": None, "errors": [{"code": code, "message": text} for text in wrong]}, None
    return await _Answering(tower, turns, authorization, faults).carry_out(operation, root)


def _error(refusal, path=None):
    """A refusal as an element of `errors`.

    Clients log in again where the code says that the token is at fault, and only there.
    """
    code = (refusal.props or {}).get("code") or refusal.code or "GRAPHQL_VALIDATION_FAILED"
    message = refusal.message
    if refusal.status == 401:
        code = "LOAD_TOKEN_FAILED"
    if code in _PLAIN and message.startswith(code):
        message = message[len(code) + 2 :]
    return dict({"code": code, "message": message}, **({"path": [path]} if path else {}))


def _wrong(fields, of_type):
    """What a selection asks for that its type does not have: a sentence each."""
    for field in fields:
        for name in field.types:
            if name != of_type.name:
                message = "Fragment cannot be spread here as objects of type"
                message += ' "%s" can never be of type "%s".'
                yield message % (of_type.name, name)
        if field.name == "__typename":
            continue
        if field.name not in of_type.fields:
            yield 'Cannot query field "%s" on type "%s".' % (field.name, of_type.name)
            continue
        inner = of_type.fields[field.name]()
        if inner is _SCALAR and field.fields is not None:
            message = 'Field "%s" must not have a selection since type "%s.%s" has no subfields.'
            yield message % (field.name, of_type.name, field.name)
        elif inner is not _SCALAR and field.fields is None:
            message = 'Field "%s" of type "%s" must have a selection of subfields.'
            yield message % (field.name, inner.name)
        elif inner is not _SCALAR:
            yield from _wrong(field.fields, inner)


class _Answering(object):
    """Carries out the fields of one operation."""

    def __init__(self, tower, turns, authorization, faults):
        self._tower = tower
        self._turns = turns
        self._world = tower.world
        self._authorization = authorization
        self._faults = faults
        self._sight = tower.permissions.sight(None)
        self._task = None

    async def carry_out(self, operation, root):
        """({"data": ..., "errors": ...}, the record of the last task)."""
        data, errors = {}, []
        for field in operation.fields:
            try:
                if field.name == "__typename":
                    data[field.alias] = root.name
                elif operation.kind == "mutation":
                    data[field.alias] = self._mutate(field, root.fields[field.name]())
                else:
                    data[field.alias] = await self._query(field, root.fields[field.name]())
            except Refusal as refusal:
                if refusal.status == 401:
                    return {"data": None, "errors": [_error(refusal)]}, None
                data[field.alias] = None
                errors.append(_error(refusal, field.alias))
        return dict({"data": data}, **({"errors": errors} if errors else {})), self._task

    def _user(self):
        """The record of who asks; Refusal with status 401 without a login."""
        return self._tower.authentication.user_of(self._authorization)

    async def _query(self, field, of_type):
        """What a field of Query answers."""
        if field.name == "authnStrategies":
            directory = self._tower.authentication.directory
            strategies = [dict(directory, name="")] if directory else []
            return self._projected(strategies, of_type, field)
        if field.name == "userCreated":
            created = self._world.first("User", role="ROOT") is not None
            return self._projected({"created": created}, of_type, field)
        if _is_setup_check(field) and not self._authorization:
            _require_known(field, _LISTED)
            found = self._world.all("Organization")
            return [self._shown(record, of_type, field.fields) for record in found]
        user = self._user()
        if field.name == "vnc":
            return self._projected(self._console(user, field), of_type, field)
        kind_name, operation, form = _lists()[field.name]
        _require_known(field, ("where",) if form == "one" else _LISTED)
        self._tower.permissions.require(user, operation)
        self._sight = self._tower.permissions.sight(user)
        if form == "one":
            record = self._unique(kind_name, field.arguments.get("where"))
            return None if record is None else self._shown(record, of_type, field.fields)
        body, _ = bodies.checked(dict(field.arguments), operation.body.type)
        body = self._sight.narrowed(body, operation)
        matching = where.matching(self._world, kind_name, body.get("where"))
        if form == "count":
            count = listing.counted(self._sight, kind_name, matching, body)
            return self._projected({"aggregate": {"count": count}}, of_type, field)
        found = listing.paged(self._sight, kind_name, matching, body)
        there = (record for record in found if record in self._world)
        return await self._turns.taken(self._shown(one, of_type, field.fields) for one in there)

    def _console(self, user, field):
        """Where the console of the VM is that `input` names."""
        _require_known(field, ("input",))
        self._tower.permissions.require(user, operations.by_path().get("/get-vm-vnc-info"))
        self._sight = self._tower.permissions.sight(user)
        given = field.arguments.get("input")
        vm = self._unique("Vm", given.get("vm") if isinstance(given, dict) else None)
        if vm is None:
            raise refused("VM_NOT_FOUND", "there is no such VM")
        return console.tokens_of(self._world, vm)

    def _unique(self, kind_name, given):
        """The record that a unique filter names, where it is seen; None for another."""
        given = given if isinstance(given, dict) else {}
        known = {name: value for name, value in given.items() if value is not None}
        fields = kinds.kind(kind_name).defaults
        for name, value in known.items():
            if name not in fields or isinstance(value, (dict, list)):
                message = 'Field "%s" is not defined by type "%sWhereUniqueInput".'
                raise graphql_document.invalid(message, name, kind_name)
        if not known:
            raise graphql_document.invalid("where of %s needs an id", kind_name)
        if "id" in known:
            record = self._world.find(kind_name, known["id"])
            return record if record is not None and self._sight.sees(record) else None
        for record in filter(self._sight.sees, self._world.all(kind_name)):
            if known.items() <= self._sight.seen(record).items():
                return record
        return None

    def _shown(self, record, of_type, fields):
        """The selected fields of a record."""
        shown, seen = {}, self._sight.seen(record)
        for field in fields:
            if field.name == "__typename":
                shown[field.alias] = of_type.name
                continue
            relation = of_type.kind.relations.get(field.name)
            if relation is None:
                inner = of_type.fields[field.name]()
                shown[field.alias] = self._projected(seen.get(field.name), inner, field)
                continue
            _require_known(field, _LISTED if relation.many else ())
            found, inner = self._world.many(seen, field.name), of_type.fields[field.name]()
            if field.arguments:
                found = self._paged(relation.target, found, field.arguments)
            found = [self._shown(other, inner, field.fields) for other in found]
            shown[field.alias] = found if relation.many else next(iter(found), None)
        return shown

    def _paged(self, kind_name, records, arguments):
        """Those of some related records that the arguments of a field ask for."""
        operation = next(it for name, it, _ in _lists().values() if name == kind_name)
        body, _ = bodies.checked(dict(arguments), operation.body.type)
        body = self._sight.narrowed(body, operation)
        matching = where.matching(self._world, kind_name, body.get("where"))
        matching = matching & Selection(record.id for record in records)
        return listing.paged(self._sight, kind_name, matching, body)

    def _projected(self, value, of_type, field):
        """The selected fields of what is no record."""
        if isinstance(value, list):
            return [self._projected(element, of_type, field) for element in value]
        if of_type is _SCALAR or not isinstance(value, dict):
            return value
        shown = {}
        for selected in field.fields:
            if selected.name == "__typename":
                shown[selected.alias] = of_type.name
            else:
                inner = of_type.fields[selected.name]()
                shown[selected.alias] = self._projected(value.get(selected.name), inner, selected)
        return shown

    def _mutate(self, field, of_type):
        """Carry out a mutation. Returns what its field answers."""
        if field.name == "login":
            return self._projected(self._login(_data(field)), of_type, field)
        user = self._user()
        self._sight = self._tower.permissions.sight(user)
        if field.name in MUTATIONS:
            return self._carry_out(MUTATIONS[field.name], user, field, of_type)
        made = (self._create_key if field.name == "createApiKey" else self._delete_key)(user, field)
        title = _TITLES[field.name]
        task = self._tower.tasks.begin(title, field.name, user=user, faults=self._faults)
        self._task = task
        return self._projected(made, of_type, field)

    def _carry_out(self, entry, user, field, of_type):
        """The record that a mutation has made or changed; one that it removes as it was."""
        makes = entry.missing is None
        _require_known(field, (() if makes else ("where",)) + tuple(entry.types))
        operation, record, body = operations.by_path()[entry.path], None, {}
        self._tower.permissions.require(user, operation)
        if not makes:
            record = self._unique(entry.kind, field.arguments.get("where"))
        for name, type_name in entry.types.items():
            body[name] = graphql_inputs.checked(field.arguments.get(name), type_name, name) or {}
        if record is None and not makes:
            raise refused(entry.missing, "there is no such %s" % entry.kind)
        call = Call(self._tower, operation, body, user, "en-US", self._faults)
        call.has_tasks = True
        self._sight.require_seen(body)
        before = None if makes else self._shown(record, of_type, field.fields)
        try:
            with call.batch.step():
                task = entry.function(call, record)
                # what the user has made is seen from now on
                self._sight = self._tower.permissions.sight(user)
                after = self._world.get(entry.kind, task["resource_id"])
                shown = before if after is None else self._shown(after, of_type, field.fields)
        except BaseException:
            call.batch.cancel({})  # the step has put back all that it did
            raise
        call.batch.start()
        self._task = task
        return shown

    def _login(self, data):
        """Logs a user in. Returns the token, or that a second factor is wanted."""
        username, password = _text(data, "username") or "", _text(data, "password") or ""
        way = _text(data, "source"), _text(data, "auth_config_id")
        authentication = self._tower.authentication
        token = authentication.login(username, password, *way)
        if token is None:
            return {"token": None, "uid": None, "need_mfa": True, "mfa_meta": []}
        user = authentication.user_of(token)
        return {"token": token, "uid": user.id, "need_mfa": False, "mfa_meta": None}

    def _create_key(self, user, field):
        """Makes an API key with the rights of its user."""
        name = _text(_data(field), "name") or ""
        key_id, key = self._tower.authentication.add_key(user, name=name)
        roles = [dict(role, users=[]) for role in self._world.many(user, "roles")]
        return {"id": key_id, "key": key, "name": name, "roles": roles}

    def _delete_key(self, user, field):
        """Revokes an API key of the user, or with MANAGE_API_KEY of anybody."""
        authentication = self._tower.authentication
        key = _text(field.arguments.get("where"), "key")
        if authentication.owner_of_key(key) not in (None, user.id):
            if not self._tower.permissions.may(user, "MANAGE_API_KEY"):
                raise refused("PERMISSION_DENIED", "the API key is another user's")
        key_id = authentication.delete_key(key)
        if key_id is None:
            raise refused("API_KEY_NOT_FOUND", "there is no such API key")
        return {"id": key_id}


_TITLES = {
    "createApiKey": Text("Create an API key", "创建 API 密钥"),
    "deleteApiKey": Text("Delete an API key", "删除 API 密钥"),
}


def _is_setup_check(field):
    """Whether a field is what clients ask of a tower before anybody can log in."""
    names = {selected.name for selected in field.fields or ()}
    return field.name == "organizations" and names <= {"id", "name", "__typename"}


def _data(field):
    """The argument `data` of a field; {} unless it is an object."""
    data = field.arguments.get("data")
    return data if isinstance(data, dict) else {}


def _text(values, name):
    """A member that is a text; None for anything else."""
    value = values.get(name) if isinstance(values, dict) else None
    return value if isinstance(value, str) else None


def _require_known(field, names):
    """Refuse arguments that a field does not take."""
    for name in field.arguments:
        if name not in names:
            message = 'Unknown argument "%s" on field "%s".'
            raise graphql_document.invalid(message, name, field.name)
