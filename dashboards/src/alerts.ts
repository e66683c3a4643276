import { QueryBuilder, RuleBuilder } from '@grafana/grafana-foundation-sdk/alerting';
import { TypeReduceBuilder, TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';
import { thresholds } from '@tongtang/model/condition-thresholds';
import type { Text } from '@tongtang/model/text';
import { type Advice, advice } from './advice.ts';
import { InfluxTarget } from './target.ts';

/** What the last value of a series must be for an alarm. */
export type Evaluator =
  | Readonly<{ type: 'gt' | 'lt'; params: readonly [number] }>
  | Readonly<{ type: 'outside_range'; params: readonly [number, number] }>;

/** A rule for those who want Grafana to alarm: one series for each place, and what is wrong with it. */
export type AlertRule = Readonly<{
  uid: string;
  title: Text;
  /** InfluxQL without a dollar: Grafana takes those for variables of its environment when it reads the file. */
  query: string;
  fires: Evaluator;
  /** It must be so for this long, as Grafana writes it. */
  lasts: string;
  /** Tags of a series, for the message. */
  by: readonly ('school' | 'classroom' | 'target')[];
  whatToDo: Advice;
}>;

const { 'disk-full': disk, 'clock-wrong': clock } = thresholds;

/**
 * Few, and such as somebody has to see to. The hub finds causes and tells one cause once; these know of no causes, so what shows in
 * many places at once, as loss and delay do, is left to it.
 */
export const alertRules: readonly AlertRule[] = [
  {
    uid: 'tongtang-receiver-lock',
    title: { zh: '接收机失锁', en: 'Receiver without lock' },
    // A receiver that is off or does not answer has no lock to lose. Readings come once a minute or more often.
    query:
      'SELECT count("ok") FROM "raw"."signal" WHERE "locked" = false AND time > now() - 3m AND time <= now() GROUP BY "county", "school", "target"',
    fires: { type: 'gt', params: [1] },
    lasts: '2m',
    by: ['school', 'target'],
    whatToDo: 'satellite',
  },
  {
    uid: 'tongtang-school-silent',
    title: { zh: '学校与中心断开', en: 'School without hub' },
    // Of the agents beside receivers, which are on day and night: that PCs are silent is usual after school. The present interval
    // has just begun, so it counts together with the one before. Without a sample in a day there is nothing to wait for.
    query:
      'SELECT moving_average(count("ok"), 2) FROM "raw"."signal" WHERE time > now() - 1d AND time <= now() GROUP BY time(5m), "county", "school" fill(0)',
    fires: { type: 'lt', params: [0.5] },
    lasts: '3m',
    by: ['school'],
    whatToDo: 'broadband',
  },
  {
    uid: 'tongtang-disk-full',
    title: { zh: '磁盘已满', en: 'Disk full' },
    query:
      'SELECT last("disk_used_ratio") FROM "raw"."host" WHERE time > now() - 15m AND time <= now() GROUP BY "county", "school", "classroom"',
    fires: { type: 'gt', params: [disk.fire] },
    lasts: '5m',
    by: ['school', 'classroom'],
    whatToDo: 'host',
  },
  {
    uid: 'tongtang-clock-wrong',
    title: { zh: '电脑时钟错误', en: 'Clock wrong' },
    query:
      'SELECT last("clock_offset_ms") FROM "raw"."agent" WHERE time > now() - 15m AND time <= now() GROUP BY "county", "school", "classroom"',
    fires: { type: 'outside_range', params: [-clock.fire, clock.fire] },
    lasts: '10m',
    by: ['school', 'classroom'],
    whatToDo: 'clock',
  },
  {
    uid: 'tongtang-backlog',
    title: { zh: '数据积压', en: 'Backlog' },
    query:
      'SELECT last("outbox_oldest_s") FROM "raw"."agent" WHERE time > now() - 15m AND time <= now() GROUP BY "county", "school", "classroom"',
    // After a day without a line it takes an agent some minutes to catch up: packages/agent/src/uplink/drain.ts.
    fires: { type: 'gt', params: [3600] },
    lasts: '30m',
    by: ['school', 'classroom'],
    whatToDo: 'backlog',
  },
];

/** A rule cannot choose its data source, so it names the one that infra/grafana provides. */
export const provisionedDatasource = 'tongtang-influxdb';
/** To whom rules speak: infra/grafana/provisioning/alerting/tongtang-contact-points.yaml. */
export const contactPoint = 'tongtang';

const expressions = { type: '__expr__', uid: '__expr__' } as const;
const lookBackS = 86_400;

/** All rules in the form of a provisioning file, each in both languages: two files would alarm twice. */
export function alertRulesFile(): object {
  return {
    apiVersion: 1,
    groups: [
      {
        orgId: 1,
        name: 'tongtang',
        folder: '同堂 Tongtang',
        interval: '1m',
        rules: alertRules.map(provisioned),
      },
    ],
  };
}

function provisioned(rule: AlertRule): object {
  const { uid, title, query, fires, lasts, by, whatToDo } = rule;
  const over = { from: lookBackS, to: 0 };
  const built = new RuleBuilder(`${title.zh} ${title.en}`)
    .uid(uid)
    .condition('C')
    .withQuery(
      new QueryBuilder('A')
        .datasourceUid(provisionedDatasource)
        .relativeTimeRange(over)
        .model(
          new InfluxTarget({
            at: 0,
            query,
            format: 'time_series',
            source: { type: 'influxdb', uid: provisionedDatasource },
          }),
        ),
    )
    .withQuery(
      new QueryBuilder('B')
        .datasourceUid(expressions.uid)
        .relativeTimeRange(over)
        .model(
          new TypeReduceBuilder()
            .refId('B')
            .datasource(expressions)
            .expression('A')
            .reducer('last')
            .settings({ mode: 'dropNN' }),
        ),
    )
    .withQuery(
      new QueryBuilder('C')
        .datasourceUid(expressions.uid)
        .relativeTimeRange(over)
        .model(
          new TypeThresholdBuilder()
            .refId('C')
            .datasource(expressions)
            .expression('B')
            .conditions([{ evaluator: { type: fires.type, params: [...fires.params] } }]),
        ),
    )
    .forDuration(lasts)
    // No series is no alarm: queries ask for what is wrong, or for those who were heard.
    .noDataState('OK')
    .execErrState('Error')
    .labels({ project: 'tongtang' })
    .annotations({
      summary: `${title.zh} ${title.en}: ${by.map((tag) => `{{ .Labels.${tag} }}`).join(' ')}`,
      description: `${advice[whatToDo].zh}\n${advice[whatToDo].en}`,
    })
    .build();
  const { condition, data, noDataState, execErrState, annotations, labels } = built;
  return {
    uid,
    title: built.title,
    condition,
    data,
    noDataState,
    execErrState,
    for: built.for,
    annotations,
    labels,
    isPaused: false,
    notification_settings: { receiver: contactPoint },
  };
}
