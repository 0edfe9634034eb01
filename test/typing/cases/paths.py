"""Where names are imported from: the documented modules, and what stands in them."""

from typing import Optional, Type

from typing_extensions import assert_type

import cloudtower
import cloudtower.models
from cloudtower import api, models
from cloudtower.api import TaskApi as TaskApi
from cloudtower.api.task_api import TaskApi as SameTaskApi
from cloudtower.api.vm_api import VmApi
from cloudtower.models import Vm
from cloudtower.models.get_vms_request_body import GetVmsRequestBody
from cloudtower.models.nested_cluster import NestedCluster
from cloudtower.models.vm import Vm as SameVm
from cloudtower.models.vm_order_by_input import VmOrderByInput
from cloudtower.models.vm_status import VmStatus
from cloudtower.models.vm_where_input import VmWhereInput
from cloudtower.models.vm_where_input import VmWhereInputt  # wrong: VmWhereInputt
from cloudtower.models.vm_wher_input import VmWhereInput as Misspelt  # wrong: vm_wher_input
from cloudtower import VmApj  # wrong: VmApj
from cloudtower.types import VmWhereInputDict
from cloudtower.types import VmWhereDict  # wrong: VmWhereDict

assert_type(SameVm, Type[Vm])
assert_type(SameTaskApi, Type[TaskApi])
assert_type(cloudtower.Vm, Type[Vm])
assert_type(cloudtower.models.Vm, Type[Vm])
assert_type(models.VmWhereInput, Type[VmWhereInput])
assert_type(api.VmApi, Type[VmApi])
assert_type(cloudtower.__version__, str)
cloudtower.VmAip  # wrong: VmAip

body = GetVmsRequestBody(where=VmWhereInput(name="x"), order_by=VmOrderByInput.NAME_ASC)
vm = VmApi().get_vms(body)[0]
assert_type(vm.cluster, Optional[NestedCluster])
found = vm.status == VmStatus.RUNNING
where: VmWhereInputDict = {"name": "x"}
