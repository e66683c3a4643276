import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
let agent: string;
beforeAll(async () => {
  hub = await startFixture();
  agent = hub.enrol();
});
afterAll(() => hub.stop());

const series = '/api/v1/series?measurement=ping&field=rtt_ms';
const county = { id: 'local', name: { en: 'x' }, timezone: 'Asia/Shanghai' };

describe('wrong input is refused with field and place', () => {
  it.each<[method: string, path: string, body: unknown, status: number, code: string, message: string]>([
    [
      'GET',
      '/api/v1/series?measurement=ping',
      undefined,
      400,
      'invalid_input',
      'must have required properties field',
    ],
    [
      'GET',
      '/api/v1/series?measurement=x&field=y',
      undefined,
      400,
      'invalid_input',
      'measurement: there is no "x"',
    ],
    [
      'GET',
      '/api/v1/series?measurement=ping&field=x',
      undefined,
      400,
      'invalid_input',
      'field: "ping" has no field "x"',
    ],
    ['GET', `${series}&colour=red`, undefined, 400, 'invalid_input', 'colour: is not known here'],
    [
      'GET',
      `${series}&interface=eth0`,
      undefined,
      400,
      'invalid_input',
      'interface: "ping" has no tag "interface"',
    ],
    [
      'GET',
      `${series}&from=yesterday`,
      undefined,
      400,
      'invalid_input',
      'from: must be a time such as 2026-03-02T08:30:00+08:00, -1h or now',
    ],
    [
      'GET',
      `${series}&from=2026-02-30T00:00:00Z`,
      undefined,
      400,
      'invalid_input',
      'from: there is no such day or time as 2026-02-30T00:00:00Z',
    ],
    ['GET', `${series}&from=-1h&to=-2h`, undefined, 400, 'invalid_input', 'to: must be after from'],
    [
      'GET',
      `${series}&every=1w`,
      undefined,
      400,
      'invalid_input',
      'every: must be a length such as 30s, 5m, 1h, 1d or 30, or auto',
    ],
    ['GET', `${series}&every=0s`, undefined, 400, 'invalid_input', 'every: must be longer than 0'],
    [
      'GET',
      `${series}&from=-30d&every=10s`,
      undefined,
      400,
      'invalid_input',
      'every: makes more than 20000 points; take a longer one',
    ],
    [
      'GET',
      `${series}&from=-2d`,
      undefined,
      400,
      'invalid_input',
      'every: is needed for so long a time; auto will do',
    ],
    [
      'GET',
      `${series}&agg=median`,
      undefined,
      400,
      'invalid_input',
      'agg: must be one of mean, min, max, sum, count, last',
    ],
    [
      'GET',
      '/api/v1/series?measurement=ping&field=failure&every=1m',
      undefined,
      400,
      'invalid_input',
      'agg: of a text only count and last can be had, not mean',
    ],
    [
      'GET',
      '/api/v1/live?classroom=x',
      undefined,
      400,
      'invalid_input',
      'classroom: must be county/school/classroom',
    ],
    ['GET', '/api/v1/audit?limit=0', undefined, 400, 'invalid_input', 'limit: must be >= 1'],
    ['GET', '/api/v1/ledger/a-none', undefined, 404, 'not_found', 'agent: no agent "a-none" is enrolled'],
    ['GET', '/api/v1/nowhere', undefined, 404, 'not_found', 'there is no GET /api/v1/nowhere'],
    [
      'POST',
      '/api/v1/enrolment-codes',
      { county: 'local', school: 'school', classroom: 'x' },
      400,
      'invalid_input',
      'classroom: no classroom "x" in school "school"',
    ],
    ['POST', '/api/v1/enrol', { code: 1 }, 400, 'invalid_input', 'code: must be string'],
    [
      'POST',
      '/api/v1/users',
      { name: 'li', role: 'king' },
      400,
      'invalid_input',
      'role: must be one of admin, technician, bureau',
    ],
    [
      'POST',
      '/api/v1/users',
      { name: 'li', role: 'bureau', password: 'short' },
      400,
      'invalid_input',
      'password: must have at least 10 characters',
    ],
    [
      'POST',
      '/api/v1/users',
      { name: 'a-bureau', role: 'bureau' },
      409,
      'conflict',
      'name: "a-bureau" is taken',
    ],
    ['DELETE', '/api/v1/users/a-admin', undefined, 409, 'conflict', 'user: "a-admin" is the last admin'],
    [
      'PUT',
      '/api/v1/inventory/other',
      { county, schools: [] },
      400,
      'invalid_input',
      'county.id: must be "other", as in the address',
    ],
    [
      'PUT',
      '/api/v1/inventory/local',
      { county, schools: [{ id: 'A.B', name: { zh: '甲' } }] },
      400,
      'invalid_input',
      'schools[0].id: ',
    ],
    [
      'PUT',
      '/api/v1/inventory/local',
      { county, schools: [{ id: 'a', name: { zh: '甲' }, cluster: 'x' }] },
      400,
      'invalid_input',
      'schools[0].cluster: no cluster "x"',
    ],
    [
      'PUT',
      '/api/v1/agents/AGENT/place',
      { school: 'x', classroom: 'y' },
      400,
      'invalid_input',
      'school: no school "x" in "local"',
    ],
  ])('%s %s %j', async (method, path, body, status, code, message) => {
    const answer = await hub.ask(method, path.replace('AGENT', agent), body, hub.tokens.admin);
    expect(answer.status).toBe(status);
    expect(answer.body.error.code).toBe(code);
    expect(answer.body.error.message.startsWith(message)).toBe(true);
    if (!message.endsWith(': ')) expect(answer.body).toEqual({ error: { code, message } });
  });

  it('an inventory that takes a classroom from its agent is refused and names both', async () => {
    const answer = await hub.ask('PUT', '/api/v1/inventory/local', { county, schools: [] }, hub.tokens.admin);
    expect(answer.status).toBe(409);
    expect(answer.body.error.message).toContain(`"school/room-1" cannot go: agent "${agent}" lives there`);
  });

  it('what is not JSON, too large or no address is refused in the same form', async () => {
    const headers = { authorization: `Bearer ${hub.tokens.admin}`, 'content-type': 'application/json' };
    const url = `${hub.address}/api/v1/users`;
    const broken = await fetch(url, { method: 'POST', headers, body: '{"name"' });
    expect([broken.status, await broken.json()]).toEqual([
      400,
      { error: { code: 'unreadable', message: 'the body is not JSON' } },
    ]);
    const large = await fetch(url, { method: 'POST', headers, body: `"${'x'.repeat(100_000)}"` });
    expect([large.status, await large.json()]).toMatchObject([413, { error: { code: 'too_large' } }]);
    const garbled = await hub.ask('GET', '/api/v1/%zz');
    expect([garbled.status, garbled.body.error.code]).toEqual([400, 'unreadable']);
  });

  it('a body cannot reach into the prototype of what it becomes', async () => {
    const response = await fetch(`${hub.address}/api/v1/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hub.tokens.admin}`, 'content-type': 'application/json' },
      body: '{"name": "li", "role": "bureau", "__proto__": {"admin": true}}',
    });
    expect(response.status).toBe(400);
  });
});
