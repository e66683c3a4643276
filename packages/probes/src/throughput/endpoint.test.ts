import { describe, expect, it } from 'vitest';
import { endpointOf, objectionTo } from './endpoint.ts';

const hub = { url: 'https://hub.example.edu/', agent: 'a-1', password: 'secret' };

function resolved(address: string, account?: typeof hub) {
  const endpoint = endpointOf(address, account);
  if ('problem' in endpoint) throw new Error(endpoint.problem);
  return endpoint;
}

describe('an address', () => {
  it('names a server, with TLS or without, and may lead through a path and carry a token', () => {
    const { urlOf, ...place } = resolved('wss://ndt.example:4443/behind/?access_token=a.b-c');
    expect(place).toEqual({ host: 'ndt.example', port: 4443, secure: true });
    expect(urlOf('upload')).toBe(
      'ws://ndt.example:4443/behind/ndt/v7/upload?access_token=a.b-c&client_name=tongtang',
    );
    expect(resolved('ws://[2001:db8::1]')).toMatchObject({ host: '2001:db8::1', port: 80, secure: false });
  });

  it('may be the own hub, where the agent says who it is; and says it nowhere else', () => {
    const own = resolved('hub', hub);
    expect(own).toMatchObject({ host: 'hub.example.edu', port: 443, secure: true });
    expect(own.authorization).toBe(`Basic ${Buffer.from('a-1:secret').toString('base64')}`);
    expect(own.urlOf('download')).not.toContain('secret');
    expect(resolved('ws://hub.example.edu', hub)).not.toHaveProperty('authorization');
    expect(endpointOf('hub', undefined)).toEqual({ problem: expect.stringContaining('enrolled') });
  });

  it.each([
    ['https://ndt.example', 'ws://'],
    ['ndt.example:80', 'ws://'],
    ['ws://user:secret@ndt.example', 'password'],
    ['ws://ndt.example/#part', 'ws://'],
    ['ws://ndt.example/ndt/v7/download', 'without /ndt/v7/download'],
    [`ws://ndt.example/?token=${'x'.repeat(4096)}`, 'longer'],
  ])('%.40s is refused without touching the network', (address, why) => {
    expect(objectionTo(address)).toContain(why);
  });

  it('that is good has no objection', () => {
    expect(objectionTo('hub')).toBeUndefined();
    expect(objectionTo('ws://192.0.2.1:8080')).toBeUndefined();
  });
});
