import { Ingest } from '@tongtang/hub/ingest/ingest';
import { createMetrics } from '@tongtang/hub/metrics';
import { createLog } from '@tongtang/runtime/log';
import type { EnrolledAgent } from '@tongtang/store/registry/registry';
import { encodeBatch } from '@tongtang/wire/batch';
import { topicOf } from '@tongtang/wire/topics';
import { describe, expect, it } from 'vitest';

/**
 * What the embedded broker keeps away from the hub, and an external one may let through: the hub's ingest with a link
 * that only notes what is published.
 */

const enrolled: EnrolledAgent = {
  id: 'a1',
  address: { county: 'qilian', school: 'xx1', agent: 'a1' },
  place: { county: 'qilian', school: 'xx1', classroom: 'c1', agent: 'a1' },
  passwordHash: '',
  enrolledAt: 0,
};
const nowS = 1_788_228_100;
const batch = encodeBatch({ outbox: '0utb0x00', from: 1, to: 1, oldest: 1 }, [`dns ok=true ${nowS}`], true);

function openIngest(
  limits: ConstructorParameters<typeof Ingest>[1] = {},
  admits: (outbox: string) => boolean = () => true,
  believed = true,
) {
  const published: string[] = [];
  const quarantined: string[] = [];
  const written: unknown[] = [];
  const ingest = new Ingest(
    {
      registry: { agent: (id) => (id === enrolled.id ? enrolled : undefined) },
      quarantine: { keep: (items) => void quarantined.push(...items.map(({ reason }) => reason)) },
      metrics: createMetrics(),
      log: createLog('error'),
      nowS: () => nowS,
      clock: { isBelieved: () => believed },
      hub: 'hub00000',
      link: {
        subscribe: async () => {},
        publish: async (topic) => {
          published.push(topic);
        },
        remembers: true,
        onConnect: () => {},
        connected: () => true,
        close: async () => {},
      },
      telemetry: {
        write: async (batches) => {
          written.push(...batches);
          return { refused: [] };
        },
        check: async () => {},
      },
      ledger: { accept: () => {}, holds: () => false, admits: (_, outbox) => admits(outbox) },
      stored: () => {},
      observe: () => {},
      askForWhole: () => {},
    },
    limits,
  );
  return { ingest, published, quarantined, written };
}

describe('ingest', () => {
  it('commits what an enrolled agent sends under its own address', async () => {
    const { ingest, published, written } = openIngest();
    ingest.take(topicOf(enrolled.address, 'telemetry'), batch);
    await ingest.stop();
    expect(published).toEqual([topicOf(enrolled.address, 'commit')]);
    expect(written).toMatchObject([{ place: enrolled.place }]);
  });

  it.each([
    ['who is not enrolled', { ...enrolled.address, agent: 'a2' }],
    ["under another school's topic", { ...enrolled.address, school: 'xx2' }],
    ["under another county's topic", { ...enrolled.address, county: 'menyuan' }],
  ])('C-8: stores and commits nothing of an agent %s', async (_, address) => {
    const { ingest, published, written, quarantined } = openIngest();
    ingest.take(topicOf(address, 'telemetry'), batch);
    await ingest.stop();
    expect(published).toEqual([]);
    expect(written).toEqual([]);
    expect(quarantined).toEqual(['not enrolled at this address']);
  });

  it('B-12: a batch of an outbox too many is set aside and not committed, and known outboxes go on', async () => {
    const { ingest, published, quarantined } = openIngest({}, (outbox) => outbox === '0utb0x00');
    const header = { outbox: 'another0', from: 1, to: 1, oldest: 1 };
    ingest.take(topicOf(enrolled.address, 'telemetry'), encodeBatch(header, [`dns ok=true ${nowS}`], true));
    ingest.take(topicOf(enrolled.address, 'telemetry'), batch);
    await ingest.stop();
    expect(quarantined).toEqual(['the agent has too many outboxes']);
    expect(published).toEqual([topicOf(enrolled.address, 'commit')]);
  });

  it.each([
    ['old', nowS - 45 * 86_400],
    ['in the future', nowS + 45 * 86_400],
  ])('L-12: what is too %s is not given up by a clock in doubt', async (_, time) => {
    const { ingest, published, quarantined, written } = openIngest({}, () => true, false);
    const header = { outbox: '0utb0x00', from: 2, to: 3, oldest: 1 };
    const lines = [`dns ok=true ${nowS}`, `dns ok=true ${time}`];
    ingest.take(topicOf(enrolled.address, 'telemetry'), encodeBatch(header, lines, true));
    await ingest.stop();
    expect([published, quarantined, written]).toEqual([[], [], []]);
  });

  it('W-4: what does not fit into the queue is not committed', async () => {
    const { ingest, published, written } = openIngest({ queueBytes: 10 });
    ingest.take(topicOf(enrolled.address, 'telemetry'), batch);
    await ingest.stop();
    expect(published).toEqual([]);
    expect(written).toEqual([]);
  });
});
