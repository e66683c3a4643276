import { deflateSync } from 'node:zlib';
import { encodeBatch } from '@tongtang/wire/batch';
import { dictionaryId } from '@tongtang/wire/dictionary';
import { BatchWriter } from '@tongtang/wire/following/batch-writer';
import { isFollowing } from '@tongtang/wire/following/course';
import { topicOf } from '@tongtang/wire/topics';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agentsOf, ledgerOf, seriesOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { adminToken, dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';
import { HandMadeAgent } from './hand-made-agent.ts';

/** The hub's side of packages/wire/spec/wire-protocol.md: a real hub, and an agent made by hand. */

const data = dataFolder();
let hub: TestHub;
let agent: HandMadeAgent;
let nowS = 0;

beforeAll(async () => {
  hub = await startTestHub(data.path);
  const classrooms = [{ id: 'room-1' }, { id: 'room-2' }];
  await put('/api/v1/inventory/local', {
    county: { id: 'local', name: { en: 'Local' }, timezone: 'Asia/Shanghai' },
    schools: [{ id: 'school', name: { en: 'School' }, classrooms }],
  });
});
afterAll(async () => {
  await hub.process().stop();
  data.remove();
});
beforeEach(async () => {
  nowS = Math.floor(Date.now() / 1000);
  agent = await HandMadeAgent.enrol(hub);
  await agent.connect();
});
afterEach(() => agent.end());

const outbox = '0utb0x00';
const dnsLine = (answers: number, time: number) =>
  `dns,link=lan,target=resolver ok=true,answers=${answers}i ${time}`;
const lines = (count: number) => Array.from({ length: count }, (_, at) => dnsLine(at, nowS - count + at));
const commitOf = (ranges: readonly (readonly number[])[], id = outbox) => ({
  document: { outbox: id, ranges, time: expect.any(Number), hub: expect.any(String) },
});

async function answersStored(): Promise<unknown[]> {
  const query = { measurement: 'dns', field: 'answers', agent: agent.id, from: '-1h' };
  const { series } = await seriesOf(hub, query);
  return series.flatMap(({ values }) => values).filter((value) => value !== null);
}

async function placesStored(): Promise<unknown[]> {
  const query = { measurement: 'dns', field: 'answers', agent: agent.id, from: '-1h' };
  const { series } = await seriesOf(hub, query);
  return series.map(({ tags }) => ({ school: tags.school, classroom: tags.classroom }));
}

async function put(path: string, body: unknown): Promise<void> {
  const answer = await fetch(hub.url + path, {
    method: 'PUT',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

async function quarantined(): Promise<string[]> {
  const items = await hub.get('/api/v1/quarantine?limit=200');
  if (!Array.isArray(items)) throw new Error('no list');
  return items.filter((item) => item.agent === agent.id).map(({ reason }) => String(reason));
}

async function stateOf(id: string): Promise<string | undefined> {
  return (await agentsOf(hub)).find((candidate) => candidate.id === id)?.state;
}

const becomes = (state: string) =>
  eventually(`state ${state}`, async () => ((await stateOf(agent.id)) === state ? true : undefined));

describe('connection and topics', () => {
  it('T-3: topics stay when the agent moves to another room', async () => {
    await agent.sayStatus({});
    await agent.next('commit');
    await put(`/api/v1/agents/${agent.id}/place`, { school: 'school', classroom: 'room-2' });
    await agent.sendLines(lines(1), outbox, 1);
    expect(await agent.next('commit')).toMatchObject(commitOf([[1, 1]]));
    expect(await placesStored()).toEqual([{ school: 'school', classroom: 'room-2' }]);
  });

  it('T-4: MQTT 3.1.1 with a clean session is enough, and a session to be kept is refused', async () => {
    await agent.sayStatus({});
    expect(await agent.next('commit')).toBeDefined();
    agent.end();
    expect(await agent.isRefused({ clean: false })).toBe(true);
  });

  it("T-5: another's topic ends the connection, and nothing of it is stored", async () => {
    const other = await HandMadeAgent.enrol(hub);
    const gone = agent.closed();
    const batch = encodeBatch({ outbox, from: 1, to: 1, oldest: 1 }, lines(1), false);
    agent.client.publish(other.topic('telemetry'), batch, { qos: 1 });
    await gone;
    expect((await ledgerOf(hub, other.id)).outboxes).toEqual([]);
  });

  it("T-5: wildcards, shared subscriptions and others' topics are refused", async () => {
    const shared = `$share/x/${agent.topic('commit')}`;
    const others = topicOf({ county: 'local', school: 'school', agent: 'other' }, 'commit');
    for (const filter of ['#', 'tongtang/v1/+/+/+/commit', shared, others, agent.topic('telemetry')]) {
      const granted = await agent.client.subscribeAsync(filter, { qos: 1 }).catch(() => [{ qos: 128 }]);
      expect(granted, filter).toMatchObject([{ qos: 128 }]);
    }
  });

  it.each([
    { qos: 2, retain: false },
    { qos: 1, retain: true },
  ] as const)('T-6: telemetry with %o ends the connection', async (options) => {
    const gone = agent.closed();
    agent.client.publish(agent.topic('telemetry'), 'x', options);
    await gone;
  });
});

describe('messages', () => {
  it('M-1: what is no status is ignored, and the hub goes on', async () => {
    for (const text of ['{', '[]', '{"state":"online"}', '{"state":"bored"}'])
      await agent.say('status', text);
    await agent.sayStatus({});
    expect(await agent.next('commit')).toMatchObject(commitOf([]));
    expect(agent.heard.filter(({ channel }) => channel === 'commit')).toEqual([]);
  });

  it('M-2: keys that are not known yet are ignored', async () => {
    await agent.sayStatus({ colour: 'green', nested: { a: 1 } });
    expect(await agent.next('commit')).toMatchObject(commitOf([]));
  });

  it('M-3: an empty status takes back what was retained and says nothing', async () => {
    await agent.sayStatus({});
    await becomes('online');
    await agent.say('status', '');
    await agent.sendLines(lines(1), outbox, 1);
    await agent.next('commit');
    expect(await stateOf(agent.id)).toBe('online');
  });

  it('M-4, T-6: the configuration is retained, and the same content has the same revision', async () => {
    await agent.sayStatus({});
    const first = await agent.next('config');
    expect(first.document).toMatchObject({ revision: expect.any(String), tasks: [] });
    agent.end();
    agent.heard.length = 0;
    await agent.connect();
    const kept = await agent.next('config');
    expect(kept.retain).toBe(true);
    expect(kept.document).toEqual(first.document);
  });

  const live = { document: { id: expect.any(String), action: 'live', seconds: expect.any(Number) } };
  /** Somebody looks at the agent's page. @returns how to leave it */
  async function look(): Promise<() => void> {
    const page = new AbortController();
    const headers = { authorization: `Bearer ${adminToken}` };
    const stream = await fetch(`${hub.url}/api/v1/live?agents=${agent.id}`, { headers, signal: page.signal });
    expect(stream.ok).toBe(true);
    return () => page.abort();
  }

  it('M-5: a person who looks has the agent asked to send often, and it is in the audit', async () => {
    const leave = await look();
    expect(await agent.next('command')).toMatchObject(live);
    expect(JSON.stringify(await hub.get('/api/v1/audit'))).toContain(agent.id);
    leave();
  });

  it('M-5: an agent that comes while somebody looks already is asked as soon as it is there', async () => {
    agent.end();
    const leave = await look();
    await agent.connect();
    await agent.sayStatus({});
    expect(await agent.next('command')).toMatchObject(live);
    leave();
  });

  it('D-3: the configuration lists the dictionaries that the hub has', async () => {
    await agent.sayStatus({});
    expect(await agent.next('config')).toMatchObject({ document: { dictionaries: [dictionaryId] } });
  });
});

describe('status', () => {
  it('C-3, S-1, C-6: online is answered by all that is stored of that outbox, and the time', async () => {
    await agent.sayStatus({});
    expect(await agent.next('commit')).toMatchObject(commitOf([]));
    await agent.sendLines(lines(2), outbox, 1);
    await agent.next('commit');
    await agent.sendLines(lines(3), outbox, 11, 11);
    await agent.next('commit');
    await agent.sayStatus({});
    const ranges = [
      [1, 2],
      [11, 13],
    ];
    const now = Date.now();
    const answer = await agent.next('commit');
    expect(answer).toMatchObject(commitOf(ranges));
    expect(answer.document).toMatchObject({ time: expect.closeTo(now, -4) });
    await agent.sayStatus({ outbox: 'an0ther0' });
    expect(await agent.next('commit')).toMatchObject(commitOf([], 'an0ther0'));
  });

  it('S-3: the death of another boot is ignored, that of the current one is not', async () => {
    await agent.sayStatus({ boot: 'sec0nd00' });
    await becomes('online');
    await agent.sayStatus({ state: 'offline', boot: 'first000' });
    await agent.sayStatus({ state: 'stopping', boot: 'first000' });
    await agent.sendLines(lines(1), outbox, 1);
    await agent.next('commit');
    expect(await stateOf(agent.id)).toBe('online');
    await agent.sayStatus({ state: 'stopping', boot: 'sec0nd00' });
    await becomes('stopping');
  });

  it('S-2: the will of a connection that breaks makes the agent offline', async () => {
    agent.end();
    const payload = JSON.stringify({
      state: 'offline',
      boot: 'b00tb00t',
      version: 'test',
      startedAt: 0,
      outbox,
    });
    const will = {
      topic: agent.topic('status'),
      payload: Buffer.from(payload),
      qos: 1,
      retain: true,
    } as const;
    const client = await agent.connect({ will });
    await agent.sayStatus({});
    await becomes('online');
    client.stream.destroy();
    await becomes('offline');
  });

  it('S-5: the end of a connection changes no link', async () => {
    await agent.sayStatus({});
    await agent.sendLines([dnsLine(1, nowS - 1)], outbox, 1);
    await agent.next('commit');
    const links = async () => JSON.stringify(await hub.get('/api/v1/overview')).includes('"good"');
    expect(await eventually('a good link', async () => ((await links()) ? true : undefined))).toBe(true);
    await agent.sayStatus({ state: 'offline' });
    await becomes('offline');
    expect(await links()).toBe(true);
  });
});

describe('batches and commits', () => {
  it('C-1, L-11, C-5: what is committed is stored, and coming again it is committed and not doubled', async () => {
    const batch = lines(4);
    await agent.sendLines(batch, outbox, 1);
    expect(await agent.next('commit')).toMatchObject(commitOf([[1, 4]]));
    expect(await answersStored()).toEqual([0, 1, 2, 3]);
    await agent.sendLines(batch, outbox, 1);
    expect(await agent.next('commit')).toMatchObject(commitOf([[1, 4]]));
    await agent.sendLines([...batch.slice(2), dnsLine(9, nowS - 60)], outbox, 3);
    expect(await agent.next('commit')).toMatchObject(commitOf([[3, 5]]));
    expect(await answersStored()).toEqual([9, 0, 1, 2, 3]);
    expect((await ledgerOf(hub, agent.id)).outboxes).toMatchObject([{ received: [[1, 5]], missing: [] }]);
  });

  it('C-1, C-9: what was committed is there after kill -9, and commits tell that the hub is another one', async () => {
    await agent.sendLines(lines(3), outbox, 1);
    const before = await agent.next('commit');
    await hub.process().kill9();
    await hub.start();
    expect(await answersStored()).toEqual([0, 1, 2]);
    await agent.connect();
    await agent.sayStatus({});
    const after = await agent.next('commit');
    expect(after).toMatchObject(commitOf([[1, 3]]));
    expect(Object(after.document).hub).not.toBe(Object(before.document).hub);
  });

  it('C-10: batches that leave the commit to a later one are told with it, and stored before', async () => {
    const send = (from: number, commitLater: boolean) => {
      const header = { outbox, from, to: from, oldest: 1, commitLater };
      const batch = encodeBatch(header, [dnsLine(from, nowS - 60 + from)], true);
      return agent.client.publishAsync(agent.topic('telemetry'), batch, { qos: commitLater ? 0 : 1 });
    };
    await send(1, true);
    await send(2, true);
    await send(5, true);
    await eventually('three points', async () => ((await answersStored()).length === 3 ? true : undefined));
    expect(agent.heard.filter(({ channel }) => channel === 'commit')).toEqual([]);
    await send(6, false);
    const ranges = [
      [1, 2],
      [5, 6],
    ];
    expect(await agent.next('commit')).toMatchObject(commitOf(ranges));
    await send(7, false);
    expect(await agent.next('commit')).toMatchObject(commitOf([[7, 7]]));
  });

  describe('batches that follow', () => {
    const send = (payload: Buffer) => agent.say('telemetry', payload);
    const header = (from: number) => ({ outbox, from, to: from, oldest: 1 });
    const line = (from: number) => [dnsLine(from, nowS - 60 + from)];
    const writer = () => new BatchWriter(() => ({ dictionary: true, following: true }));

    it('F-3: are read by a hub that says so', async () => {
      await agent.sayStatus({ state: 'online', outbox });
      expect(await agent.next('config')).toMatchObject({ document: { following: true } });
      const batches = writer();
      for (const from of [1, 2, 3]) {
        const payload = batches.next(header(from), line(from));
        expect(isFollowing(payload)).toBe(from > 1);
        await send(payload);
      }
      await eventually('three points', async () => ((await answersStored()).length === 3 ? true : undefined));
    });

    it('F-6: one that follows on what was lost is not used, and a whole one is asked for', async () => {
      await agent.sayStatus({ state: 'online', outbox });
      await agent.next('commit');
      const batches = writer();
      await send(batches.next(header(1), line(1)));
      await agent.next('commit');
      batches.next(header(2), line(2));
      await send(batches.next(header(3), line(3)));
      expect(await agent.next('commit')).toMatchObject({
        document: { outbox, ranges: [[1, 1]], whole: true },
      });
      expect(await quarantined()).toEqual([]);
      batches.beginAnew();
      await send(batches.next({ ...header(2), to: 3 }, [...line(2), ...line(3)]));
      expect(await agent.next('commit')).toMatchObject(commitOf([[2, 3]]));
      expect(await answersStored()).toHaveLength(3);
    });

    it('F-7: one that comes twice is stored once, and the next one follows on it', async () => {
      const batches = writer();
      await send(batches.next(header(1), line(1)));
      const payload = batches.next(header(2), line(2));
      await send(payload);
      await send(payload);
      await send(batches.next(header(3), line(3)));
      await eventually('three points', async () => ((await answersStored()).length === 3 ? true : undefined));
      expect(agent.heard.filter(({ payload: said }) => said.includes('"whole"'))).toEqual([]);
    });
  });

  it('B-5: what the outbox no longer holds is shown as lost', async () => {
    await agent.sendLines(lines(2), outbox, 21, 15);
    await agent.next('commit');
    expect(await hub.get(`/api/v1/ledger/${agent.id}`)).toMatchObject({
      outboxes: [{ received: [[21, 22]], missing: [[1, 20]], lost: [[1, 14]] }],
    });
  });

  it('B-6, L-3, L-12: lines that cannot be used are set aside, the rest is stored, all is committed', async () => {
    const odd = [
      dnsLine(1, nowS - 2),
      `later_metric x=1 ${nowS}`,
      `dns,link=lan,school=elsewhere ok=true ${nowS}`,
      dnsLine(2, nowS + 3600),
      dnsLine(3, nowS - 31 * 86_400),
      dnsLine(4, nowS - 1),
    ];
    await agent.sendLines(odd, outbox, 1);
    expect(await agent.next('commit')).toMatchObject(commitOf([[1, 6]]));
    expect(await answersStored()).toEqual([1, 4]);
    const reasons = (await quarantined()).join('\n');
    for (const reason of ['unknown measurement', 'no tag "school"', 'in the future', 'past retention'])
      expect(reasons).toContain(reason);
  });

  it('L-13: series beyond the limit are set aside and committed, and known ones go on', async () => {
    const series = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => `dns,link=lan,target=t${from + at} ok=true ${nowS - 5}`);
    await agent.sendLines(series(0, 1003), outbox, 1);
    expect(await agent.next('commit')).toMatchObject(commitOf([[1, 1003]]));
    expect((await quarantined()).join('\n')).toContain('the agent has 1000 series already');
    await agent.sendLines([`dns,link=lan,target=t7 ok=true,answers=3i ${nowS - 4}`], outbox, 1004);
    await agent.next('commit');
    expect(await answersStored()).toEqual([3]);
  });

  it('L-3: the place of a sample is what the inventory says', async () => {
    await agent.sendLines(lines(1), outbox, 1);
    await agent.next('commit');
    expect(await placesStored()).toEqual([{ school: 'school', classroom: 'room-1' }]);
  });

  it('B-9, B-4, D-4: what cannot be read as a whole is set aside and never committed, and nothing stands still', async () => {
    const header = { outbox, from: 1, to: 3, oldest: 1 };
    await agent.say('telemetry', Buffer.from('no batch'));
    await agent.say('telemetry', encodeBatch(header, lines(2), true));
    await agent.say('telemetry', deflateSync('# x', { dictionary: Buffer.from('another') }));
    await agent.say('telemetry', encodeBatch(header, lines(3), true).subarray(0, -8));
    await agent.sendLines(lines(1), outbox, 7, 7);
    expect(await agent.next('commit')).toMatchObject(commitOf([[7, 7]]));
    expect((await ledgerOf(hub, agent.id)).outboxes).toMatchObject([{ received: [[7, 7]] }]);
    const reasons = (await quarantined()).join('\n');
    for (const reason of ['neither text nor', 'promises 3 samples', 'unknown dictionary', 'broken zlib'])
      expect(reasons).toContain(reason);
  });

  it('B-10: text without compression is taken, too', async () => {
    const text = `# tongtang outbox=${outbox} seq=1-1 oldest=1\n${lines(1)[0]}\n`;
    await agent.say('telemetry', text);
    expect(await agent.next('commit')).toMatchObject(commitOf([[1, 1]]));
  });
});
