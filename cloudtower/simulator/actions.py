"""Which action of a role allows which operations, and what the preset roles may do.

A role lists actions (`ROLEACTION` in the interface). Which operation needs which is not public
beyond their names; this table is our reading of them. A test holds it against the interface:
every write is in it.
"""

from functools import lru_cache

from cloudtower.simulator.schema import models

#: The action that stands for all of them.
ALL = "*"

#: (actions, of which a role needs one; the paths of the operations that they allow)
_GUARDED = (
    # the tower
    ("MANAGE_USER_AND_ROLE",
     "/create-user /update-user /delete-user /create-role /update-role /delete-role"),
    ("MANAGE_PASSWORD_SETTINGS", "/update-password-security"),
    ("MANAGE_ACCESS_CONTROL", "/update-access-restriction"),
    ("MANAGE_SESSION_EXPIRATION", "/update-session-timeout"),
    ("MANAGE_ORGANIZATION_NAME",
     "/create-organization /update-organization /delete-organization"),
    ("MANAGE_DATA_CENTER",
     "/create-datacenter /update-datacenter /delete-datacenter /add-clusters-to-datacenter"
     " /remove-clusters-from-datacenter"),
    ("MANAGE_CLOUD_TOWER_LICENSE", "/update-license"),
    ("MANAGE_CLOUDTOWER_APPLICATION",
     "/deploy-cloudtower-application /upgrade-cloudtower-application"
     " /uninstall-cloudtower-application /upload-cloudtower-application-package"
     " /delete-cloudtower-application-package"),
    ("MANAGE_OBSERVABILITY_SERVICE", "/disassociate-system-service-from-obs-service"),
    ("MANAGE_LABEL",
     "/create-label /update-label /delete-label /add-labels-to-resources"
     " /remove-labels-from-resources"),
    ("MANAGE_ENTITY_FILTER",
     "/create-entity-filter /update-entity-filter /delete-entity-filter"),
    ("MANAGE_MONITOR_VIEW",
     "/create-graph /update-graph /delete-graph /create-view /update-view /delete-view"),
    ("MANAGE_ALERT",
     "/resolve-alert /update-customize-alert-rule /update-global-alert-rule"),
    ("MANAGE_ALERT_NOTIFIER",
     "/create-alert-notifier /update-alert-notifier /delete-alert-notifier"
     " /update-many-alert-notifiers /clear-system-service-alert-notification-config"),
    ("MANAGE_REPORT",
     "/create-report-template /update-report-template /delete-report-template"
     " /generate-from-report-template"),
    ("MANAGE_VM_RECYCLE_BIN_SETTING",
     "/update-global-recycle-bin-setting /create-cluster-recycle-bin-setting"
     " /update-cluster-recycle-bin-setting /delete-cluster-recycle-bin-setting"),
    ("MANAGE_VCENTER_ASSOCIATION", "/create-vcenter-account /update-vcenter-account"),
    ("MANAGE_ESXI_ASSOCIATION", "/update-vsphere-esxi-account"),
    # clusters and their machines
    ("MANAGE_CLUSTER_CONNECTION", "/connect-cluster /delete-cluster"),
    ("MANAGE_CLUSTER_BASIC_INFO", "/update-cluster"),
    ("MANAGE_CLUSTER_LICENCE", "/update-cluster-license"),
    ("MANAGE_CLUSTER_HA", "/update-cluster-ha-setting"),
    ("MANAGE_CLUSTER_ISCSI", "/update-cluster-enable-iscsi-setting"),
    ("MANAGE_CLUSTER_VIP MANAGE_CLUSTER_MANAGEMENT_IP", "/update-cluster-network-setting"),
    ("MANAGE_CLUSTER_VM_CPU_MODEL", "/update-cluster-virtualization-setting"),
    ("MANAGE_CLUSTER_PRIORITIZED",
     "/enable-cluster-pin-in-performance /disable-cluster-pin-in-performance"),
    ("MANAGE_CLUSTER_SNMP_TRANSPORT",
     "/create-snmp-transport /update-snmp-transport /delete-snmp-transport"),
    ("MANAGE_SNMP_TRAP",
     "/create-snmp-trap-receiver /update-snmp-trap-receiver /delete-snmp-trap-receiver"),
    ("MANAGE_LOG_COLLECTION",
     "/create-log-collection /delete-log-collection /force-stop-log-collection"),
    ("MANAGE_HOST",
     "/create-host /update-host /operate-host-power /enter-maintance-mode /exit-maintance-mode"
     " /enter-maintenance-mode-precheck"),
    ("MANAGE_DISK", "/mount-disk /unmount-disk /trigger-disk-blink"),
    ("MANAGE_NIC MANAGE_NIC_MTU", "/update-nic"),
    ("MANAGE_HARDWARE_TOPO",
     "/create-brick-topo /update-brick-topo /delete-brick-topo /move-brick-topo"
     " /create-rack-topo /update-rack-topo /delete-rack-topo /move-node-topo"),
    ("MANAGE_USB_DEVICE", "/mount-usb-device /unmount-usb-device"),
    ("MANAGE_GPU_DEVICE",
     "/update-gpu-device-description /update-gpu-device-usage /switch-gpu-device-sriov"),
    # networks
    ("MANAGE_VDS",
     "/create-vds /create-vds-with-access-vlan /create-vds-with-migrate-vlan /update-vds"
     " /delete-vds"),
    ("MANAGE_VLAN", "/create-vm-vlan /update-vm-vlan /delete-vm-vlan"),
    ("MANAGE_SYSTEM_VLAN", "/update-management-vlan /update-migration-vlan"),
    ("MANAGE_SECURITY_POLICY",
     "/create-security-policy /update-security-policy /delete-security-policy"),
    ("MANAGE_SECURITY_GROUP",
     "/create-security-group /update-security-group /delete-security-group"),
    ("ISOLATE_VM",
     "/create-isolation-policy /update-isolation-policy /delete-isolation-policy"),
    ("MANAGE_EVEROUTE_NETWORK_POLICY_RULE_SERVICE",
     "/create-network-policy-rule-service /update-network-policy-rule-service"
     " /delete-network-policy-rule-service"),
    ("MANAGE_VIRTUAL_PRIVATE_CLOUD_BASIC_RESOURCE",
     "/create-virtual-private-cloud /update-virtual-private-cloud /delete-virtual-private-cloud"
     " /create-virtual-private-cloud-route-table /update-virtual-private-cloud-route-table"
     " /delete-virtual-private-cloud-route-table /create-virtual-private-cloud-subnet"
     " /update-virtual-private-cloud-subnet /delete-virtual-private-cloud-subnet"),
    ("MANAGE_VIRTUAL_PRIVATE_CLOUD_SECURITY_GROUP",
     "/create-virtual-private-cloud-security-group /update-virtual-private-cloud-security-group"
     " /delete-virtual-private-cloud-security-group"),
    ("MANAGE_VIRTUAL_PRIVATE_CLOUD_SECURITY_POLICY",
     "/create-virtual-private-cloud-security-policy /update-virtual-private-cloud-security-policy"
     " /delete-virtual-private-cloud-security-policy"),
    ("MANAGE_VIRTUAL_PRIVATE_CLOUD_FLOATING_IP",
     "/create-virtual-private-cloud-floating-ip /delete-virtual-private-cloud-floating-ip"
     " /batch-create-virtual-private-cloud-floating-ips"),
    ("MANAGE_VIRTUAL_PRIVATE_CLOUD_ROUTER_GATEWAY",
     "/create-virtual-private-cloud-router-gateway /update-virtual-private-cloud-router-gateway"
     " /delete-virtual-private-cloud-router-gateway"),
    ("MANAGE_VIRTUAL_PRIVATE_CLOUD_NAT_GATEWAY",
     "/create-virtual-private-cloud-nat-gateway /update-virtual-private-cloud-nat-gateway"
     " /delete-virtual-private-cloud-nat-gateway"),
    # block and file storage
    ("MANAGE_ISCSI_DATA_STORE",
     "/create-iscsi-target /update-iscsi-target /delete-iscsi-target /create-iscsi-lun"
     " /update-iscsi-lun /delete-iscsi-lun /copy-iscsi-lun /create-iscsi-lun-snapshot"
     " /delete-iscsi-lun-snapshot /clone-iscsi-lun-from-snapshot"
     " /rollback-iscsi-lun-from-snapshot"),
    ("MANAGE_NVMF_DATA_STORE",
     "/create-nvmf-subsystem /update-nvmf-subsystem /delete-nvmf-subsystem"
     " /create-nvmf-namespace /update-nvmf-namespace /delete-nvmf-namespace"
     " /create-nvmf-namespace-snapshot /delete-nvmf-namespace-snapshot"
     " /clone-nvmf-namespace-from-snapshot /rollback-nvmf-namespace-from-snapshot"
     " /create-namespace-group /update-namespace-group /delete-namespace-group"),
    ("MANAGE_NFS_DATA_STORE",
     "/create-nfs-export /update-nfs-export /delete-nfs-export /update-nfs-inode"),
    ("MANAGE_CONSISTENCY_GROUP",
     "/create-consistency-group /update-consistency-group /delete-consistency-group"
     " /create-consistency-snapshot-group /delete-consistency-snapshot-group"
     " /rollback-consistency-snapshot-group"),
    # VMs
    ("CREATE_VM",
     "/create-vm /create-vm-from-template /create-vm-from-content-library-template"
     " /create-vm-from-content-library-template-batch"),
    ("UPDATE_VM",
     "/update-vm-basic-info /update-vm-owner /update-vm-io-policy /update-vm-disk /add-vm-disk"
     " /expand-vm-disk /remove-vm-disk /set-vm-disk-resident-in-cache /add-vm-cd-rom"
     " /remove-vm-cd-rom /eject-iso-from-vm-cd-rom /toggle-vm-cd-rom-disable /add-vm-nic"
     " /update-vm-nic /update-vm-nic-basic-info /update-vm-nic-advance-info"
     " /update-vm-nic-qos-option /update-vm-vpc-nic /remove-vm-nic /remove-vm-nic-by-where"
     " /add-vm-pci-nic /remove-vm-pci-nic /add-vm-gpu-device /remove-vm-gpu-device"
     " /upload_nvram"),
    ("UPDATE_VM_ADVANCED_SETTING", "/update-vm-advanced-options"),
    ("UPDATE_VM_GUEST", "/update-vm-host-options /reset-vm-guest-os-password"),
    ("DELETE_VM", "/delete-vm /move-vm-to-recycle /recover-vm-from-recycle"),
    ("VM_OPERATION_VM_POWER",
     "/start-vm /shutdown-vm /poweroff-vm /restart-vm /force-restart-vm /suspend-vm /resume-vm"),
    ("VM_OPERATION_MIGRATE",
     "/migrate-vm /migrate-vm-across-cluster /abort-migrate-vm-across-cluster"
     " /stop-vm-in-cutover-migration"),
    ("VM_OPERATION_CLONE", "/clone-vm"),
    ("VM_OPERATION_VM_FOLDER", "/add-vm-to-folder /remove-vm-from-folder"),
    ("VM_FOLDER_OPERATION", "/create-vm-folder /update-vm-folder /delete-vm-folder"),
    ("VM_OPERATION_INSTALL_TOOLS", "/install-vmtools"),
    ("VM_OPERATION_OPEN_TERMINAL", "/get-vm-vnc-info"),
    ("VM_IMPORT_EXPORT", "/import-vm /export-vm /upload-elf-file"),
    ("MANAGE_VM_SNAPSHOT",
     "/create-vm-snapshot /delete-vm-snapshot /rollback-vm /rebuild-vm-from-snapshot"),
    ("MANAGE_VM_VOLUME",
     "/create-vm-volume /update-vm-volume /delete-vm-volume /clone-vm-volume"
     " /rebuild-vm-volume /rollback-vm-volume /create-vm-volume-snapshot"
     " /delete-vm-volume-snapshot"),
    ("VM_VOLUME_IMPORT_EXPORT", "/import-vm-volume /export-vm-volume"),
    ("CREATE_VM_TEMPLATE",
     "/clone-vm-template-from-vm /convert-vm-template-from-vm"
     " /clone-content-library-vm-template-from-vm /convert-content-library-vm-template-from-vm"),
    ("MANAGE_VM_TEMPLATE",
     "/update-vm-template /delete-vm-template /convert-vm-template-to-vm"
     " /update-content-library-vm-template /delete-content-library-vm-template"
     " /distribute-content-library-vm-template-clusters"
     " /remove-content-library-vm-template-clusters"),
    ("VM_TEMPLATE_IMPORT_EXPORT",
     "/import-content-library-vm-template /export-content-library-vm-template"),
    ("MANAGE_ISO",
     "/upload-elf-image /update-elf-image /delete-elf-image /upload-content-library-image"
     " /import-content-library-image /update-content-library-image /delete-content-library-image"
     " /distribute-content-library-image-clusters /remove-content-library-image-clusters"),
    ("MANAGE_SHARING_VM_TOOLS MANAGE_CLUSTER_VM_TOOLS", "/upload-svt-image"),
    ("MANAGE_ISO VM_IMPORT_EXPORT VM_VOLUME_IMPORT_EXPORT VM_TEMPLATE_IMPORT_EXPORT"
     " MANAGE_SHARING_VM_TOOLS MANAGE_CLOUDTOWER_APPLICATION", "/cancel-upload-task"),
    ("VM_IMPORT_EXPORT VM_VOLUME_IMPORT_EXPORT VM_TEMPLATE_IMPORT_EXPORT",
     "/get-export-file-download-links"),
    ("MANAGE_VM_PLACEMENT_GROUP",
     "/create-vm-placement-group /update-vm-placement-group /delete-vm-placement-group"),
    # protection
    ("MANAGE_SNAPSHOT_PLAN",
     "/create-snapshot-plan /update-snapshot-plan /execute-snapshot-plan /suspend-snapshot-plan"
     " /resume-snapshot-plan /delete-snapshot-plan /clone-snapshot-group /delete-snapshot-group"
     " /keep-snapshot-group /rollback-snapshot-group"),
    ("MANAGE_BACKUP_PLAN",
     "/create-backup-plan /update-backup-plan /execute-backup-plan /suspend-backup-plan"
     " /resume-backup-plan /delete-backup-plan"),
    ("MANAGE_BACKUP_RESTORE_POINT",
     "/delete-backup-restore-point /backup-rebuild-vm /backup-restore-vm-in-place"),
    # what is read only by those who look after it
    ("MANAGE_AUDIT_LOG",
     "/get-user-audit-logs /get-user-audit-logs-connection /get-system-audit-logs"
     " /get-system-audit-logs-connection"),
)  # fmt: skip

#: Writes that need no login: nobody has a role yet.
WITHOUT_LOGIN = frozenset(["/login", "/create-root-user"])
#: Writes of the tower's own services; here a user with all actions stands for these.
OF_SYSTEM_USERS = frozenset(["/create-task", "/update-task", "/create-user-audit-log"])

#: Kinds that a role reads only with one of these actions: audit records, user data, and what
#: holds the credentials of other systems.
READ_WITH = {
    "UserAuditLog": ("MANAGE_AUDIT_LOG",),
    "SystemAuditLog": ("MANAGE_AUDIT_LOG",),
    "User": ("MANAGE_USER_AND_ROLE",),
    "Ipmi": ("MANAGE_IPMI",),
    "SmtpServer": ("MANAGE_SMTP_SERVER",),
    "SnmpTransport": ("MANAGE_CLUSTER_SNMP_TRANSPORT",),
    "SnmpTrapReceiver": ("MANAGE_SNMP_TRAP",),
    "VcenterAccount": ("MANAGE_VCENTER_ASSOCIATION",),
    "VsphereEsxiAccount": ("MANAGE_ESXI_ASSOCIATION",),
}
SENSITIVE = frozenset(READ_WITH) - {"UserAuditLog", "SystemAuditLog", "User"}
#: Actions that read all kinds of SENSITIVE.
READ_SENSITIVE = (
    "QUERY_SENSITIVE_RESOURCE_LIST",
    "QUERY_SENSITIVE_RESOURCE",
    "MANAGE_SENSITIVE_RESOURCE",
)

#: What an ADMIN leaves to USER_ADMIN and AUDITOR.
_NOT_OF_ADMIN = (ALL, "MANAGE_USER_AND_ROLE", "MANAGE_AUDIT_LOG", "MANAGE_AUDIT_LOG_CONFIG")

_OF_VM_USER = (
    "CREATE_VM UPDATE_VM DELETE_VM UPDATE_VM_ADVANCED_SETTING UPDATE_VM_GUEST"
    " VM_OPERATION_OPEN_TERMINAL VM_OPERATION_VM_POWER VM_OPERATION_CLONE"
    " VM_OPERATION_INSTALL_TOOLS MANAGE_VM_SNAPSHOT"
)


@lru_cache(maxsize=None)
def by_path():
    """{path: the actions of which a role needs one, a tuple}."""
    found = {}
    for actions, paths in _GUARDED:
        for path in paths.split():
            if path in found:
                raise KeyError("%s is guarded twice" % path)
            found[path] = tuple(actions.split())
    return found


@lru_cache(maxsize=None)
def known():
    """The names of all actions, in the order of the interface; a tuple."""
    return models.values_of("ROLEACTION")


@lru_cache(maxsize=None)
def of_preset(preset):
    """The actions of a preset role, a tuple; none where the facts give it none."""
    if preset == "ADMIN":
        return tuple(action for action in known() if action not in _NOT_OF_ADMIN)
    actions = {
        "ROOT": ALL,
        "USER_ADMIN": "MANAGE_USER_AND_ROLE",
        "AUDITOR": "MANAGE_AUDIT_LOG",
        "VM_USER": _OF_VM_USER,
    }
    return tuple(actions.get(preset, "").split())
