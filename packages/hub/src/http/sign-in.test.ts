import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
beforeAll(async () => {
  hub = await startFixture();
  await hub.registry.addUser({ name: '张伟', role: 'technician', password: 'correct horse' }, 'test');
});
afterAll(() => hub.stop());

const json = { 'content-type': 'application/json' };

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${hub.address}/api/v1/${path}`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });
}

async function me(cookie: string): Promise<unknown> {
  return (await fetch(`${hub.address}/api/v1/me`, { headers: { cookie } })).json();
}

function cookieOf(response: Response): string {
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('a session', () => {
  it('opens by password, out of reach of scripts and other sites, and ends by signing out', async () => {
    const response = await post('sign-in', { user: '张伟', password: 'correct horse' });
    expect(await response.json()).toEqual({ user: '张伟', role: 'technician' });
    const attributes = response.headers.get('set-cookie') ?? '';
    expect(attributes).toMatch(
      /^tongtang_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const cookie = cookieOf(response);
    expect(await me(cookie)).toEqual({ user: '张伟', role: 'technician', hasPassword: true });
    expect((await post('sign-out', {}, { cookie })).status).toBe(200);
    expect(await me(cookie)).toEqual({ error: { code: 'not_signed_in', message: 'sign in first' } });
  });

  it('behind a proxy with TLS its cookie goes over TLS only', async () => {
    const response = await post(
      'sign-in',
      { user: '张伟', password: 'correct horse' },
      { 'x-forwarded-proto': 'https' },
    );
    expect(response.headers.get('set-cookie')).toContain('; Secure');
  });

  it('opens once by link, and a password can be set in it', async () => {
    hub.registry.changeRole('张伟', 'technician', 'test');
    await hub.registry.addUser({ name: 'new', role: 'bureau' }, 'test');
    const link = await hub.ask('POST', '/api/v1/users/new/sign-in-link', {}, hub.tokens.admin);
    expect(link.body.url).toContain(`${hub.address}/#sign-in=`);
    const token = link.body.url.split('=')[1];
    const cookie = cookieOf(await post('sign-in/link', { token }));
    expect(await me(cookie)).toEqual({ user: 'new', role: 'bureau', hasPassword: false });
    expect((await post('sign-in/link', { token })).status).toBe(401);

    expect((await post('me/password', { password: 'a fine password' }, { cookie })).status).toBe(200);
    expect(await me(cookie)).toEqual({ user: 'new', role: 'bureau', hasPassword: true });
    const again = await post('me/password', { password: 'a finer password' }, { cookie });
    expect([again.status, await again.json()]).toEqual([
      400,
      { error: { code: 'invalid_input', message: 'current: is not the present password' } },
    ]);
    const right = { password: 'a finer password', current: 'a fine password' };
    expect((await post('me/password', right, { cookie })).status).toBe(200);
  });

  it('a wrong password is told apart from a wrong name by nobody', async () => {
    const answers = await Promise.all(
      ['张伟', 'nobody'].map(async (user) => (await post('sign-in', { user, password: 'x' })).json()),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toEqual({
      error: { code: 'wrong_credentials', message: 'user and password do not fit' },
    });
  });

  it('who guesses has to wait, and is told how long', async () => {
    const tries = { user: 'victim', password: 'guess' };
    for (let n = 0; n < 5; n += 1) await post('sign-in', tries, { 'x-forwarded-for': `10.1.1.${n}` });
    const response = await post('sign-in', tries, { 'x-forwarded-for': '10.1.2.1' });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toEqual({ error: { code: 'wait', message: 'too many tries: wait 1 s' } });
  });

  it('who guesses the present password in an open session has to wait', async () => {
    const cookie = cookieOf(await post('sign-in', { user: '张伟', password: 'correct horse' }));
    const from = { cookie, 'x-forwarded-for': '10.7.7.7' };
    const guess = { password: 'a new password', current: 'guess' };
    const statuses: number[] = [];
    for (let n = 0; n < 11; n += 1) statuses.push((await post('me/password', guess, from)).status);
    expect(statuses).toEqual([...Array(10).fill(400), 429]);
  });

  it('an address that tries too many enrolment codes has to wait', async () => {
    const from = { 'x-forwarded-for': '10.9.8.7' };
    let last: Response | undefined;
    for (let n = 0; n < 61; n += 1) last = await post('enrol', { code: `GUESS-${n}` }, from);
    expect(last?.status).toBe(429);
    expect((await post('enrol', { code: 'x' }, { 'x-forwarded-for': '10.9.8.6' })).status).toBe(404);
  });

  it('an address that asks too often has to wait', async () => {
    const from = { 'x-forwarded-for': '10.9.9.9' };
    let last: Response | undefined;
    for (let n = 0; n < 31; n += 1) last = await post('sign-in/link', { token: 'x' }, from);
    expect(last?.status).toBe(429);
    expect(await last?.json()).toMatchObject({ error: { code: 'wait' } });
    expect((await post('sign-in/link', { token: 'x' }, { 'x-forwarded-for': '10.9.9.8' })).status).toBe(401);
  });
});
