import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '@tongtang/agent/identity';
import { hashPassword, makePassword } from '@tongtang/broker/password';
import { buildInventory } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { openRegistry } from '@tongtang/store/registry/open';
import { afterEach, expect, it } from 'vitest';
import { seriesOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { bundleName, layBundle, unitEnvironment, unitFlags } from '../services/shipped-agent.ts';
import { dataFolder, startTestHub } from '../services/tongtang.ts';

/** From the inventory to the stored sample, with the agent as it is shipped and a real hub. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** An agent whose id lets it test in the first seconds of the hour over which they all spread. */
function enrolEarlyAgent(data: string): { id: string; password: string } {
  mkdirSync(join(data, 'hub'), { recursive: true });
  const registry = openRegistry(join(data, 'hub', 'registry.db'), createLog('error'));
  try {
    registry.ensureStarterInventory();
    const built = buildInventory({
      county: { id: 'local', name: { en: 'Local' }, timezone: 'Asia/Shanghai' },
      schools: [{ id: 'school', name: { en: 'School' }, classrooms: [{ id: 'room-1' }] }],
      targets: [{ id: 'bandwidth', link: 'broadband', probe: 'throughput', address: 'hub' }],
    });
    if ('problems' in built) throw new Error(built.problems.join('; '));
    registry.importInventory(built.inventory, 'test');
    const password = makePassword();
    for (;;) {
      const seat = { county: 'local', school: 'school', classroom: 'room-1', kind: 'classroom' } as const;
      const code = registry.createEnrolmentCode(seat, 'test');
      if (!code.ok) throw new Error(code.problem);
      const result = registry.enrol({ code: code.code, passwordHash: hashPassword(password) });
      if (!result.ok) throw new Error(result.reason);
      const { id } = result.agent;
      if (createHash('sha256').update(id).digest().readUInt32BE() < 2 ** 32 / 300) return { id, password };
    }
  } finally {
    registry.close();
  }
}

it('an agent that the inventory tells to test its hub does so once, and the rates are stored', async () => {
  const [hubData, agentData, bundle] = [dataFolder(), dataFolder(), layBundle()];
  cleanUp.push(hubData.remove, agentData.remove, bundle.remove);
  const { id, password } = enrolEarlyAgent(hubData.path);
  const hub = await startTestHub(hubData.path);
  cleanUp.push(() => hub.process().stop());
  const placeOf = (key: string) => {
    const url = new URL(`tcp://${hub.environment[key]}`);
    return { host: url.hostname, port: Number(url.port) };
  };
  const identity: Identity = {
    agent: id,
    county: 'local',
    school: 'school',
    password,
    hub: `${hub.url}/`,
    mqtt: { protocol: 'mqtt', ...placeOf('TONGTANG_MQTT') },
    stamp: placeOf('TONGTANG_STAMP'),
  };
  mkdirSync(join(agentData.path, 'agent'));
  writeFileSync(join(agentData.path, 'agent', 'identity.json'), JSON.stringify(identity));
  const agent = spawn(process.execPath, [...unitFlags, bundleName, 'run'], {
    cwd: bundle.path,
    env: { ...unitEnvironment, PATH: process.env.PATH, TONGTANG_DATA: agentData.path },
    stdio: 'ignore',
  });
  cleanUp.push(async () => {
    const gone = once(agent, 'exit');
    agent.kill('SIGTERM');
    await gone;
  });

  for (const field of ['download_bit_s', 'upload_bit_s']) {
    const query = { measurement: 'throughput', field, agent: id, from: '-10m' };
    const rates = await eventually(
      `${field} in the store`,
      async () => {
        const { series } = await seriesOf(hub, query);
        const values = series.flatMap(({ tags, values }) => (tags.target === 'bandwidth' ? values : []));
        return values.length > 0 ? values : undefined;
      },
      240_000,
    );
    expect(rates).toEqual([expect.any(Number)]);
    expect(Number(rates[0])).toBeGreaterThan(1e6);
  }
  const due: unknown = JSON.parse(readFileSync(join(agentData.path, 'agent', 'throughput.json'), 'utf8'));
  const nowS = Date.now() / 1000;
  expect(due).toEqual({ 'throughput broadband bandwidth': expect.any(Number) });
  const [dueS = 0] = Object.values(Object(due));
  expect(Number(dueS) - nowS).toBeGreaterThan(22 * 3600);
  expect(hub.process().output()).toContain(`"visitor":"agent ${id}"`);
}, 300_000);
