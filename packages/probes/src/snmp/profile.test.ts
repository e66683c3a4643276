import { dvbS2 } from '@tongtang/satellite/modcod';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oidsOf, readProfile } from './profile.ts';
import { shippedProfiles } from './shipped-profiles.ts';

const problemsOf = (text: string) => {
  const read = readProfile(text, 'roof.yaml');
  return read.ok ? [] : read.problems;
};
const minimal = `
name: A receiver
source: its manual
units: 1
lock: [{ label: Lock, oid: 1.3.6.1.4.1.99999.1.0, type: integer, map: { 1: true } }]
`;
const withFigure = (name: string, figure: string) =>
  `${minimal}figures: { ${name}: { label: Figure, oid: 1.3.6.1.4.1.99999.2.0, ${figure} } }`;

describe('a profile', () => {
  it.each(Object.entries(shippedProfiles()))('"%s" that is shipped can be read', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ['nothing', '', 'roof.yaml: must be object'],
    ['a list', '- 1', 'roof.yaml: must be object'],
    ['broken YAML', 'name: [', 'roof.yaml: Flow sequence in block collection must be'],
    [
      'no lock',
      minimal.replace(/lock:.*/, 'lock: []\nfigures: {}'),
      'roof.yaml: lock: must not have fewer than 1',
    ],
    [
      'a word that it does not know',
      `${minimal}figures: {}\nlocks: 1`,
      'roof.yaml: locks: is not known here',
    ],
    [
      'a figure that nobody measures',
      withFigure('cn', 'type: text, unit: dB'),
      'roof.yaml: figures.cn: is not known here',
    ],
    [
      'an OID without numbers',
      `${minimal}figures: { cn_db: { label: Figure, oid: sysDescr.0, type: text, unit: dB } }`,
      'roof.yaml: figures.cn_db.oid: must be an OID with its instance',
    ],
    [
      'a type that SNMP does not have',
      withFigure('cn_db', 'type: float, unit: dB'),
      'roof.yaml: figures.cn_db.type: must be one of integer, gauge, text',
    ],
    [
      'a percentage as decibels',
      withFigure('cn_db', 'type: integer, unit: "%"'),
      'roof.yaml: figures.cn_db.unit: "%" must be one of dB',
    ],
    [
      'a pattern for a number',
      withFigure('cn_db', 'type: gauge, unit: dB, pattern: (.*)'),
      'roof.yaml: figures.cn_db.pattern: only texts have one',
    ],
    [
      'a pattern without its number',
      withFigure('cn_db', 'type: text, unit: dB, pattern: "SNR .*"'),
      'roof.yaml: figures.cn_db.pattern: needs a group in parentheses around the number',
    ],
    [
      'a pattern that is none',
      withFigure('cn_db', 'type: text, unit: dB, pattern: "("'),
      'roof.yaml: figures.cn_db.pattern: Invalid regular expression',
    ],
  ])('with %s is refused with file and place', (_, text, problem) => {
    expect(problemsOf(text)).toContainEqual(expect.stringContaining(problem));
  });

  it('is refused or read, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(readProfile(text, 'roof.yaml')).toHaveProperty('ok');
      }),
    );
    expect(problemsOf(`a: &a [1]\n${'b: [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n'.repeat(100)}`)).not.toEqual([]);
  });
});

describe('the profile of the Novra S400', () => {
  const read = readProfile(shippedProfiles()['novra-s400'] ?? '', 'novra-s400.yaml');
  if (!read.ok) throw new Error(read.problems.join());

  it('asks each demodulator for what its MIB has', () => {
    const under = '1.3.6.1.4.1.10894.1.1.1.2';
    const objects = ['1.0', '2.0', '3.0', '5.0', ...[1, 2, 3, 4, 5, 6].map((metric) => `6.${metric}.0`)];
    for (const unit of [1, 2])
      expect(oidsOf(read.profile, unit).sort()).toEqual(
        objects.map((object) => `${under}.${unit}.${object}`).sort(),
      );
  });

  it('knows the MODCODs of DVB-S2 by their numbers', () => {
    const modcods = read.profile.modulation?.find(({ label }) => label === 'Modcod')?.map ?? {};
    Object.keys(dvbS2).forEach((name, index) => {
      expect(modcods[index + 1]).toBe(name);
    });
  });
});
