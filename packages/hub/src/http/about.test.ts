import { afterEach, describe, expect, it } from 'vitest';
import { startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
afterEach(() => hub.stop());

describe('a hub with simulated data', () => {
  it('says so to everybody, and takes in no real agent, whose code was made here or elsewhere', async () => {
    hub = await startFixture({}, { simulated: true });
    expect((await hub.ask('GET', '/api/v1/about')).body).toEqual({ simulated: true });
    const refused = { status: 409, body: { error: { code: 'simulated' } } };
    const seat = { county: 'local', school: 'school', classroom: 'room-1' };
    expect(await hub.ask('POST', '/api/v1/enrolment-codes', seat, hub.tokens.admin)).toMatchObject(refused);
    const code = hub.registry.createEnrolmentCode({ ...seat, kind: 'classroom' }, 'test');
    const answer = await hub.ask('POST', '/api/v1/enrol', { code: code.ok ? code.code : '' });
    expect(answer).toMatchObject(refused);
    expect(hub.registry.agents()).toEqual([]);
  });
});

describe('a hub with data that were measured', () => {
  it('says that they are', async () => {
    hub = await startFixture();
    expect((await hub.ask('GET', '/api/v1/about')).body).toEqual({ simulated: false });
  });
});
