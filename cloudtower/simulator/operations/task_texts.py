"""What the tasks of generic operations are called, as clients and people know them."""

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.schema import operations

#: path -> (English, Chinese); {name} is that of the object, {source} of what it is made of
TEXTS = {
    "/clone-vm-template-from-vm": ("{source} is cloned into a VM template {name}", "虚拟机 {source} 克隆为虚拟机模板 {name}"),
    "/clone-vm-volume": ("Clone virtual volume {name} from virtual volume {source}", "从虚拟卷 {source} 克隆虚拟卷 {name}"),
    "/create-backup-plan": ("Create Backup Plan {name}", "创建备份计划 {name}"),
    "/create-consistency-group": ("Create consistency group {name}", "创建一致性组 {name}"),
    "/create-consistency-snapshot-group": ("Create consistency group snapshot {name}", "创建一致性组快照 {name}"),
    "/create-snapshot-plan": ("Create a snapshot plan {name}", "创建快照计划 {name}"),
    "/connect-cluster": ("Associate the cluster {name}", "关联集群 {name}"),
    "/convert-vm-template-from-vm": ("Convert VM {source} to VM template {name}", "虚拟机 {source} 转化为虚拟机模板 {name}"),
    "/create-cluster-recycle-bin-setting": ("Update {source} cluster recycle bin settings", "更新集群 {source} 的回收站设置"),
    "/create-vds": ("Create VDS", "创建虚拟分布式交换机"),
    "/create-vm-placement-group": ("Create VM placement group {name}", "创建虚拟机放置组 {name}"),
    "/create-vm-vlan": ("Create VM network {name}", "创建虚拟机网络 {name}"),
    "/create-vm-volume": ("Create virtual volume {name}", "创建虚拟卷 {name}"),
    "/delete-cluster": ("Remove cluster {name}", "移除集群 {name}"),
    "/delete-consistency-group": ("Delete consistency group {name}", "删除一致性组 {name}"),
    "/delete-consistency-snapshot-group": ("Delete consistency group snapshot {name}", "删除一致性组快照 {name}"),
    "/delete-snapshot-group": ("Delete snapshot group {name}", "删除快照组 {name}"),
    "/delete-snapshot-plan": ("Delete snapshot plan {name}", "删除快照计划 {name}"),
    "/delete-vm-placement-group": ("Delete VM placement group {name}", "删除虚拟机放置组 {name}"),
    "/delete-vm-snapshot": ("Delete VM Snapshot {name}", "删除快照 {name}"),
    "/delete-vm-volume": ("Delete virtual volume {name}", "删除虚拟卷 {name}"),
    "/export-vm": ("Export VM {source}", "导出虚拟机 {source}"),
    "/export-vm-volume": ("Export virtual volume {source}", "导出虚拟卷 {source}"),
    "/keep-snapshot-group": ("Retain snapshot group {name}", "保留快照组 {name}"),
    "/resume-backup-plan": ("Resume Backup Plan {name}", "恢复备份计划 {name}"),
    "/resume-snapshot-plan": ("Resume snapshot plan {name}", "恢复快照计划 {name}"),
    "/suspend-backup-plan": ("Suspend Backup Plan {name}", "暂停备份计划 {name}"),
    "/suspend-snapshot-plan": ("Pause snapshot plan {name}", "暂停快照计划 {name}"),
    "/update-backup-plan": ("Edit Backup Plan {name}", "编辑备份计划 {name}"),
    "/update-cluster-recycle-bin-setting": ("Update {source} cluster recycle bin settings", "更新集群 {source} 的回收站设置"),
    "/update-consistency-group": ("Update consistency group {name}", "编辑一致性组 {name}"),
    "/update-global-recycle-bin-setting": ("Update global recycle bin settings", "更新全局回收站设置"),
    "/update-snapshot-plan": ("Modify snapshot plan {name}", "编辑快照计划 {name}"),
    "/update-vm-placement-group": ("Update VM placement group {name}", "更新虚拟机放置组 {name}"),
    "/update-vm-vlan": ("Update the VM network {name}", "更新虚拟机网络 {name}"),
    "/update-vm-volume": ("Update virtual volume {name}", "更新虚拟卷 {name}"),
}  # fmt: skip
#: The verbs with which paths begin.
_CHINESE = {
    "add": "添加", "clone": "克隆", "connect": "关联", "create": "创建", "delete": "删除",
    "export": "导出", "import": "导入", "remove": "移除", "update": "编辑",
}  # fmt: skip


def text_of(path, name, source=None):
    """What is done to an object of that name, a Text; `source` is what it is made of, or None."""
    texts = TEXTS.get(path.replace("-content-library-vm-", "-vm-"))  # one word for both templates
    if texts is not None:
        source = source["name"] if source is not None else name
        return Text(*(text.format(name=name, source=source) for text in texts))
    words = operations.words(path)
    english = "%s %s" % (" ".join(words).capitalize(), name)
    return Text(english, "%s %s" % (_CHINESE.get(words[0], "操作"), name))


def title(values):
    """What people call an object of such values."""
    return str(next(filter(None, map(values.get, ("name", "title", "username", "key", "id"))), ""))
