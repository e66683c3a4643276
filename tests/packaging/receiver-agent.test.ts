import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InventoryDocument } from '@tongtang/model/inventory';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { agentsOf, ledgerOf, seriesOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import {
  bundleName,
  layBundle,
  nativeAddOn,
  receiverFlags,
  startShipped,
} from '../services/shipped-agent.ts';
import { startSnmpd } from '../services/snmpd.ts';
import { dataFolder, launch, startTestHub, tongtang } from '../services/tongtang.ts';

/** The agent beside a receiver as schools get it: one file in a folder where nothing else is, a receiver and a real hub. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

let folder: string;
beforeAll(() => {
  const bundle = layBundle('receiver');
  folder = bundle.path;
  return bundle.remove;
});

const first = '1.3.6.1.4.1.10894.1.1.1.2.1';
const community = 'of-the-roof';
/** The receiver stands in a room where no class is. */
const inventory = (receiver: string): InventoryDocument => ({
  county: { id: 'local', name: { en: 'Local' }, timezone: 'Asia/Shanghai' },
  schools: [{ id: 'school', name: { en: 'School' }, classrooms: [{ id: 'machine-room' }] }],
  targets: [
    {
      id: 'dish',
      link: 'satellite',
      probe: 'snmp',
      address: `${receiver}?profile=novra-s400&credentials=roof`,
      every: 5,
    },
  ],
});

it('the shipped agent of a receiver is one file without a compiled part, for any processor', () => {
  expect(readdirSync(folder)).toEqual([bundleName]);
  expect(readFileSync(join(folder, bundleName), 'utf8')).not.toMatch(nativeAddOn);
});

/** Starts an agent's command line in one of its forms. */
type Start = (
  words: readonly string[],
  data: string,
) => Readonly<{ output: () => string; stop: () => Promise<number | null> }>;

const asShipped: Start = (words, data) => {
  const { child, ended, output } = startShipped(folder, words, data, receiverFlags);
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { output, stop };
};
const asCommand: Start = (words, data) => launch(['agent', ...words], { TONGTANG_DATA: data });

describe.each([
  ['the shipped agent of a receiver', asShipped],
  ['tongtang agent run, where it was enrolled for a receiver', asCommand],
])('%s', (_, start) => {
  it('reads its receiver with a secret that leaves the machine in no way', async () => {
    const [hubData, agentData] = [dataFolder(), dataFolder()];
    cleanUp.push(hubData.remove, agentData.remove);
    const receiver = await startSnmpd('1.3.6.1.4.1.10894', [`rocommunity ${community}`]);
    cleanUp.push(receiver.stop);
    receiver.serve({
      [`${first}.6.1.0`]: ['integer', 1],
      [`${first}.6.2.0`]: ['integer', 1],
      [`${first}.6.6.0`]: ['string', '11.3'],
    });
    const hub = await startTestHub(hubData.path);
    cleanUp.push(() => hub.process().stop());
    const document = JSON.stringify(inventory(`127.0.0.1:${receiver.port}`));
    expect(await tongtang(['inventory', 'import', '-'], hub.environment, document)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nobody measures dish of school yet'),
    });
    const words = ['enrolment', 'code', 'local/school/machine-room', '--kind', 'receiver'];
    const { stdout } = await tongtang(words, hub.environment);
    const code = stdout.trim().split(' ').at(-1) ?? '';
    const enrolment = start(['enroll', hub.url, code], agentData.path);
    await eventually('enrolled', async () => enrolment.output().includes('Enrolled as ') || undefined);
    mkdirSync(join(agentData.path, 'receivers'));
    const credentials = `roof: { community: ${community} }\n`;
    writeFileSync(join(agentData.path, 'receivers/credentials.yaml'), credentials, { mode: 0o600 });

    const agent = start(['run'], agentData.path);
    cleanUp.push(agent.stop);
    const [{ id, kind } = { id: '', kind: '' }] = await eventually('agent online', async () => {
      const online = (await agentsOf(hub)).filter(({ state }) => state === 'online');
      return online.length > 0 ? online : undefined;
    });
    expect(kind).toBe('receiver');
    const isStored = (measurement: string, field: string, wanted: number | boolean) => async () => {
      const { series } = await seriesOf(hub, { measurement, field, agent: id, from: '-10m', agg: 'last' });
      return series.some(({ values }) => values.includes(wanted)) || undefined;
    };
    await eventually('the signal in the store', isStored('signal', 'cn_db', 11.3), 40_000);
    expect(await isStored('signal', 'locked', true)()).toBe(true);

    expect(await agent.stop()).toBe(0);
    expect((await ledgerOf(hub, id)).outboxes.map(({ missing }) => missing)).toEqual([[]]);
    for (const told of [
      agent.output(),
      hub.process().output(),
      ...filesIn(hubData.path),
      ...filesIn(join(agentData.path, 'agent')),
    ])
      expect(told).not.toContain(community);
  }, 90_000);
});

/** As octets: databases are none of the encodings of text. */
function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
