"""What the tasks of generic operations are called, as clients and people know them."""

#: path -> (English, Chinese); {name} is that of the object, {source} of what it is made of
TEXTS = {
    "/clone-vm-template-from-vm": ("{source} is cloned into a VM template {name}", "虚拟机 {source} 克隆为虚拟机模板 {name}"),
    "/clone-vm-volume": ("Clone virtual volume {name} from virtual volume {source}", "从虚拟卷 {source} 克隆虚拟卷 {name}"),
    "/connect-cluster": ("Associate the cluster {name}", "关联集群 {name}"),
    "/convert-vm-template-from-vm": ("Convert VM {source} to VM template {name}", "虚拟机 {source} 转化为虚拟机模板 {name}"),
    "/create-cluster-recycle-bin-setting": ("Update {source} cluster recycle bin settings", "更新集群 {source} 的回收站设置"),
    "/create-vds": ("Create VDS", "创建虚拟分布式交换机"),
    "/create-vm-placement-group": ("Create VM placement group {name}", "创建虚拟机放置组 {name}"),
    "/create-vm-vlan": ("Create VM network {name}", "创建虚拟机网络 {name}"),
    "/create-vm-volume": ("Create virtual volume {name}", "创建虚拟卷 {name}"),
    "/delete-cluster": ("Remove cluster {name}", "移除集群 {name}"),
    "/delete-vm-placement-group": ("Delete VM placement group {name}", "删除虚拟机放置组 {name}"),
    "/delete-vm-volume": ("Delete virtual volume {name}", "删除虚拟卷 {name}"),
    "/update-cluster-recycle-bin-setting": ("Update {source} cluster recycle bin settings", "更新集群 {source} 的回收站设置"),
    "/update-global-recycle-bin-setting": ("Update global recycle bin settings", "更新全局回收站设置"),
    "/update-vm-placement-group": ("Update VM placement group {name}", "更新虚拟机放置组 {name}"),
    "/update-vm-vlan": ("Update the VM network {name}", "更新虚拟机网络 {name}"),
    "/update-vm-volume": ("Update virtual volume {name}", "更新虚拟卷 {name}"),
}  # fmt: skip
