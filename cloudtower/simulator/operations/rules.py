"""What no two objects may have alike, and what keeps an object from being deleted."""

#: kind -> (code, the fields that no two objects have alike: the first one within the others)
UNIQUE = {
    "BackupPlan": ("BACKUP_PLAN_DUPLICATE_NAME", "name", "backup_service"),
    "ConsistencyGroup": ("CONSISTENCY_GROUP_DUPLICATE_NAME", "name", "cluster"),
    "ConsistencyGroupSnapshot": (
        "CONSISTENCY_GROUP_SNAPSHOT_DUPLICATE_NAME",
        "name",
        "consistency_group",
    ),
    "ContentLibraryImage": ("IMAGE_DUPLICATED_NAME", "name"),
    "ContentLibraryVmTemplate": ("VM_TEMPLATE_DUPLICATED_NAME", "name"),
    "Datacenter": ("DATACENTER_DUPLICATE_NAME", "name"),
    "EntityFilter": ("ENTITY_FILTER_DUPLICATE_NAME", "name"),
    "IscsiLun": ("ISCSI_LUN_DUPLICATE_NAME", "name", "iscsi_target"),
    "IscsiLunSnapshot": ("ISCSI_SNAPSHOT_DUPLICATE_NAME", "name", "iscsi_lun"),
    "IscsiTarget": ("ISCSI_TARGET_DUPLICATE_NAME", "name", "cluster"),
    "Label": ("LABEL_DUPLICATE_KEY_VALUE", "key", "value"),
    "NfsExport": ("NFS_EXPORT_DUPLICATE_NAME", "name", "cluster"),
    "NvmfNamespace": ("NVMF_NAMESPACE_DUPLICATE_NAME", "name", "nvmf_subsystem"),
    "NvmfNamespaceSnapshot": ("NVMF_SNAPSHOT_DUPLICATE_NAME", "name", "nvmf_namespace"),
    "NvmfSubsystem": ("NVMF_SUBSYSTEM_DUPLICATE_NAME", "name", "cluster"),
    "Organization": ("ORGANIZATION_DUPLICATE_NAME", "name"),
    "SecurityGroup": ("SECURITY_GROUP_DUPLICATE_NAME", "name", "everoute_cluster"),
    "SecurityPolicy": ("SECURITY_POLICY_DUPLICATE_NAME", "name", "everoute_cluster"),
    "SnapshotPlan": ("SNAPSHOT_PLAN_DUPLICATE_NAME", "name", "cluster"),
    "User": ("USER_DUPLICATE_USERNAME", "username"),
    "UserRoleNext": ("ROLE_DUPLICATE_NAME", "name"),
    "Vds": ("EC_VDS_DUPLICATE_NAME", "name", "cluster"),
    "View": ("VIEW_DUPLICATE_NAME", "name", "cluster"),
    "Vlan": ("EC_VLAN_DUPLICATED", "name", "vds"),
    "VmFolder": ("EC_FOLDER_DUPLICATE_NAME", "name", "cluster"),
    "VmSnapshot": ("VM_SNAPSHOT_DUPLICATE_NAME", "name", "cluster"),
    "VmTemplate": ("VM_TEMPLATE_DUPLICATED_NAME", "name", "cluster"),
    "VmVolumeSnapshot": ("VM_VOLUME_SNAPSHOT_DUPLICATE_NAME", "name", "vm_volume"),
}
#: kind -> (code, relations that must be empty): objects that cannot go while they are used
IN_USE = {
    "ElfImage": ("IMAGE_IN_USE", "vm_disks"),
    "IscsiTarget": ("ISCSI_TARGET_NOT_EMPTY", "luns"),
    "Label": ("LABEL_IN_USE", "security_policies", "isolation_policies"),
    "NvmfSubsystem": ("NVMF_SUBSYSTEM_NOT_EMPTY", "namespaces"),
    "Organization": ("ORGANIZATION_NOT_EMPTY", "datacenters"),
    "SecurityGroup": ("SECURITY_GROUP_IN_USE", "security_policies", "isolation_policies"),
    "UserRoleNext": ("ROLE_IN_USE", "users"),
    "Vlan": ("VLAN_IN_USE", "vm_nics"),
    "VmVolume": ("VM_VOLUME_MOUNTED", "vm_disks"),
}
