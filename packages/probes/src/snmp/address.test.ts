import { describe, expect, it } from 'vitest';
import { parseReceiverAddress } from './address.ts';

describe('the address of a receiver', () => {
  it.each([
    ['192.0.2.10?profile=novra-s400', { host: '192.0.2.10', port: 161, unit: 1, profile: 'novra-s400' }],
    [
      'receiver.school.example:1161?profile=a&unit=2&credentials=roof',
      { host: 'receiver.school.example', port: 1161, unit: 2, profile: 'a', credentials: 'roof' },
    ],
    ['[2001:db8::1]:161?unit=12', { host: '2001:db8::1', port: 161, unit: 12 }],
    ['192.0.2.10', { host: '192.0.2.10', port: 161, unit: 1 }],
  ])('"%s" is one', (text, address) => {
    expect(parseReceiverAddress(text)).toEqual(address);
  });

  it.each([
    ['not an address', '"not an address" is not host?profile=name'],
    ['192.0.2.10:0?profile=a', 'is not host'],
    ['192.0.2.10?profile=a?unit=1', 'is not host'],
    ['192.0.2.10?profil=a', '"profil" is not an option; profile, unit, credentials are'],
    ['192.0.2.10?profile=a&profile=b', '"profile" is given twice'],
    ['192.0.2.10?profile=../a', '"../a" is not the name of a profile'],
    ['192.0.2.10?profile=a&credentials=A', '"A" is not the name of credentials'],
    ['192.0.2.10?profile=a&unit=0', 'unit "0" is not a number from 1 to 99'],
  ])('"%s" is none, and the message says why', (text, problem) => {
    expect(parseReceiverAddress(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('has no place for a secret, and does not repeat one', () => {
    expect(parseReceiverAddress('192.0.2.10?profile=a&community=of-the-roof')).toEqual({
      problem: 'a community is a secret: use credentials=name',
    });
  });
});
