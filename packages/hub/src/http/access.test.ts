import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminToken, startFixture } from './http.fixture.ts';

const commandLineToken = 'the-token-of-the-command-line';
let hub: Awaited<ReturnType<typeof startFixture>>;
beforeAll(async () => {
  hub = await startFixture({ commandLineToken });
});
afterAll(() => hub.stop());

/** Of a school that is not there. */
const visit = (kind: string) => ({ school: 'x', date: '2026-01-05', kind, note: '' });

/** What each route answers to nobody, bureau, technician and admin. 4xx other than 401 and 403: access was granted. */
const routes: [method: string, path: string, body: unknown, ...statuses: number[]][] = [
  ['GET', '/healthz', undefined, 200, 200, 200, 200],
  ['GET', '/readyz', undefined, 200, 200, 200, 200],
  ['GET', '/metrics', undefined, 200, 200, 200, 200],
  ['GET', '/openapi.json', undefined, 200, 200, 200, 200],
  ['POST', '/api/v1/sign-in', { user: 'x', password: 'y' }, 401, 401, 401, 401],
  ['POST', '/api/v1/sign-in/link', { token: 'x' }, 401, 401, 401, 401],
  ['POST', '/api/v1/sign-out', {}, 200, 200, 200, 200],
  ['POST', '/api/v1/enrol', { code: 'x' }, 404, 404, 404, 404],
  ['GET', '/api/v1/about', undefined, 200, 200, 200, 200],
  ['GET', '/api/v1/me', undefined, 401, 200, 200, 200],
  ['POST', '/api/v1/me/password', { password: 'x' }, 401, 400, 400, 400],
  ['GET', '/api/v1/me/tokens', undefined, 401, 200, 200, 200],
  ['POST', '/api/v1/me/tokens', { label: 'x' }, 401, 200, 200, 200],
  ['DELETE', '/api/v1/me/tokens/x', undefined, 401, 404, 404, 404],
  ['GET', '/api/v1/places', undefined, 401, 200, 200, 200],
  ['GET', '/api/v1/catalogue', undefined, 401, 200, 200, 200],
  ['GET', '/api/v1/overview', undefined, 401, 403, 200, 200],
  ['GET', '/api/v1/live?classroom=x', undefined, 401, 403, 400, 400],
  ['GET', '/api/v1/agents', undefined, 401, 403, 200, 200],
  ['GET', '/api/v1/agents/x', undefined, 401, 403, 404, 404],
  ['GET', '/api/v1/agents/x/latest', undefined, 401, 403, 404, 404],
  ['PUT', '/api/v1/agents/x/place', { school: 'x', classroom: 'y' }, 401, 403, 403, 404],
  ['DELETE', '/api/v1/agents/x', undefined, 401, 403, 403, 404],
  ['GET', '/api/v1/series?measurement=ping&field=rtt_ms', undefined, 401, 403, 200, 200],
  ['GET', '/api/v1/schools/local/school/sun-outages', undefined, 401, 200, 200, 200],
  ['GET', '/api/v1/incidents', undefined, 401, 403, 200, 200],
  ['GET', '/api/v1/incidents/x', undefined, 401, 403, 404, 404],
  ['POST', '/api/v1/incidents/x/acknowledge', {}, 401, 403, 404, 404],
  ['POST', '/api/v1/incidents/x/note', { text: 'x' }, 401, 403, 404, 404],
  ['POST', '/api/v1/incidents/x/close', {}, 401, 403, 404, 404],
  ['POST', '/api/v1/incidents/x/reopen', {}, 401, 403, 404, 404],
  ['GET', '/api/v1/counties/local/maintenance', undefined, 401, 403, 200, 200],
  ['POST', '/api/v1/counties/local/maintenance', {}, 401, 403, 400, 400],
  ['PUT', '/api/v1/counties/local/maintenance/x', {}, 401, 403, 400, 400],
  ['DELETE', '/api/v1/counties/local/maintenance/x', undefined, 401, 403, 404, 404],
  ['GET', '/api/v1/lessons/outcomes?county=local&date=2026-01-05', undefined, 401, 403, 200, 200],
  ['GET', '/api/v1/availability?county=local&from=2026-01-05&to=2026-01-05', undefined, 401, 403, 200, 200],
  ['GET', '/api/v1/reports', undefined, 401, 200, 200, 200],
  ['POST', '/api/v1/reports', { county: 'local', month: '2026-13' }, 401, 400, 400, 400],
  ['GET', '/api/v1/reports/jobs/x', undefined, 401, 404, 404, 404],
  ['DELETE', '/api/v1/reports/jobs/x', undefined, 401, 404, 404, 404],
  ['GET', '/api/v1/counties/local/report-periods', undefined, 401, 200, 200, 200],
  ['GET', '/api/v1/reports/x', undefined, 401, 404, 404, 404],
  ['GET', '/api/v1/reports/x/file?format=pdf', undefined, 401, 404, 404, 404],
  ['GET', '/api/v1/reports/x/changes', undefined, 401, 404, 404, 404],
  // A technician does not answer for the report of his own work.
  ['POST', '/api/v1/reports/x/approve', { revision: 1 }, 401, 404, 403, 404],
  ['POST', '/api/v1/reports/x/withdraw', { note: 'x' }, 401, 404, 403, 404],
  ['POST', '/api/v1/reports/x/send', { to: ['a@b.cn'] }, 401, 404, 403, 404],
  ['GET', '/api/v1/counties/local/report-schedule', undefined, 401, 200, 200, 200],
  ['PUT', '/api/v1/counties/local/report-schedule', {}, 401, 400, 403, 400],
  ['POST', '/api/v1/counties/local/report-schedule/test', { to: 'a@b.cn' }, 401, 409, 403, 409],
  ['GET', '/api/v1/ledger/x', undefined, 401, 403, 404, 404],
  ['GET', '/api/v1/lessons', undefined, 401, 403, 200, 200],
  ['POST', '/api/v1/enrolment-codes', { county: 'x', school: 'y', classroom: 'z' }, 401, 403, 403, 400],
  ['GET', '/api/v1/inventory/local', undefined, 401, 403, 200, 200],
  ['PUT', '/api/v1/inventory/local', {}, 401, 403, 403, 400],
  ['GET', '/api/v1/counties/local/timetable', undefined, 401, 403, 200, 200],
  ['GET', '/api/v1/counties/local/timetable.xlsx', undefined, 401, 403, 200, 200],
  ['POST', '/api/v1/counties/local/timetable/import', {}, 401, 403, 400, 400],
  ['POST', '/api/v1/counties/local/timetable/undo', {}, 401, 403, 200, 200],
  ['GET', '/api/v1/counties/local/visits', undefined, 401, 200, 200, 200],
  ['GET', '/api/v1/counties/local/visits.csv', undefined, 401, 200, 200, 200],
  ['GET', '/api/v1/counties/local/visits/counts', undefined, 401, 200, 200, 200],
  ['POST', '/api/v1/counties/local/visits', visit('service'), 401, 403, 400, 400],
  ['POST', '/api/v1/counties/local/visits', visit('inspection'), 401, 400, 400, 400],
  ['PUT', '/api/v1/counties/local/visits/x', visit('service'), 401, 404, 404, 404],
  ['DELETE', '/api/v1/counties/local/visits/x', undefined, 401, 404, 404, 404],
  ['POST', '/api/v1/counties/local/visits/import', {}, 401, 403, 400, 400],
  ['GET', '/api/v1/users', undefined, 401, 403, 403, 200],
  ['POST', '/api/v1/users', {}, 401, 403, 403, 400],
  ['PATCH', '/api/v1/users/x', {}, 401, 403, 403, 404],
  ['DELETE', '/api/v1/users/x', undefined, 401, 403, 403, 404],
  ['POST', '/api/v1/users/x/sign-in-link', {}, 401, 403, 403, 404],
  ['GET', '/api/v1/audit', undefined, 401, 403, 403, 200],
  ['GET', '/api/v1/quarantine', undefined, 401, 403, 200, 200],
];

describe('who may use what', () => {
  it.each(routes)('%s %s', async (method, path, body, ...statuses) => {
    const { bureau, technician, admin } = hub.tokens;
    const answers = await Promise.all(
      [undefined, bureau, technician, admin].map((token) => hub.ask(method, path, body, token)),
    );
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  });

  it('the bureau may use reports, the register of visits, its own account and what is public, and nothing of operations', () => {
    const open = routes.filter(
      ([, , , nobody, bureau]) => nobody === 401 && bureau !== 401 && bureau !== 403,
    );
    const groups = open.map(([, path]) => path.replace(/^\/api\/v1\/(counties\/local\/)?([\w-]+).*$/, '$2'));
    // Names of places, units of measurements and the sun's position are what reports are read with.
    expect([...new Set(groups)].sort()).toEqual([
      'catalogue',
      'me',
      'places',
      'report-periods',
      'report-schedule',
      'reports',
      'schools',
      'visits',
    ]);
  });

  it('every route of the API is in the table above', async () => {
    const { body } = await hub.ask('GET', '/openapi.json');
    const described = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const tested = routes.map(([method, path]) => `${method} ${path.replace(/\?.*/, '')}`);
    const missing = described.filter(
      (route) => !tested.some((one) => new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`).test(one)),
    );
    expect(missing).toEqual([]);
  });

  it('the admin token is an admin, and one letter less is nobody', async () => {
    expect((await hub.ask('GET', '/api/v1/me', undefined, adminToken)).body).toEqual({
      user: 'admin token',
      role: 'admin',
      hasPassword: false,
    });
    expect((await hub.ask('GET', '/api/v1/me', undefined, adminToken.slice(1))).status).toBe(401);
  });

  it("the command line on the hub's machine is an admin, and is called so", async () => {
    expect((await hub.ask('GET', '/api/v1/me', undefined, commandLineToken)).body).toMatchObject({
      user: 'command line',
      role: 'admin',
    });
    expect((await hub.ask('GET', '/api/v1/me', undefined, `${commandLineToken}x`)).status).toBe(401);
  });

  it("another site's page and a form cannot change anything", async () => {
    const token = { authorization: `Bearer ${hub.tokens.admin}` };
    const url = `${hub.address}/api/v1/sign-out`;
    const form = await fetch(url, { method: 'POST', headers: token, body: new URLSearchParams({ a: '1' }) });
    expect([form.status, await form.json()]).toEqual([
      415,
      { error: { code: 'not_json', message: 'send application/json' } },
    ]);
    const script = await fetch(url, {
      method: 'POST',
      headers: { ...token, 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
      body: '{}',
    });
    expect(script.status).toBe(403);
  });

  it('every answer carries the security headers, and the API is kept by no cache', async () => {
    const { headers } = await hub.ask('GET', '/api/v1/me');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
