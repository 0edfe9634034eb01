"""Texts of alerts in Chinese and English, and a request that does not wait."""

from common import connect

from cloudtower import AlertApi, VmApi

client = connect()
alert_api = AlertApi(client)

# For one request ...
for alert in alert_api.get_alerts({"where": {"ended": False}}, content_language="zh-CN"):
    print(alert.severity, alert.message, alert.solution)

# ... or for all that follow.
client.set_default_header("content-language", "en-US")
for alert in alert_api.get_alerts({"where": {"ended": False}}):
    print(alert.severity, alert.message, alert.solution)

# `get` waits for the answer, or raises what went wrong.
pending = VmApi(client).get_vms({"first": 1}, async_req=True)
print("Meanwhile the script goes on.")
print("The first VM is", pending.get()[0].name)
client.close()
