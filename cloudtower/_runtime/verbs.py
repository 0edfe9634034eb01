# -*- coding: utf-8 -*-
"""How the verbs of `cloudtower.utils` that serve an operation are shown: a line each."""

#: Verb -> (its arguments, with %s for the method; what it is for, in English and in Chinese).
VERBS = {
    "iterate": ("%s, where=...", "All of them", u"全部"),
    "count": ("%s, where=...", "How many", u"数量"),
    "get_one": ("%s, where=...", "Exactly one", u"唯一的一个"),
    "find": ('%s, "name or id"', "One by name or id", u"按名称或 id 取一个"),
    "metric_rows": ("%s(body)", "One row per point", u"每个数据点一行"),
    "login": ("client", "Log in, and stay logged in", u"登录并保持登录"),
    "watch": ("client, types, auth=...", "Changes as they happen", u"实时获取变更"),
    "wait_tasks": ("ids, client", "Wait for tasks", u"等待任务"),
    "wait_until": ("%s, body, predicate", "Wait for a state", u"等待某个状态"),
    "dry_run": ("%s, body", "What it would change", u"先看会改动什么"),
    "call_and_wait": ("%s, body", "Call it and wait", u"调用并等待完成"),
    "bulk": ("%s, bodies", "Many, several at a time", u"批量并发执行"),
    "get_or_create": ("%s, body, match=...", "Only if it is missing", u"不存在时才创建"),
    "download": ("%s, body, path", "Complete files", u"下载完整的文件"),
    "upload": ("%s, path, ...", "A file in chunks", u"分片上传文件"),
    "shut_down": ("client, where", "Shut down, and wait", u"关机并等待完成"),
    "rotate_snapshots": ("client, vm, prefix, keep", "Keep the last few", u"只保留最近几个"),
}


def lines(names, api, method, language="en"):
    """What the verbs of an operation are for, and how they are called, a list of str.

    Parameters:
        names: of the verbs, str, separated by spaces.
        api: the module of its `*Api` class, such as "vm_api", str.
        method: its name, such as "get_vms", str.
        language: "en" or "zh".
    """
    shown = []
    for name in names.split():
        arguments, english, chinese = VERBS[name]
        called = "`utils.%s(%s)`" % (name, arguments.replace("%s", "%s.%s" % (api, method)))
        lead = chinese + u"：" if language == "zh" else english + ": "
        shown.append(lead + called)
    return shown
