import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ThresholdOverrides } from './condition-thresholds.ts';
import { buildInventory, type Inventory, InventoryDocument } from './inventory.ts';

const example: unknown = parse(readFileSync(new URL('../examples/qilian.yaml', import.meta.url), 'utf8'));

const county = { id: 'c', name: { en: 'County' }, timezone: 'Asia/Shanghai' };
const school = { id: 's1', name: { zh: '一小' } };
const target = { id: 't1', link: 'platform', probe: 'tcp', address: 'platform.example:443' } as const;

function built(document: unknown): Inventory {
  if (!Value.Check(InventoryDocument, document)) throw new Error('does not fit the schema');
  const result = buildInventory(document);
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result.inventory;
}

function problemsOf(document: InventoryDocument): readonly string[] {
  const result = buildInventory(document);
  return 'problems' in result ? result.problems : [];
}

describe('the example, Qilian county', () => {
  const inventory = built(example);

  it('has 13 schools, 46 classes and 8 periods', () => {
    expect(inventory.county).toEqual({
      id: 'qilian',
      name: { zh: '祁连县', en: 'Qilian County' },
      timezone: 'Asia/Shanghai',
    });
    expect(inventory.schools).toHaveLength(13);
    expect(inventory.schools.flatMap(({ classes }) => classes)).toHaveLength(46);
    expect(inventory.periods).toHaveLength(8);
    expect(inventory.satellite?.longitudeDeg).toBe(130);
  });

  it('names everything in both languages and gives every class a classroom of its school', () => {
    for (const { name, classes, classrooms } of inventory.schools) {
      for (const named of [{ name }, ...classes, ...classrooms])
        expect([named.name.zh, named.name.en]).not.toContain('');
      const rooms = classrooms.map(({ id }) => id);
      for (const { classroom } of classes) expect(rooms).toContain(classroom);
    }
  });
});

describe('buildInventory', () => {
  it('makes as many classes and classrooms as a number says', () => {
    const [first] = built({ county, schools: [{ ...school, classes: 2 }] }).schools;
    expect(first?.classes).toEqual([
      { id: 'c1', name: { zh: '网班 1', en: 'Class 1' }, classroom: 'c1' },
      { id: 'c2', name: { zh: '网班 2', en: 'Class 2' }, classroom: 'c2' },
    ]);
    expect(first?.classrooms.map(({ id }) => id)).toEqual(['c1', 'c2']);
  });

  it('keeps what thresholds a school has of its own, and says which cannot be meant', () => {
    const thresholds = { congested: { fire: 2 }, 'hub-lost': { need: 3 } };
    expect(built({ county, schools: [{ ...school, thresholds }] }).schools[0]?.thresholds).toEqual(
      thresholds,
    );
    const of = (own: ThresholdOverrides) => problemsOf({ county, schools: [{ ...school, thresholds: own }] });
    expect(of({ 'hub-lost': { need: 4 }, 'lock-lost': { of: 1 } })).toEqual([
      'schools[0].thresholds.hub-lost.need: 4 of 3 values can never be',
      'schools[0].thresholds.lock-lost.of: 2 of 1 values can never be',
    ]);
    expect(of({ 'signal-low': { fire: 9 }, 'clock-wrong': { clear: 40_000 } })).toEqual([
      'schools[0].thresholds.signal-low.fire: it fires at 9 dB, so clear must be more, and is 4 dB',
      'schools[0].thresholds.clock-wrong.clear: it fires at 30000 ms, so clear must be less, and is 40000 ms',
    ]);
  });

  it.each([
    { 'hub-lost': { fire: 2 } },
    { 'hub-lost': {} },
    { 'hub-gone': { need: 2 } },
    { 'signal-low': { fire: -1 } },
    { 'signal-low': { need: 0 } },
    {},
  ])('refuses thresholds such as %j', (thresholds) => {
    expect(Value.Check(InventoryDocument, { county, schools: [{ ...school, thresholds }] })).toBe(false);
  });

  it('lets classes share a classroom', () => {
    const classes = [
      { id: 'a', classroom: 'r1' },
      { id: 'b', classroom: 'r1' },
    ];
    const [first] = built({
      county,
      schools: [{ ...school, classes, classrooms: [{ id: 'r1', name: { zh: '一室' } }] }],
    }).schools;
    expect(first?.classrooms).toEqual([{ id: 'r1', name: { zh: '一室', en: '一室' } }]);
    expect(first?.classes.map(({ classroom }) => classroom)).toEqual(['r1', 'r1']);
  });

  it("keeps a county's own targets of visits, and makes none up", () => {
    expect(built({ county, schools: [school], visitTargets: { service: 6 } }).visitTargets).toEqual({
      service: 6,
    });
    expect(built({ county, schools: [school] })).not.toHaveProperty('visitTargets');
  });

  it('takes a missing language from the other, and a missing name from the id', () => {
    const inventory = built({ county, schools: [school], targets: [target] });
    expect(inventory.county.name).toEqual({ zh: 'County', en: 'County' });
    expect(inventory.schools[0]?.name).toEqual({ zh: '一小', en: '一小' });
    expect(inventory.targets[0]?.name).toEqual({ zh: 't1', en: 't1' });
  });

  it('keeps whose line a school has, of which no list is needed', () => {
    const { schools } = built({
      county,
      schools: [
        { ...school, provider: 'telecom' },
        { ...school, id: 's2' },
      ],
    });
    expect(schools.map(({ provider }) => provider)).toEqual(['telecom', undefined]);
  });

  it('tells every problem at once, each with its place', () => {
    const twice = { id: 'x', name: { en: 'X' } };
    const problems = problemsOf({
      county: { ...county, timezone: 'Asia/Nowhere' },
      clusters: [twice, twice],
      platforms: [{ id: 't1', name: { en: 'T' } }],
      schools: [
        { ...school, cluster: 'north', frontEnd: 'cd7z' },
        school,
        {
          ...school,
          id: 's2',
          classrooms: [{ id: 'r1' }, { id: 'r1' }],
          classes: [{ id: 'a', classroom: 'r2' }, { id: 'a' }],
        },
      ],
      targets: [
        { ...target, schools: ['s9'] },
        { ...target, id: 't2', probe: 'throughput', every: 600 },
      ],
      periods: [{ n: 1, start: '10:00', end: '09:00' }],
    });
    expect(problems.toSorted()).toEqual([
      'clusters[1].id: "x" is used twice',
      'county.timezone: "Asia/Nowhere" is not a time zone',
      'periods[0].end: 09:00 is not after 10:00',
      'schools[0].cluster: no cluster "north"',
      'schools[0].frontEnd: no front-end school "cd7z"',
      'schools[1].id: "s1" is used twice',
      'schools[2].classes[0].classroom: no classroom "r2"',
      'schools[2].classes[1].id: "a" is used twice',
      'schools[2].classrooms[1].id: "r1" is used twice',
      'targets[0].id: "t1" is the id of a platform',
      'targets[0].schools: no school "s9"',
      'targets[1].every: a throughput test fills the link: 3600 s or more',
    ]);
  });
});

describe('InventoryDocument', () => {
  const good = {
    county,
    schools: [school],
    targets: [target],
    periods: [{ n: 1, start: '08:30', end: '09:10' }],
  };

  it('takes what people write', () => {
    expect(Value.Check(InventoryDocument, good)).toBe(true);
  });

  it.each([
    ['an unknown key', { ...good, school: [] }],
    ['an id that is no topic level', { ...good, schools: [{ ...school, id: 'S.1' }] }],
    ['a name in no language', { ...good, schools: [{ ...school, name: {} }] }],
    ['a place off the globe', { ...good, schools: [{ ...school, lat: 91 }] }],
    ['a negative number of classes', { ...good, schools: [{ ...school, classes: -1 }] }],
    ['a time of day that does not exist', { ...good, periods: [{ n: 1, start: '24:00', end: '25:00' }] }],
    ['a probe that nobody knows', { ...good, targets: [{ ...target, probe: 'shell' }] }],
    ['a link that nobody knows', { ...good, targets: [{ ...target, link: 'cable' }] }],
    ['an interval that would flood', { ...good, targets: [{ ...target, every: 1 }] }],
    ['a county without a time zone', { ...good, county: { id: 'c', name: { en: 'C' } } }],
  ])('refuses %s', (_, document) => {
    expect(Value.Check(InventoryDocument, document)).toBe(false);
  });
});
