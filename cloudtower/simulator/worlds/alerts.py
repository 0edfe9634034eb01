"""Alerts and the rules behind them."""

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.worlds.facts import BORN, NEVER

#: rule, severity, ended, English and Chinese: message, cause, impact, solution
_ALERTS = (
    ("cluster_storage_usage", "CRITICAL", False,
     ("Storage usage of the cluster is above 90%.", "集群存储空间使用率高于 90%。"),
     ("Data has grown.", "数据增长。"),
     ("New volumes may fail.", "可能无法创建新的虚拟卷。"),
     ("Delete data or add disks.", "删除数据或增加硬盘。")),
    ("host_clock_offset", "NOTICE", False,
     ("The clock of the host is off by more than 1 s.", "主机时钟偏移超过 1 秒。"),
     ("The NTP server cannot be reached.", "无法访问 NTP 服务器。"),
     ("Logs are hard to compare.", "日志难以比对。"),
     ("Check the NTP server.", "检查 NTP 服务器。")),
    ("vm_tools_not_running", "INFO", True,
     ("VMTools does not run in the VM.", "虚拟机内 VMTools 未运行。"),
     ("It was stopped.", "VMTools 已停止。"),
     ("Nothing is known of the guest.", "无法获取客户机信息。"),
     ("Start VMTools.", "启动 VMTools。")),
)  # fmt: skip


def add(world, cluster):
    """The alerts of a cluster, one of each severity; one has ended."""
    host = world.many(cluster, "hosts")[0]
    vms = world.many(cluster, "vms")[:1]
    for name, severity, ended, *texts in _ALERTS:
        message, cause, impact, solution = (Text(*text) for text in texts)
        told = {"message": message, "cause": cause, "impact": impact, "solution": solution}
        thresholds = [{"severity": severity, "value": 90.0}]
        rule = world.add(
            "GlobalAlertRule", name=name, default_thresholds=thresholds, operator="GT",
            object="VM" if name.startswith("vm") else "CLUSTER", thresholds=thresholds,
            unit="PERCENT", **told,
        )  # fmt: skip
        of_cluster = world.add(
            "AlertRule", cluster=cluster, global_alert_rule=rule, local_id=world.ids.uuid(),
            thresholds=thresholds,
        )  # fmt: skip
        world.add(
            "Alert", alert_rule=of_cluster, cluster=cluster,
            host=host if name.startswith("host") else None,
            vms=vms if name.startswith("vm") else [], create_time=BORN, ended=ended,
            local_create_time=BORN, local_end_time=BORN if ended else NEVER,
            local_id=world.ids.uuid(), local_start_time=BORN, local_update_time=BORN,
            severity=severity, threshold=90.0, value=92.5, **told,
        )  # fmt: skip
