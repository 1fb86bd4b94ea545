import { Stack } from "aws-cdk-lib";
import { Alarm, Dashboard, PeriodOverride, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Construct } from "constructs";
import { type AlarmKind, alarmsOf } from "./alarms.ts";
import { dashboardRows } from "./dashboard.ts";
import type { MonitorProps } from "./monitor-props.ts";
import { titled } from "./names.ts";
import type { Pipeline } from "./pipeline.ts";
import { runbookAddress } from "./runbook.ts";
import type { Topics } from "./topics.ts";

/** Whether the monitor itself is well: alarms that come to the health topic, and a page to look at. */
export class Health extends Construct {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(
    scope: Construct,
    id: string,
    given: { pipeline: Pipeline; topics: Topics; props: MonitorProps },
  ) {
    super(scope, id);
    const { pipeline, topics, props } = given;
    const told = new SnsAction(topics.all.health);
    this.alarms = alarmsOf(pipeline, topics, props).map((kind) => {
      const alarm = this.#alarm(kind);
      alarm.addAlarmAction(told);
      if (kind.once !== true) alarm.addOkAction(told);
      return alarm;
    });
    this.dashboard = new Dashboard(this, "Dashboard", {
      dashboardName: Stack.of(this).stackName,
      // A day is a day, whatever span the page shows: the cost guard is a line over days.
      periodOverride: PeriodOverride.INHERIT,
      widgets: dashboardRows(pipeline, this.alarms, props),
    });
  }

  #alarm(kind: AlarmKind): Alarm {
    return new Alarm(this, titled(kind.id), {
      alarmName: `${Stack.of(this).stackName} ${kind.name}`,
      alarmDescription: `${kind.means} What to do: ${runbookAddress(kind.heading)}`,
      metric: kind.metric,
      comparisonOperator: kind.when.comparison,
      threshold: kind.when.threshold,
      evaluationPeriods: kind.periods.of,
      datapointsToAlarm: kind.periods.beyond,
      treatMissingData: kind.missing ?? TreatMissingData.NOT_BREACHING,
    });
  }
}
