"""Writes VMs as a CloudTower would send them, made from the tables of the interface.

usage: python vms.py full|sparse COUNT FILE
"""

import json
import sys


def vm(number, is_full):
    """A VM with every attribute set, or with null wherever null is allowed."""
    from cloudtower.models import Vm

    return _object(Vm, number, nulls=not is_full)


def _object(model, number, nulls):
    types = model.openapi_types
    return {
        # what nested objects may leave null is null: they are short in real answers too
        field.json: None if nulls and field.nullable else _value(field, types[field.name], number)
        for field in model.__schema__.fields
    }


def _value(field, type_name, number):
    import cloudtower.models

    if type_name.startswith("list["):
        return [_value(field, type_name[5:-1], number)]
    if type_name == "bool":
        return number % 2 == 0
    if type_name == "int":
        return 1000000 + number
    if type_name == "float":
        return number + 0.25
    if type_name == "str":
        # an id is as long as CloudTower's
        return "%s-%06d" % ("cl2k0mpoy026d0822" if field.name == "id" else field.name, number)
    model = getattr(cloudtower.models, type_name)
    if model.is_enum:
        return model.allowable_values[number % len(model.allowable_values)]
    return _object(model, number, nulls=True)


if __name__ == "__main__":
    fill, count, path = sys.argv[1:]
    text = json.dumps([vm(number, fill == "full") for number in range(int(count))])
    with open(path, "w") as stream:
        stream.write(text)
    print(json.dumps({"characters": len(text) // int(count)}))
