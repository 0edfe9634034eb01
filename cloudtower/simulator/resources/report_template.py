"""Reports that are written by hand of what a template asks for."""

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.operations.registry import handles

_SECONDS = 4


@handles("/generate-from-report-template")
def generate_from_report_template(call):
    """Writes a report of what each template asks for, which is a ReportTask."""
    return [_begin(call, template) for template in call.select("ReportTemplate")]


def _begin(call, template):
    """Begin to write a report; returns the answer."""
    world, now = call.world, call.tower.tasks.now()
    stamp = "".join(character for character in now[:19] if character.isdigit())
    name = "%s-%s" % (template["name"], stamp)
    values = {"createdAt": now, "name": name, "status": "EXECUTING", "template": template}
    report = world.add("ReportTask", **values)

    def end(status):
        if report in world:
            world.update(report, status=status)

    text = Text("Generate report %s" % name, "生成报表 %s" % name)
    options = {"finish": lambda: end("SUCCESSED"), "undo": lambda: end("FAILED")}
    mutation = "generateFromReportTemplate"
    return call.answer(report, call.begin(text, mutation, report, seconds=_SECONDS, **options))
