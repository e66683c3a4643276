import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { Settings } from '@tongtang/cli/settings';
import { createLog } from '@tongtang/runtime/log';
import { readSettings } from '@tongtang/runtime/settings';
import { validate } from '@tongtang/runtime/validation';
import { openTelemetryStore } from '@tongtang/store/open';
import { decodeLine } from '@tongtang/wire/line-protocol';
import { type Static, Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Influxd, startInfluxd } from '../services/influxd.ts';

/** What an operator installs beside the hub, with and without containers. There is no Docker engine here to start the former. */

const root = resolve(import.meta.dirname, '../..');
const composeFolder = join(root, 'infra', 'compose');
const folder = mkdtempSync(join(tmpdir(), 'tongtang-installation-'));
const envFile = join(folder, 'passwords.env');
afterAll(() => rmSync(folder, { recursive: true }));

function node(...words: readonly string[]) {
  return spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
}
const firstStart = (...words: readonly string[]) => node('infra/first-start.mjs', ...words);

beforeAll(() => {
  const { status, stderr } = firstStart('hub.example', envFile);
  if (status !== 0) throw new Error(stderr);
});
const passwords = () => parseEnv(readFileSync(envFile, 'utf8'));

describe('the first start', () => {
  it('makes passwords that nobody else has and nobody else can read', () => {
    const other = join(folder, 'other.env');
    expect(firstStart('hub.example', other).status).toBe(0);
    expect(statSync(other).mode & 0o777).toBe(0o600);
    const [ours, theirs] = [passwords(), parseEnv(readFileSync(other, 'utf8'))];
    const names = Object.keys(ours).filter((name) => name.endsWith('_PASSWORD'));
    expect(names.length).toBeGreaterThan(4);
    expect(new Set(names.map((name) => ours[name])).size).toBe(names.length);
    for (const name of names) {
      expect(ours[name]).toMatch(/^[A-Za-z0-9_-]{32}$/);
      expect(theirs[name]).not.toBe(ours[name]);
    }
  });

  it('leaves passwords that are in use alone', () => {
    const before = readFileSync(envFile, 'utf8');
    const { status, stderr } = firstStart('hub.example', envFile);
    expect(status).toBe(1);
    expect(stderr).toContain('nothing was changed');
    expect(readFileSync(envFile, 'utf8')).toBe(before);
  });

  it.each([[[]], [['hub.example:1883']], [['mqtt://hub']]])('says what is missing: %j', (words) => {
    const { status, stderr } = firstStart(...words, ...(words.length === 0 ? [] : [join(folder, 'no.env')]));
    expect(status).toBe(1);
    expect(stderr).toContain('Name the host');
  });
});

const Check = Type.Object({
  test: Type.Array(Type.String()),
  interval: Type.String(),
  start_period: Type.String(),
});
const Service = Type.Object({
  image: Type.String(),
  restart: Type.String(),
  environment: Type.Optional(Type.Record(Type.String(), Type.String())),
  ports: Type.Optional(Type.Array(Type.String())),
  volumes: Type.Array(Type.String()),
  healthcheck: Type.Optional(Check),
  depends_on: Type.Optional(Type.Record(Type.String(), Type.Object({ condition: Type.String() }))),
});
const Compose = Type.Object({
  services: Type.Record(Type.String(), Service),
  volumes: Type.Record(Type.String(), Type.Null()),
});

describe('the Compose file', () => {
  const text = readFileSync(join(composeFolder, 'compose.yaml'), 'utf8');
  const compose = composeOf(text);
  const services = Object.entries(compose.services);
  const environmentOf = (service: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(compose.services[service]?.environment ?? {}).map(([name, value]) => [
        name,
        filledIn(value, passwords()),
      ]),
    );

  it('has hub, broker, database and Grafana, in versions that do not change by themselves', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining(['hub', 'mosquitto', 'influxdb', 'grafana']),
    );
    for (const [name, { image }] of services)
      expect([name, image]).toEqual([name, expect.stringMatching(/:(\d+\.\d+\.\d+|local)$/)]);
  });

  it('looks after the health of all that stays', () => {
    for (const name of ['hub', 'mosquitto', 'influxdb', 'grafana']) {
      const { healthcheck, restart } = compose.services[name] ?? {};
      expect([name, healthcheck?.test[0], restart]).toEqual([name, 'CMD', 'unless-stopped']);
    }
    for (const [, { depends_on = {} }] of services)
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(Object.keys(compose.services)).toContain(name);
        if (condition === 'service_healthy') expect(compose.services[name]?.healthcheck).toBeDefined();
      }
  });

  it('keeps what must be kept on volumes, and mounts files that are there, unwritable', () => {
    for (const mount of services.flatMap(([, { volumes }]) => volumes)) {
      const [from = '', , mode] = mount.split(':');
      if (from.startsWith('.')) {
        expect([mount, existsSync(resolve(composeFolder, from))]).toEqual([mount, true]);
        expect([mount, mode]).toEqual([mount, 'ro']);
      } else expect(Object.keys(compose.volumes)).toContain(from);
    }
  });

  it('holds no password, and asks for none that the first start does not make', () => {
    const asked = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name = '']) => name);
    expect(asked.length).toBeGreaterThan(5);
    expect([...new Set(asked)].sort()).toEqual(Object.keys(passwords()).sort());
    // One that is not set stops the start, instead of being empty.
    expect(text.match(/\$\{[A-Z_]+\}|\$\{[A-Z_]+:-/g)).toBeNull();
    for (const [, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment))
        if (/PASSWORD|TOKEN|SECRET/.test(name))
          expect([name, value]).toEqual([name, expect.stringMatching(/^\$\{/)]);
  });

  it('serves this machine alone until it is told otherwise, and never the database', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    for (const port of ports) expect(filledIn(port, passwords())).toMatch(/^127\.0\.0\.1:\d+:\d+/);
    expect(compose.services.influxdb?.ports).toBeUndefined();
  });

  it('gives hub and Grafana an environment that they take', () => {
    for (const service of ['hub', 'broker-files', 'broker-watch']) {
      const read = readSettings(Settings, { flags: {}, environment: environmentOf(service) });
      expect(read).toMatchObject({ ok: true });
    }
    const grafana = environmentOf('grafana');
    const provided = ['datasources/tongtang.yaml', 'alerting/tongtang-contact-points.yaml']
      .map((file) => readFileSync(join(root, 'infra/grafana/provisioning', file), 'utf8'))
      .join('');
    const wanted = [...provided.matchAll(/^(?! *#).*\$([A-Z_]+)$/gm)].map(([, name = '']) => name);
    expect(wanted.length).toBeGreaterThan(3);
    for (const name of wanted) expect(grafana[name]).toMatch(/\S/);
  });
});

function composeOf(text: string): Static<typeof Compose> {
  const checked = validate(Compose, parse(text, { merge: true }));
  if (!checked.ok) throw new Error(checked.problems.join('; '));
  return checked.value;
}

function filledIn(value: string, values: Readonly<Record<string, string | undefined>>): string {
  return value.replaceAll(/\$\{([A-Z_]+):\?[^}]*\}/g, (_, name: string) => values[name] ?? '');
}

describe('an InfluxDB without containers', () => {
  let influxd: Influxd;
  const set = () => node(`--env-file=${envFile}`, 'infra/influxdb/first-start.mjs', influxd.url);
  beforeAll(async () => {
    influxd = await startInfluxd({ auth: true, inMemory: true });
    const { status, stderr } = set();
    if (status !== 0) throw new Error(stderr);
  });
  afterAll(() => influxd.stop());

  const as = (user: string, password = ''): string => influxd.url.replace('//', `//${user}:${password}@`);
  const asked = async (user: string, password: string | undefined, q: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const answer = await fetch(`${influxd.url}/query?db=tongtang`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ q }),
    });
    return await answer.text();
  };

  it('takes what the hub writes, which is no admin there, and keeps it as the hub would', async () => {
    const now = Math.floor(Date.now() / 1000);
    const store = await openTelemetryStore(`${as('tongtang', passwords().INFLUXDB_HUB_PASSWORD)}/tongtang`, {
      dataFolder: folder,
      log: createLog('error'),
    });
    await store.check();
    const sample = decodeLine(`ping,link=lan,target=gateway rtt_ms=1.5 ${now}`);
    if ('reason' in sample) throw new Error(sample.reason);
    const place = { county: 'local', school: 'school', classroom: 'room-1', agent: 'a-1' };
    expect(await store.write([{ place, samples: [sample] }])).toEqual({ refused: [] });
    await store.close();
    const policies = await asked('grafana', passwords().INFLUXDB_GRAFANA_PASSWORD, 'SHOW RETENTION POLICIES');
    expect(policies).toContain('["raw","720h0m0s","24h0m0s",1,true]');
    expect(policies).toMatch(/\["minute","17520h0m0s","168h0m0s",1,false\]/);
    expect(policies).toMatch(/\["concluded","0s","168h0m0s",1,false\]/);
  });

  it('lets Grafana read, and nothing else', async () => {
    const { INFLUXDB_GRAFANA_PASSWORD: password } = passwords();
    expect(await asked('grafana', password, 'SELECT "rtt_ms" FROM "raw"."ping"')).toContain('1.5');
    expect(await asked('grafana', password, 'DROP MEASUREMENT "ping"')).toContain('not authorized');
    const written = await fetch(`${as('grafana', password).replace(/\/\/.*@/, '//')}/write?db=tongtang`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`grafana:${password}`).toString('base64')}` },
      body: 'ping rtt_ms=2',
    });
    expect(written.status).toBe(403);
  });

  it('lets nobody in without a password', async () => {
    expect(await asked('nobody', '', 'SELECT * FROM "ping"')).toContain('authorization failed');
  });

  it('may be told twice', () => {
    expect(set()).toMatchObject({ status: 0 });
  });

  it('refuses an admin who is not the one of the first time', () => {
    const other = join(folder, 'third.env');
    firstStart('hub.example', other);
    const { status, stderr } = node(`--env-file=${other}`, 'infra/influxdb/first-start.mjs', influxd.url);
    expect(status).toBe(1);
    expect(stderr).toContain('authorization failed');
    expect(stderr).not.toContain(String(parseEnv(readFileSync(other, 'utf8')).INFLUXDB_ADMIN_PASSWORD));
  });
});
