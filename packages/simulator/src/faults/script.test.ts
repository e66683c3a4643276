import { describe, expect, it } from 'vitest';
import { qilian } from '../county/qilian.ts';
import { readScript, scriptText } from './script.ts';

const inventory = qilian();
const good = `
faults:
  - { kind: fibre-cut, place: school/hb3z, begin: "2026-11-25T10:05:00+08:00", end: "2026-11-25T10:45:00+08:00" }
  - { kind: front-end-outage, place: front-end/cdsy, begin: 2026-11-25T03:00:00Z, end: 2026-11-25T03:30:00Z }
  - { kind: pc-cable, place: classroom/hb3z/c2, begin: 2026-11-25T03:00:00Z, end: 2026-11-25T03:30:00Z }
`;

describe('a script', () => {
  it('is read with its times and places, and written so that it reads the same', () => {
    const read = readScript(good, inventory);
    if ('problems' in read) throw new Error(read.problems.join('\n'));
    expect(read.script.faults[0]).toEqual({
      kind: 'fibre-cut',
      place: { kind: 'school', id: 'hb3z' },
      begin: Date.parse('2026-11-25T02:05:00Z') / 1000,
      end: Date.parse('2026-11-25T02:45:00Z') / 1000,
    });
    expect(readScript(scriptText(read.script), inventory)).toEqual(read);
  });

  it('is refused with every problem and its place', () => {
    const text = `
faults:
  - { kind: fibre-cut, place: school/nowhere, begin: 2026-11-25T03:00:00Z, end: 2026-11-25T02:30:00Z }
  - { kind: fibre-cut, place: county, begin: 2026-11-25T03:00:00Z, end: 2027-11-25T02:30:00Z }
  - { kind: sun-outage, place: county, begin: 2026-11-25T03:00:00Z, end: 2026-11-25T03:30:00Z }
`;
    expect(readScript(text, inventory)).toEqual({
      problems: [
        'faults[0].end: 2026-11-25T02:30:00Z is not after 2026-11-25T03:00:00Z',
        'faults[0].place: the county has no "school/nowhere"',
        'faults[1].end: more than 31 days after the begin',
        'faults[1].place: fibre-cut happens to a school',
        'faults[2].begin: the Sun is not behind the satellite then',
      ],
    });
  });

  it.each([
    [
      'a kind that nobody knows',
      'faults: [{ kind: gremlin, place: county, begin: 2026-11-25T03:00:00Z, end: 2026-11-25T04:00:00Z }]',
      'faults[0].kind: must be one of',
    ],
    [
      'a time without its offset',
      'faults: [{ kind: rain, place: county, begin: 2026-11-25T03:00:00, end: 2026-11-25T04:00:00Z }]',
      'faults[0].begin: must be a time with its offset',
    ],
    ['an unknown key', 'faults: []\nweather: fine', 'weather: is not known here'],
    ['what is no YAML', 'faults: [', 'Flow'],
  ])('with %s is refused', (_, text, problem) => {
    const read = readScript(text, inventory);
    expect('problems' in read ? read.problems.join('\n') : '').toContain(problem);
  });
});
