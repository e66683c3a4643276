import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentStatus } from '@tongtang/agent/status';
import { Authority } from '@tongtang/probes/tls/certificates.fixture';
import { afterEach, describe, expect, it } from 'vitest';
import { agentsOf, codeFrom } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { freePort } from '../services/free-port.ts';
import { startMosquittoForHub } from '../services/mosquitto-for-hub.ts';
import { dataFolder, launch, startTestHub, tongtang } from '../services/tongtang.ts';

/** A real agent before a real Mosquitto that speaks TLS: it gives its password to nobody else. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** An enrolled agent whose broker shows a certificate for the name, by an authority of the test's own. */
async function agentBefore(name: string) {
  const [hubData, agentData] = [dataFolder(), dataFolder()];
  cleanUp.push(hubData.remove, agentData.remove);
  const authority = new Authority(30);
  cleanUp.push(() => authority.remove());
  const pair = authority.issue(name, 30);
  const files = { ca: authority.certificate, key: pair.key, certificate: pair.cert };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(hubData.path, `${file}.pem`), text);
  const port = await freePort();
  const mosquitto = await startMosquittoForHub(hubData.path, {
    lines: [
      `listener ${port} 127.0.0.1`,
      `certfile ${join(hubData.path, 'certificate.pem')}`,
      `keyfile ${join(hubData.path, 'key.pem')}`,
    ],
  });
  cleanUp.push(() => mosquitto.stop());
  const hub = await startTestHub(hubData.path, {
    TONGTANG_BROKER: mosquitto.hubUrl,
    TONGTANG_AGENT_BROKER: `mqtts://localhost:${port}`,
  });
  cleanUp.push(() => hub.process().stop());
  const settings = { TONGTANG_DATA: agentData.path };
  await tongtang(['agent', 'enroll', hub.url, await codeFrom(hub)], settings);
  await mosquitto.writeFiles();
  return {
    authorityFile: join(hubData.path, 'ca.pem'),
    run: (environment: Record<string, string>) => {
      const agent = launch(['agent', 'run'], { ...settings, ...environment });
      cleanUp.push(() => agent.stop());
      return agent;
    },
    state: async () => (await agentsOf(hub))[0]?.state,
    trouble: () =>
      eventually('a word on the trouble', () => agentStatus(agentData.path).report?.trouble || undefined),
  };
}

describe('an agent over TLS', () => {
  it('trusts the authority that its machine was given, and no other', async () => {
    const { run, state, trouble, authorityFile } = await agentBefore('localhost');
    const doubting = run({});
    expect(await trouble()).toMatch(/certificate/i);
    expect(await state()).toBe('offline');
    await doubting.stop();
    run({ NODE_EXTRA_CA_CERTS: authorityFile });
    await eventually('online', async () => ((await state()) === 'online' ? true : undefined));
  }, 120_000);

  it('refuses a broker whose certificate is for another name', async () => {
    const { run, state, trouble, authorityFile } = await agentBefore('elsewhere.example');
    run({ NODE_EXTRA_CA_CERTS: authorityFile });
    expect(await trouble()).toMatch(/altnames/i);
    expect(await state()).toBe('offline');
  }, 120_000);
});
