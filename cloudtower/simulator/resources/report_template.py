"""Reports, which are written of what a template asks for: by hand, and by the template's plans."""

from datetime import datetime, timezone

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.engine.scheduler import job
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.shared import timetable

_JOB = "report-plan"
_SECONDS = 4
_DAY = 86400
#: The words for a period -> the unit of a timetable.
_UNITS = {
    "DAILY": "DAY", "DAY": "DAY", "MONTH": "MONTH", "MONTHLY": "MONTH", "WEEK": "WEEK",
    "WEEKLY": "WEEK",
}  # fmt: skip


@refines("/create-report-template", "/update-report-template")
def write_report_template(step):
    """Says what a report is made of, and by which plans it is written."""
    step.later(lambda: _schedule(step.call.tower, step.record))


@handles("/generate-from-report-template")
def generate_from_report_template(call):
    """Writes a report of what each template asks for, which is a ReportTask."""
    begun = [_begin(call.tower, template, call) for template in call.select("ReportTemplate")]
    return [call.answer(report, task) for report, task in begun]


def _begin(tower, template, call=None, plan=None):
    """Begin to write a report, for a call or by a plan; returns its record and that of the task."""
    world, now = tower.world, tower.tasks.now()
    name = "%s-%s" % (template["name"], timestamps.stamp(now))
    plan_id = plan["id"] if plan is not None else None
    values = {"createdAt": now, "name": name, "plan_id": plan_id, "status": "EXECUTING"}
    report = world.add("ReportTask", template=template, **values)

    def end(status):
        if report in world:
            world.update(report, status=status)

    def finish():
        end("SUCCESSED")
        if plan is not None:
            _retain(world, template, plan)

    text = Text("Generate report %s" % name, "生成报表 %s" % name)
    options = {"finish": finish, "undo": lambda: end("FAILED"), "seconds": _SECONDS}
    begin = call.begin if call is not None else tower.tasks.begin
    return report, begin(text, "generateFromReportTemplate", report, **options)


def _retain(world, template, plan):
    """Delete the oldest reports of a plan that it does not keep."""
    if template in world and plan["retain"] > 0:
        own = [held for held in world.many(template, "tasks") if held["plan_id"] == plan["id"]]
        own.sort(key=lambda report: report["createdAt"])
        for report in own[: -plan["retain"]]:
            world.remove(report)


def _schedule(tower, template):
    """Plan the next report of a template; call it after each change of its plans."""
    tower.scheduler.cancel(_JOB, template.id)
    moments = [_next(plan, tower.timer()) for plan in template["execute_plan"] or ()]
    moments = [moment for moment in moments if moment is not None]
    if moments:
        tower.scheduler.plan(_JOB, template.id, min(moments))


def _next(plan, after):
    """When a plan runs next after a moment, in seconds since 1970; None: it never does."""
    unit, time = _UNITS.get(plan["period"].upper()), None
    try:
        start = timetable.moment_of("start_at", plan["start_at"])
    except Refusal:
        start = after - after % _DAY
        try:
            time = timetable.time_of_day(plan["start_at"])
        except Refusal:
            unit = None
    if unit is None or not plan["enabled"]:
        return None
    begun = datetime.fromtimestamp(start, timezone.utc)
    # a plan that says no day begins on Mondays, and on the first of a month
    days = {"DAY": 1, "WEEK": begun.isoweekday(), "MONTH": begun.day}
    if time is not None:
        days.update(WEEK=1, MONTH=1)
    return timetable.next_moment(unit, [days[unit]], start, time, after)


@job(_JOB)
def write_by_schedule(tower, template_id):
    """It is time to write a report."""
    template = tower.world.find("ReportTemplate", template_id)
    if template is None:
        return
    now = tower.timer()
    for plan in template["execute_plan"] or ():
        moment = _next(plan, now - 1)
        if moment is not None and moment <= now:
            _begin(tower, template, plan=plan)
    _schedule(tower, template)
