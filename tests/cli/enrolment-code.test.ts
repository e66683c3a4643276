import { afterEach, describe, expect, it } from 'vitest';
import { dataFolder, startTestHub, tongtang } from '../services/tongtang.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** The code is made on a hub that runs, with the settings that it has. */
async function codeOn(settings: Readonly<Record<string, string>>) {
  const data = dataFolder();
  cleanUp.push(data.remove);
  const hub = await startTestHub(data.path, settings);
  cleanUp.push(() => hub.process().stop());
  return tongtang(['enrolment', 'code', 'local/school/room-1'], hub.environment);
}

describe('tongtang enrolment code', () => {
  it('says which settings keep other machines from the hub, beside the command that it prints', async () => {
    const { code, output, stdout } = await codeOn({});
    expect(code).toBe(0);
    expect(stdout).toMatch(/^npx tongtang agent enroll http:\/\/127\.0\.0\.1:\d+ \S+\n$/);
    expect(output).toContain('Only this machine can use it: set http, mqtt, stamp first');
  }, 60_000);

  it('says so where agents are told a broker on this machine', async () => {
    const addresses = { TONGTANG_STAMP: '0.0.0.0:0', TONGTANG_AGENT_BROKER: 'mqtt://127.0.0.1:1883' };
    expect((await codeOn(addresses)).output).toContain('set http, agentBroker first');
  }, 60_000);
});
