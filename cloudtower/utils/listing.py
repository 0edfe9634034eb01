"""The list in which the objects of a model stand."""

from cloudtower import api
from cloudtower._lists import LISTS

_BATCH = 500  # ids in a filter


class Listing(object):
    """Lists, and counts, the objects of a model.

    Parameters:
        model: name of the model, str.
        client: ApiClient.

    Attributes:
        model: the same.
        list: the method that lists, such as `VmApi(client).get_vms`.
        count: the one that counts, or None where the interface has none.
        name: of the method that lists, such as "VmApi.get_vms", str.
    """

    def __init__(self, model, client):
        class_name, list_name, count_name = LISTS[model]
        instance = getattr(api, class_name)(client)
        self.model = model
        self.list = getattr(instance, list_name)
        self.count = getattr(instance, count_name) if count_name else None
        self.name = "%s.%s" % (class_name, list_name)

    def find(self, where, **body):
        """The objects that match a filter, list of models.

        Parameters:
            where: dict or model, or None: all.
            body: further members of the body, such as `first` and `orderBy`.
        """
        return self.list(dict(body, where=where) if where is not None else body) or []

    def of_ids(self, ids):
        """The objects with these ids that there are, in the order of the ids, list of models."""
        found = {}
        for start in range(0, len(ids), _BATCH):
            for each in self.find({"id_in": ids[start : start + _BATCH]}):
                found[each.id] = each
        return [found[id] for id in ids if id in found]

    def condition(self, name, value):
        """The filter of a member of a body: of `cluster_id` {"cluster": {"id": value}}."""
        fields, relation = self.filter_fields(), name[: -len("_id")]
        if name not in fields and name.endswith("_id") and relation in fields:
            return {relation: {"id": value}}
        return {name: value}

    def filter_fields(self):
        """The members that its filter may have, {JSON name: Field}."""
        body = self.list.operation.body.kind.leaf.target.__schema__
        return body.by_json["where"].type.target.__schema__.by_json

    def total(self, where):
        """How many objects match a filter, int; None where the interface cannot count them."""
        if self.count is None:
            return None
        return self.count({"where": where} if where is not None else {}).aggregate.count


def of_method(method):
    """The Listing that a `Method` lists with, or None where it is not the list of a model."""
    result = method.row.result
    if result is None or result.item is None or not result.leaf.is_model:
        return None
    model = result.leaf.name
    known = LISTS.get(model)
    if known is None or known[:2] != (type(method.api).__name__, method.row.name):
        return None
    return Listing(model, method.client)


def of_model(model, client):
    """The Listing of a model, by its name, or None where nothing lists it."""
    return Listing(model, client) if model in LISTS else None
