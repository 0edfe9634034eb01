"""Exactly one VM by its name; an error that says what there is where it is not one."""

from cloudtower import ApiClient, Configuration, MultipleResultsFound, NoResultFound, VmApi
from cloudtower.utils import get_one

NAME = "db-01"

client = ApiClient(Configuration.from_env())
try:
    vm = get_one(VmApi(client).get_vms, where={"name": NAME, "in_recycle_bin": False})
except (NoResultFound, MultipleResultsFound) as error:
    raise SystemExit(str(error)) from None
print("%s is %s, with %s" % (vm.name, vm.status, vm.ips))
client.close()
