import type { BrokerCounters } from '@tongtang/broker/embedded';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the hub counts of itself, for Prometheus. */
export type HubMetrics = Readonly<{
  registry: Registry;
  batches: Counter;
  samples: Counter;
  /** Batches that the ledger already had. */
  repeated: Counter;
  /** Batches that were not taken, by `reason`: the agent sends them again. */
  dropped: Counter<'reason'>;
  /** Input that could not be used, by `reason`. */
  quarantined: Counter<'reason'>;
  /** Seconds from a batch's arrival to its commit. */
  commitSeconds: Histogram;
  storeErrors: Counter;
  /** Messages to agents that the broker did not take. */
  publishErrors: Counter;
  /** HTTP connections that were ended, by `reason`: more than the hub holds, or no whole request in time. */
  httpRefused: Counter<'reason'>;
  /** Messages to people, by `outcome`: sent, failed; merged are those of the sent that went in a digest. */
  notified: Counter<'outcome'>;
  /** Seconds that a look for incidents took in one county. */
  lookSeconds: Histogram;
  /** How often the past of agents was gone through again. */
  replays: Counter;
  /** Checks before lessons, by the `state` that was found. */
  readiness: Counter<'state'>;
  /** Watches a value that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void;
  /** Takes over the counters of the embedded broker. */
  watchBroker(read: () => BrokerCounters): void;
}>;

export function createMetrics(): HubMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'tongtang_' });
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name: `tongtang_${name}`, help, labelNames, registers });
  return {
    registry,
    batches: counter('batches_total', 'Batches committed', []),
    samples: counter('samples_total', 'Samples committed', []),
    repeated: counter('batches_repeated_total', 'Batches that came again after they were committed', []),
    dropped: counter('batches_dropped_total', 'Batches not taken, to be sent again by the agent', ['reason']),
    quarantined: counter('quarantined_total', 'Input that could not be used', ['reason']),
    commitSeconds: new Histogram({
      name: 'tongtang_commit_seconds',
      help: 'From the arrival of a batch to its commit',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
      registers,
    }),
    storeErrors: counter('store_errors_total', 'Writes that the store did not take', []),
    publishErrors: counter('publish_errors_total', 'Messages to agents that the broker did not take', []),
    httpRefused: counter('http_refusals_total', 'HTTP connections that were ended', ['reason']),
    notified: counter('notify_messages_total', 'Messages to people that were sent, given up, or merged', [
      'outcome',
    ]),
    lookSeconds: new Histogram({
      name: 'tongtang_incident_look_seconds',
      help: 'A look for incidents in one county',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
      registers,
    }),
    replays: counter(
      'incident_replays_total',
      'Times that the past was gone through again for late data',
      [],
    ),
    readiness: counter('readiness_checks_total', 'Lessons checked before they began', ['state']),
    gauge(name, help, read) {
      new Gauge({
        name: `tongtang_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    watchBroker(read) {
      new Counter({
        name: 'tongtang_broker_refusals_total',
        help: 'What the embedded broker turned down',
        labelNames: ['reason'],
        registers,
        collect() {
          this.reset();
          for (const [reason, count] of Object.entries(read().refusals)) this.inc({ reason }, count);
        },
      });
      new Counter({
        name: 'tongtang_broker_takeovers_total',
        help: 'Connections ended because the same agent connected again',
        registers,
        collect() {
          this.reset();
          this.inc(read().takeovers);
        },
      });
      this.gauge(
        'broker_connected_agents',
        'Agents connected to the embedded broker',
        () => read().connected,
      );
    },
  };
}
