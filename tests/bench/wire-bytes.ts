import { type ChildProcess, spawn } from 'node:child_process';
import { on } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { defaultBytesPerDay } from '@tongtang/agent/uplink/byte-budget';
import type { Batch } from '@tongtang/wire/batch';
import { BatchWriter, basisEveryS } from '@tongtang/wire/following/batch-writer';
import { CourseReader } from '@tongtang/wire/following/course-reader';
import { textOf } from '@tongtang/wire/line-protocol';
import type { ClassroomNetwork, TrafficKind } from '../services/classroom-network.ts';
import { eventually } from '../services/eventually.ts';
import { freePort } from '../services/free-port.ts';
import { startMosquitto } from '../services/mosquitto.ts';
import { atMost, type Benchmark, type BenchmarkContext, figure, type Result } from './benchmark.ts';
import { type Agent, openSchool, type School } from './school.ts';
import { dayOfSending, type MessageCost, periods } from './school-day.ts';
import { type AtEnd, tidily } from './tidily.ts';

/** Of the two agents in their cadences. */
const windowS = 250;
/** The exchange that a message begins is over by then. */
const settleMs = 3000;
/** Around a message its bytes are under way. */
const quietMs = 300;

export const wireBytes: Benchmark = {
  name: 'wire-bytes',
  about:
    'bytes at the IP layer of a school day, TLS, acknowledgements and commits included, beside plain JSON',
  run: (context) => tidily((atEnd) => measure(context, atEnd)),
};

async function measure({ say }: BenchmarkContext, atEnd: AtEnd): Promise<readonly Result[]> {
  const school = await openSchool(atEnd, 3, periods);
  const [inLesson, atRest] = [await school.startAgent(0), await school.startAgent(1)];
  const [lesson, rest] = [new Listener(school, inLesson), new Listener(school, atRest)];
  await school.broker.subscribeAsync([inLesson.topic('telemetry'), atRest.topic('telemetry')], { qos: 1 });
  // A day begins with a connection and the configuration with the lessons of the week.
  await wait(settleMs);
  const startBytes = inLesson.network.traffic().telemetry.bytes;
  const nowS = Math.floor(Date.now() / 1000);
  await inLesson.tell([[nowS - 600, nowS + 7200]]);
  await atRest.tell([]);
  say(`two agents, one in a lesson and one at rest, for ${windowS} s and up to 70 s before`);
  const [ofLesson, ofRest] = await Promise.all([lesson.listen(), rest.listen()]);
  const plain = await plainJson(atEnd, school, ofLesson.batches, inLesson.topic('telemetry'));

  const estimateRatio = ofLesson.estimateRatio ?? ofRest.estimateRatio;
  if (estimateRatio === undefined) throw new Error('neither agent said its bytes between two messages');
  const costs = [ofLesson.message, ofRest.message] as const;
  const day = dayOfSending(costs, startBytes, defaultBytesPerDay, estimateRatio);
  const unbounded = dayOfSending(costs, startBytes, Number.POSITIVE_INFINITY, estimateRatio);
  const plainDay = plain.startBytes + plain.messageBytes * 8640;
  const probes = (['stamp', 'ping', 'dns', 'other'] as const).map((kind) =>
    figure(`wire.${kind}_mb_per_day`, ofLesson.perDay[kind] / 1e6, 'MB/day'),
  );
  return [
    atMost('wire.mb_per_day', day.wireBytes / 1e6, 'MB/day', 1.2),
    // An agent keeps its budget by reporting less often: what is spared must not be the lesson.
    atMost('wire.lesson_interval_s', day.closeIntervalS, 's', 10.1),
    figure('wire.unbounded_mb_per_day', unbounded.wireBytes / 1e6, 'MB/day'),
    atMost('wire.ratio_json', day.wireBytes / plainDay, '1', 0.25),
    figure('wire.unbounded_ratio_json', unbounded.wireBytes / plainDay, '1'),
    figure('wire.json_mb_per_day', plainDay / 1e6, 'MB/day'),
    figure('wire.estimate_ratio', estimateRatio, '1'),
    figure('wire.lesson_message_bytes', ofLesson.message.wireBytes, 'bytes'),
    figure('wire.lesson_payload_bytes', ofLesson.message.payloadBytes, 'bytes'),
    figure('wire.rest_message_bytes', ofRest.message.wireBytes, 'bytes'),
    figure('wire.rest_payload_bytes', ofRest.message.payloadBytes, 'bytes'),
    figure('wire.start_kb', startBytes / 1000, 'kB'),
    figure('wire.fields_per_10_s', ofLesson.fieldsPer10S, '1'),
    ...probes,
  ];
}

type Heard = Readonly<{ atMs: number; payloadBytes: number; batch: Batch }> & {
  /** The counter after the exchange that the message began. */
  totalBytes?: number;
};

/** Hears the batches of an agent and reads the counters of its network, from one message to another. */
class Listener {
  readonly #agent: Agent;
  readonly #heard: Heard[] = [];
  readonly #course = new CourseReader();

  constructor(school: School, agent: Agent) {
    this.#agent = agent;
    school.broker.on('message', (topic, payload) => {
      if (topic !== agent.topic('telemetry')) return;
      const batch = this.#course.read(payload);
      if ('reason' in batch) throw new Error(batch.reason);
      if ('unfollowed' in batch) throw new Error('the thread was lost');
      const heard: Heard = { atMs: Date.now(), payloadBytes: payload.length, batch };
      this.#heard.push(heard);
      void this.#count(heard);
    });
  }

  async listen() {
    // What comes first after a change of the cadence carries what waited for it.
    await this.#next();
    const first = await this.#next();
    await wait(settleMs);
    const before = this.#agent.network.traffic();
    let last = first;
    while (last.atMs < first.atMs + windowS * 1000) last = await this.#next();
    await wait(settleMs);
    const after = this.#agent.network.traffic();
    const heard = this.#heard.slice(this.#heard.indexOf(first) + 1, this.#heard.indexOf(last) + 1);
    const seconds = (last.atMs - first.atMs) / 1000;
    const samples = heard.flatMap(({ batch }) => batch.samples);
    const bytes = (kind: TrafficKind) => after[kind].bytes - before[kind].bytes;
    const perDay = (kind: TrafficKind) => (bytes(kind) / seconds) * 86_400;
    const coveredS = seconds / heard.length;
    const anew = (beginningAnew(heard) * coveredS) / basisEveryS;
    const message: MessageCost = {
      coveredS,
      payloadBytes: mean(heard.map(({ payloadBytes }) => payloadBytes)) + anew,
      wireBytes: bytes('telemetry') / heard.length + anew,
      asking: mean(heard.map(({ batch }) => (batch.commitLater ? 0 : 1))),
    };
    return {
      message,
      batches: heard.map(({ batch }) => batch),
      fieldsPer10S:
        mean(samples.map(({ fields }) => Object.keys(fields).length)) * (samples.length / seconds) * 10,
      perDay: { stamp: perDay('stamp'), ping: perDay('ping'), dns: perDay('dns'), other: perDay('other') },
      estimateRatio: this.#estimateRatio(),
    };
  }

  /** The next message that comes. */
  async #next(): Promise<Heard> {
    const known = this.#heard.length;
    return eventually('a batch', () => this.#heard[known], 90_000, 50);
  }

  async #count(heard: Heard): Promise<void> {
    await wait(settleMs);
    heard.totalBytes = this.#agent.network.traffic().telemetry.bytes;
  }

  /**
   * What the agent says of itself (`wire_bytes`) beside the counter, from the first of its samples to the last. Those
   * that it took while a message was under way are left out: which bytes they include, cannot be told. In a lesson that may be all of them.
   */
  #estimateRatio(): number | undefined {
    const pairs = this.#heard.flatMap(({ batch }) =>
      batch.samples.flatMap(({ measurement, fields, time }) => {
        if (measurement !== 'agent' || typeof fields.wire_bytes !== 'number') return [];
        const before = this.#heard.findLast(({ atMs }) => atMs < time * 1000 - quietMs);
        const after = this.#heard.find(({ atMs }) => atMs > time * 1000 - quietMs);
        const isQuiet = after !== undefined && after.atMs > time * 1000 + 1000 + quietMs;
        if (!isQuiet || before?.totalBytes === undefined) return [];
        return [{ said: fields.wire_bytes, counted: before.totalBytes }];
      }),
    );
    const [first, last] = [pairs.at(0), pairs.at(-1)];
    if (first === undefined || last === undefined || last.counted === first.counted) return undefined;
    return (last.said - first.said) / (last.counted - first.counted);
  }
}

/**
 * The same samples as JSON, a message each, published at QoS 1 over TLS to a Mosquitto from a classroom of its own.
 * @returns bytes at the IP layer
 */
async function plainJson(
  atEnd: AtEnd,
  school: School,
  batches: readonly Batch[],
  topic: string,
): Promise<{ startBytes: number; messageBytes: number }> {
  const network = school.classrooms[2];
  if (network === undefined) throw new Error('three classrooms are needed');
  const port = await freePort();
  const mosquitto = await startMosquitto({ lines: school.listener(port) });
  atEnd(mosquitto.stop);
  network.count({ telemetry: port, stamp: 0 });
  const publisher = startPublisher(school, network, `mqtts://${school.hubName}:${port}`, topic);
  atEnd(() => publisher.kill('SIGKILL'));
  await said(publisher, 'connected');
  const startBytes = network.traffic().telemetry.bytes;
  for (const { samples } of batches) publisher.stdin?.write(`${JSON.stringify(samples.map(flat))}\n`);
  publisher.stdin?.end();
  await said(publisher, 'published');
  const bytes = network.traffic().telemetry.bytes - startBytes;
  return { startBytes, messageBytes: bytes / batches.length };
}

/** As short as names allow. */
function flat({ measurement, tags, time, fields }: Batch['samples'][number]) {
  return { measurement, time, ...tags, ...fields };
}

function startPublisher(
  school: School,
  network: ClassroomNetwork,
  broker: string,
  topic: string,
): ChildProcess {
  const script = join(import.meta.dirname, 'plain-publisher.ts');
  const [program = '', ...words] = network.within([process.execPath, script, broker, topic]);
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: school.authorityFile };
  return spawn(program, words, { env, stdio: ['pipe', 'pipe', 'inherit'] });
}

async function said(child: ChildProcess, word: string): Promise<void> {
  if (child.stdout === null) throw new Error('nothing can be heard');
  for await (const [chunk] of on(child.stdout, 'data', { signal: AbortSignal.timeout(60_000) }))
    if (String(chunk).includes(word)) return;
}

/** Bytes that a course costs more than one that goes on: it begins anew now and then, which the window is too short for. */
function beginningAnew(heard: readonly Heard[]): number {
  const writer = new BatchWriter(() => ({ dictionary: true, following: true }));
  const bytes = heard.map(
    ({ batch, payloadBytes }) => writer.next(batch, batch.samples.map(textOf)).length - payloadBytes,
  );
  return bytes.reduce((sum, more) => sum + more, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
