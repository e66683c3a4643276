import { describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { outputOf } from '../program.ts';
import { commandOf, ping, pingOnce, pingResult } from './probe.ts';

const hasPing = await outputOf('ping', ['-V'], AbortSignal.timeout(5000), 'SIGINT').then(
  () => true,
  () => false,
);

describe('ping', () => {
  it('finds the ping program (apt-get install iputils-ping)', () => {
    expect(hasPing).toBe(true);
  });

  it.each(['127.0.0.1', '::1', 'localhost'])('measures %s', async (address) => {
    const result = await ping.run(address, testContext());
    expect(result).toMatchObject({ ok: true, fields: { sent: 4, received: 4, loss_ratio: 0 } });
    expect(Number(result.fields?.rtt_ms)).toBeLessThan(50);
  });

  it('measures once where it is asked to, on any system', async () => {
    expect(await pingOnce.run('127.0.0.1', testContext())).toMatchObject({ ok: true });
  });

  it('ends with its signal and keeps what it learnt', async () => {
    const start = performance.now();
    const result = await ping.run('127.0.0.1', testContext(300));
    expect(performance.now() - start).toBeLessThan(1500);
    expect(result.ok).toBe(true);
    expect(Number(result.fields?.sent)).toBeLessThan(4);
  });

  it('blames the resolver for a name that does not exist', async () => {
    expect(await ping.run('no-such-host.invalid', testContext())).toMatchObject({
      ok: false,
      source: 'resolver',
    });
  });

  it('refuses what is not a host, and what could be an option', () => {
    expect(ping.checkAddress('gateway.school')).toBeUndefined();
    expect(ping.checkAddress('fe80::1%eth0')).toBeUndefined();
    expect(ping.checkAddress('-f')).toBe('"-f" is not a host');
    expect(ping.checkAddress('host:80')).toBe('"host:80" is not a host');
  });
});

describe('what ping says', () => {
  const silence = `\n--- 10.0.0.1 ping statistics ---\n4 packets transmitted, 0 received, 100% packet loss, time 630ms\n`;

  it.each([
    ['path', 'no reply', { output: silence, errors: '' }],
    ['path', 'unreachable', { output: `From 10.0.0.9 icmp_seq=1 Time exceeded\n${silence}`, errors: '' }],
    ['path', 'unreachable', { output: '', errors: 'ping: connect: Network is unreachable\n' }],
    [
      'agent',
      'ping: socktype: SOCK_RAW',
      { output: '', errors: 'ping: socktype: SOCK_RAW\nping: socket: …' },
    ],
    ['agent', 'ping was not understood', { output: 'no numbers', errors: '' }],
  ])('blames the %s: %s', (source, error, printed) => {
    expect(pingResult(printed)).toMatchObject({ ok: false, source, error });
  });
});

describe('a ping program', () => {
  it('gets arguments that every make understands', () => {
    expect(commandOf('10.0.0.1', 'linux').args).toEqual([
      '-n',
      '-c',
      '4',
      '-i',
      '0.2',
      '-W',
      '3',
      '10.0.0.1',
    ]);
    expect(commandOf('::1', 'darwin').program).toBe('ping6');
    expect(commandOf('10.0.0.1', 'win32').args).toEqual(['-n', '4', '-w', '3000', '10.0.0.1']);
  });
});
