import { type Static, Type } from 'typebox';
import type { Condition } from './incident.ts';
import { lessonNeeds } from './link.ts';

/** What is weighed beside the conditions that people read: where a failure stops. */
export type Sign = 'gateway-lost' | 'gateway-poor' | 'beyond-lost' | 'no-carrier';
export type Tracked = Exclude<Condition, 'silent'> | Sign;

/**
 * A condition fires when `need` of its last `of` values reach `fire`, and clears when `clearAfter` in a row are at `clear` or
 * better. `higher` or `lower` is worse. A yes/no reading is 1 where it is bad, and 2, counting twice, where something else bears it
 * out.
 */
export type Threshold = Readonly<{
  worse: 'higher' | 'lower';
  fire: number;
  clear: number;
  unit: string;
  need: number;
  of: number;
  clearAfter: number;
  /** Values further apart than this do not count together. Seconds. */
  freshS: number;
}>;

const yesNo = { worse: 'higher', fire: 1, clear: 0, unit: '', freshS: 150 } as const;

/** All thresholds of conditions; docs/incidents.md is made from them. */
export const thresholds: Readonly<Record<Tracked, Threshold>> = {
  // Ten packets and no reply, twice: one run may fall into a fade. Once is enough where no report came through meanwhile.
  'hub-lost': { ...yesNo, need: 2, of: 3, clearAfter: 2 },
  'gateway-lost': { ...yesNo, need: 2, of: 3, clearAfter: 2 },
  // 1 is a round trip of 50 ms within the school, or one packet of ten lost there.
  'gateway-poor': {
    worse: 'higher',
    fire: 1,
    clear: 0.5,
    unit: '× 50 ms, × 10 %',
    need: 4,
    of: 6,
    clearAfter: 4,
    freshS: 150,
  },
  // Platforms are asked every five minutes.
  'beyond-lost': { ...yesNo, need: 1, of: 1, clearAfter: 1, freshS: 900 },
  'no-carrier': { ...yesNo, need: 1, of: 1, clearAfter: 1 },
  // 1 is a round trip of 400 ms, or three packets of ten lost. One pair lost at random, of five, stays below.
  congested: {
    worse: 'higher',
    fire: 1,
    clear: 0.7,
    unit: '× 400 ms, × 30 %',
    need: 6,
    of: 10,
    clearAfter: 6,
    freshS: 150,
  },
  'lock-lost': { ...yesNo, need: 2, of: 3, clearAfter: 3, freshS: 300 },
  'signal-low': {
    worse: 'lower',
    fire: lessonNeeds.marginDb,
    clear: lessonNeeds.marginDb + 1,
    unit: 'dB',
    need: 3,
    of: 5,
    clearAfter: 5,
    freshS: 300,
  },
  'receiver-silent': { ...yesNo, need: 3, of: 3, clearAfter: 2, freshS: 300 },
  'stream-gone': { ...yesNo, need: 2, of: 3, clearAfter: 2, freshS: 300 },
  'stream-errors': {
    worse: 'higher',
    fire: lessonNeeds.lossRatio,
    clear: lessonNeeds.lossRatio / 2,
    unit: '1',
    need: 3,
    of: 5,
    clearAfter: 5,
    freshS: 300,
  },
  'disk-full': {
    worse: 'higher',
    fire: 0.97,
    clear: 0.93,
    unit: '1',
    need: 3,
    of: 3,
    clearAfter: 3,
    freshS: 300,
  },
  'clock-wrong': {
    worse: 'higher',
    fire: 30_000,
    clear: 5000,
    unit: 'ms',
    need: 3,
    of: 3,
    clearAfter: 3,
    freshS: 600,
  },
};

const closed = { additionalProperties: false, minProperties: 1 } as const;
const Values = Type.Integer({ minimum: 1, maximum: 30 });
/** How many of how many values must be bad. */
const YesNo = Type.Object({ need: Type.Optional(Values), of: Type.Optional(Values) }, closed);
const Level = Type.Number({ minimum: 0 });
const Measured = Type.Object(
  { ...YesNo.properties, fire: Type.Optional(Level), clear: Type.Optional(Level) },
  closed,
);

/** A school's own thresholds, by condition; what is absent is as everywhere. */
export const ThresholdsDocument = Type.Object(
  {
    'hub-lost': Type.Optional(YesNo),
    'gateway-lost': Type.Optional(YesNo),
    'gateway-poor': Type.Optional(Measured),
    'beyond-lost': Type.Optional(YesNo),
    'no-carrier': Type.Optional(YesNo),
    congested: Type.Optional(Measured),
    'lock-lost': Type.Optional(YesNo),
    'signal-low': Type.Optional(Measured),
    'receiver-silent': Type.Optional(YesNo),
    'stream-gone': Type.Optional(YesNo),
    'stream-errors': Type.Optional(Measured),
    'disk-full': Type.Optional(Measured),
    'clock-wrong': Type.Optional(Measured),
  } satisfies Record<Tracked, unknown>,
  closed,
);
export type ThresholdOverrides = Readonly<Static<typeof ThresholdsDocument>>;

/** The names of all that has thresholds, in the order of the table. */
export const trackedConditions = Object.keys(thresholds).filter((name): name is Tracked =>
  Object.hasOwn(thresholds, name),
);

/** A threshold as a school has it. */
export function thresholdOf(condition: Tracked, overrides: ThresholdOverrides = {}): Threshold {
  return { ...thresholds[condition], ...overrides[condition] };
}

/** Whether it is of a yes/no reading, so that only the number of values can be other than usual. */
export function isYesNo({ unit, fire }: Threshold): boolean {
  return unit === '' && fire === 1;
}

/**
 * What cannot be meant by thresholds that fit {@link ThresholdsDocument}, each with its place.
 * @param place of the thresholds, such as `schools[3].thresholds`
 */
export function thresholdProblems(place: string, overrides: ThresholdOverrides): string[] {
  return trackedConditions.flatMap((condition) => {
    const own = overrides[condition];
    if (own === undefined) return [];
    const { worse, fire, clear, unit, need, of } = thresholdOf(condition, overrides);
    const at = `${place}.${condition}`;
    const said = (name: string): string => `${at}.${Object.hasOwn(own, name) ? name : Object.keys(own)[0]}`;
    const problems: string[] = [];
    if (need > of) problems.push(`${said('need')}: ${need} of ${of} values can never be`);
    if (worse === 'higher' ? clear >= fire : clear <= fire) {
      const side = worse === 'higher' ? 'less' : 'more';
      const amount = (value: number): string => (unit.length > 1 ? `${value} ${unit}` : `${value}`);
      problems.push(
        `${said('clear')}: it fires at ${amount(fire)}, so clear must be ${side}, and is ${amount(clear)}`,
      );
    }
    return problems;
  });
}
