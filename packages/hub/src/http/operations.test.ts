import { join } from 'node:path';
import { damage } from '@tongtang/store/meddle.fixture';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { adminToken, nowS, startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
beforeEach(async () => {
  hub = await startFixture();
});
afterEach(() => hub.stop());

const get = async (path: string) =>
  (await hub.ask('GET', `/api/v1/${path}`, undefined, hub.tokens.technician)).body;

describe('enrolment', () => {
  it('a code made by an admin enrols one agent, whose password the broker knows', async () => {
    const seat = { county: 'local', school: 'school', classroom: 'room-1' };
    const made = await hub.ask('POST', '/api/v1/enrolment-codes', seat, hub.tokens.admin);
    expect(made.body).toEqual({
      code: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/),
      expiresAt: nowS + 86_400,
      command: `npx tongtang agent enroll ${hub.address} ${made.body.code}`,
      onlyHere: [],
    });

    const request = { code: made.body.code, hostname: 'pc-1', platform: 'linux x64', version: '0.1.0' };
    const [first, second] = await Promise.all([
      hub.ask('POST', '/api/v1/enrol', request),
      hub.ask('POST', '/api/v1/enrol', request),
    ]);
    const [won, lost] = first.status === 200 ? [first, second] : [second, first];
    expect(lost).toMatchObject({ status: 409, body: { error: { code: 'code_used' } } });
    expect(won.body).toEqual({
      agent: expect.stringMatching(/^a-[0-9a-z]{7}$/),
      kind: 'classroom',
      county: 'local',
      school: 'school',
      password: expect.stringMatching(/^[\w-]{27}$/),
      mqtt: { protocol: 'mqtt', port: 1883 },
      stamp: { port: 8620 },
    });
    const { verifyPassword } = await import('@tongtang/broker/password');
    const hash = hub.registry.agent(won.body.agent)?.passwordHash ?? '';
    expect(await verifyPassword(won.body.password, hash)).toBe(true);
  });

  it('a revoked agent is gone from the list, and the audit trail says who did it', async () => {
    const agent = hub.enrol();
    expect((await get('agents')).map(({ id }: { id: string }) => id)).toEqual([agent]);
    await hub.ask('DELETE', `/api/v1/agents/${agent}`, undefined, hub.tokens.admin);
    expect(await get('agents')).toEqual([]);
    const trail = await hub.ask('GET', '/api/v1/audit?limit=1', undefined, hub.tokens.admin);
    expect(trail.body).toMatchObject([{ time: nowS, who: 'a-admin', action: 'revoke agent', what: agent }]);
  });
});

describe('agents', () => {
  it('one that never spoke is offline; one that did says when', async () => {
    const agent = hub.enrol();
    const entry = {
      id: agent,
      kind: 'classroom',
      county: 'local',
      school: 'school',
      classroom: 'room-1',
      state: 'offline',
      lastSeen: null,
      version: null,
      links: [],
      backlog: null,
    };
    expect(await get('agents')).toEqual([entry]);
    const place = { county: 'local', school: 'school', classroom: 'room-1', agent };
    const links = [{ link: 'broadband', state: 'good', since: nowS - 60, measuredAt: nowS }] as const;
    hub.fleet.presents.set(agent, {
      id: agent,
      place,
      state: 'online',
      lastSeen: nowS,
      version: '0.1.0',
      links,
    });
    const present = {
      ...entry,
      state: 'online',
      lastSeen: '2026-01-05T08:00:00.000Z',
      version: '0.1.0',
      links,
    };
    expect(await get('agents')).toEqual([present]);
    expect(await get(`agents/${agent}`)).toEqual({
      ...present,
      hostname: null,
      platform: null,
      enrolledAt: nowS,
    });
  });

  it('places say who lives where', async () => {
    const agent = hub.enrol();
    const { counties } = await get('places');
    expect(counties).toMatchObject([
      {
        id: 'local',
        schools: [
          {
            id: 'school',
            classrooms: [{ id: 'room-1', classes: [], agents: [agent] }],
            unmeasuredTargets: [],
          },
        ],
      },
    ]);
  });

  it('places say which receivers nobody measures', async () => {
    const before = hub.registry.exportInventory('local');
    if (before === undefined) throw new Error('no inventory');
    const dish = {
      id: 'dish',
      name: { zh: 'dish', en: 'dish' },
      link: 'satellite',
      probe: 'dvb',
      address: 'dvb://0',
    } as const;
    hub.registry.importInventory({ ...before, targets: [dish] }, 'test');
    hub.enrol();
    expect((await get('places')).counties[0].schools[0].unmeasuredTargets).toEqual(['dish']);
    hub.enrol('receiver');
    expect((await get('places')).counties[0].schools[0].unmeasuredTargets).toEqual([]);
  });
});

describe('series', () => {
  it('gives what was measured, raw and in buckets, by any tag', async () => {
    const agent = hub.enrol();
    const start = nowS - 600;
    await hub.write(
      agent,
      ...[0, 10, 20, 30].map((s) => `ping,link=lan,target=gateway ok=true,rtt_ms=${s + 1} ${start + s}`),
      `ping,link=broadband,target=hub ok=true,rtt_ms=50 ${start}`,
    );
    const base = `series?measurement=ping&field=rtt_ms&agent=${agent}`;
    expect(await get(`${base}&target=gateway&from=-15m`)).toEqual({
      times: [0, 10, 20, 30].map((s) => start + s),
      series: [
        {
          tags: expect.objectContaining({ agent, link: 'lan', target: 'gateway', classroom: 'room-1' }),
          values: [1, 11, 21, 31],
        },
      ],
    });
    const bucketed = await get(
      `${base}&from=${new Date(start * 1000).toISOString()}&to=now&every=10m&agg=max`,
    );
    expect(bucketed.times).toEqual([start]);
    expect(bucketed.series.map(({ values }: { values: number[] }) => values[0]).sort()).toEqual([31, 50]);
    expect((await get('series?measurement=ping&field=rtt_ms&classroom=nowhere')).series).toEqual([]);
  });

  it('auto gives no more points than a chart can show', async () => {
    const agent = hub.enrol();
    await hub.write(agent, `ping,link=lan,target=gateway ok=true,rtt_ms=1 ${nowS - 86_400}`);
    await hub.telemetry.maintain(nowS);
    const { times } = await get('series?measurement=ping&field=rtt_ms&from=-7d&every=auto');
    expect(times.length).toBeLessThanOrEqual(600);
    expect(times[0] % 1800).toBe(0);
  });

  it('a store that fails is said to fail; why is in the log only', async () => {
    await hub.stop();
    const fail = () => Promise.reject(new Error('the disk is on fire'));
    hub = await startFixture(
      {},
      { telemetry: { series: fail }, checks: { store: fail, broker: async () => {} } },
    );
    const answer = await hub.ask('GET', '/api/v1/overview', undefined, hub.tokens.technician);
    expect(answer).toMatchObject({
      status: 503,
      body: { error: { code: 'store_failed', message: 'the telemetry store does not answer' } },
    });
    const ready = await hub.ask('GET', '/readyz');
    expect([ready.status, ready.body]).toEqual([
      503,
      { ready: false, checks: { store: 'failing', broker: 'ok' } },
    ]);
  });
});

describe('a registry that is damaged', () => {
  const makeCode = () => {
    const seat = { county: 'local', school: 'school', classroom: 'room-1' };
    return hub.ask('POST', '/api/v1/enrolment-codes', seat, adminToken);
  };

  it('refuses the change that found it, in words, and takes the next', async () => {
    damage(join(hub.folder, 'registry.db'));
    const refused = await makeCode();
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(refused.body.error.message).toContain('is damaged');
    expect((await makeCode()).status).toBe(200);
    const overview = await hub.ask('GET', '/api/v1/overview', undefined, adminToken);
    expect(overview.body.registryRead).toBe(true);
  });

  it('and cannot be replaced is said on the first page', async () => {
    vi.spyOn(hub.registry, 'isRead').mockReturnValue(false);
    expect((await get('overview')).registryRead).toBe(false);
  });
});

describe('the first page', () => {
  it('shows the last hour of each link by minutes, and null where nothing was measured', async () => {
    const agent = hub.enrol();
    const minute = Math.floor(nowS / 60) * 60;
    await hub.write(
      agent,
      `stamp,link=broadband,target=hub ok=true,rtt_ms=40.04,loss_ratio=0 ${minute - 120}`,
      `stamp,link=broadband,target=hub ok=true,rtt_ms=60,loss_ratio=0.5 ${minute - 60}`,
      `ping,link=broadband,target=hub ok=true,rtt_ms=99,loss_ratio=1 ${minute - 60}`,
      `tcp,link=lan,target=gateway ok=true,connect_ms=2 ${minute - 60}`,
    );
    const { time, spark } = await get('overview');
    expect(time).toBe(nowS);
    expect(spark).toMatchObject({ step: 60, count: 60, from: minute - 59 * 60 });
    const { broadband, lan } = spark.agents[agent];
    expect(broadband.rtt_ms).toHaveLength(60);
    expect(broadband.rtt_ms.slice(-4)).toEqual([null, 40, 60, null]);
    expect(broadband.loss_ratio.slice(-4)).toEqual([null, 0, 0.5, null]);
    expect(lan.rtt_ms.slice(-2)).toEqual([2, null]);
    expect(lan.loss_ratio).toBeUndefined();
  });
});

describe('what the hub wrote down', () => {
  it('the ledger says what came and what is missing, of revoked agents too', async () => {
    const agent = hub.enrol();
    const entry = { agent, outbox: 'abcdefgh', time: nowS, oldest: 3 };
    hub.ledger.accept([
      { ...entry, from: 5, to: 9 },
      { ...entry, from: 12, to: 20 },
    ]);
    hub.registry.revoke(agent, 'test');
    expect(await get(`ledger/${agent}`)).toEqual({
      outboxes: [
        {
          id: 'abcdefgh',
          received: [
            [5, 9],
            [12, 20],
          ],
          unknownBefore: 1,
          missing: [
            [1, 4],
            [10, 11],
          ],
          lost: [[1, 2]],
          firstSeen: nowS,
          lastSeen: nowS,
        },
      ],
      earlier: 0,
    });
  });

  it('the quarantine shows the head of what could not be read', async () => {
    const payload = Buffer.from('garbage '.repeat(100));
    hub.quarantine.keep([{ time: nowS, topic: 'tongtang/v1/x', reason: 'no sequence', payload }]);
    expect(await get('quarantine')).toEqual([
      {
        id: 1,
        time: nowS,
        topic: 'tongtang/v1/x',
        reason: 'no sequence',
        bytes: 800,
        head: payload.subarray(0, 256).toString('base64'),
      },
    ]);
  });
});

describe('the sun outages of a school', () => {
  it('name what the inventory lacks; of a school that is not in it there is nothing', async () => {
    const missing = ['satellite', 'lat', 'lon'];
    expect(await get('schools/local/school/sun-outages')).toEqual({
      missing,
      belowHorizon: false,
      outages: [],
    });
    expect((await get('schools/local/elsewhere/sun-outages')).error).toEqual({
      code: 'not_found',
      message: 'school: no school "elsewhere"',
    });
    expect((await get('schools/elsewhere/school/sun-outages')).error.code).toBe('not_found');
  });
});

describe('the inventory', () => {
  it('goes out and in again unchanged, and a change is counted', async () => {
    const admin = hub.tokens.admin;
    const exported = await hub.ask('GET', '/api/v1/inventory/local', undefined, admin);
    const again = await hub.ask('PUT', '/api/v1/inventory/local', exported.body, admin);
    expect(again).toMatchObject({ status: 200, body: { added: [], changed: [], removed: [] } });
    const grown = { ...exported.body, clusters: [{ id: 'town', name: { zh: '县城' } }] };
    expect((await hub.ask('PUT', '/api/v1/inventory/local', grown, admin)).body.added).toEqual([
      'cluster town',
    ]);
  });
});

describe('/metrics', () => {
  it('is for this machine, and for others with a token only', async () => {
    expect((await hub.ask('GET', '/metrics')).body).toBe('tongtang_up 1\n');
    const far = { 'x-forwarded-for': '10.0.0.7' };
    expect((await fetch(`${hub.address}/metrics`, { headers: far })).status).toBe(401);
    const authorization = `Bearer ${hub.tokens.technician}`;
    expect((await fetch(`${hub.address}/metrics`, { headers: { ...far, authorization } })).status).toBe(200);
  });
});
