import { linkKinds } from '@tongtang/model/link';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MinuteState, minuteStates } from './minute-state.ts';
import { decodeMinutes, encodeMinutes } from './runs.ts';

const anyMinutes = (length: number): fc.Arbitrary<MinuteState[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(...minuteStates), fc.integer({ min: 1, max: 300 })), {
      minLength: 1,
      maxLength: 20,
    })
    .map((runs) => {
      const minutes = runs.flatMap(([state, count]) => Array.from({ length: count }, () => state));
      return Array.from({ length }, (_, at) => minutes[at % minutes.length] ?? 'unknown');
    });

describe('kept minutes', () => {
  it('are read as they were written', () => {
    const anyDay = fc.integer({ min: 0, max: 1500 }).chain((length) =>
      fc.record({
        machine: anyMinutes(length),
        links: fc
          .subarray([...linkKinds])
          .chain((kinds) =>
            fc.tuple(...kinds.map((kind) => anyMinutes(length).map((of) => [kind, of] as const))),
          )
          .map((links) => new Map(links)),
        files: fc.option(anyMinutes(length), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(anyDay, ({ machine, links, files }) => {
        const known = [...links].filter(([, minutes]) => minutes.some((state) => state !== 'unknown'));
        const read = decodeMinutes(encodeMinutes({ machine, links, files }));
        expect(read.machine).toEqual(machine);
        expect(read.links).toEqual(new Map(known));
        expect(read.files).toEqual(files?.some((state) => state !== 'unknown') ? files : undefined);
      }),
    );
  });

  it('of a day take some bytes', () => {
    const day = (count: number) =>
      Array.from({ length: 1440 }, (_, at) => (at < count ? 'good' : 'off') satisfies MinuteState);
    const bytes = encodeMinutes({ machine: day(600), links: new Map([['lan', day(600)]]) });
    expect(bytes.length).toBeLessThan(20);
  });

  it('of another version, cut short or damaged are refused with what is wrong', () => {
    const good = encodeMinutes({ machine: ['good', 'off'], links: new Map() });
    const [version = 0, ...rest] = good;
    expect(() => decodeMinutes(Uint8Array.from([version + 1, ...rest]))).toThrow(
      'of version 2, this one knows 1',
    );
    expect(() => decodeMinutes(good.slice(0, -1))).toThrow('cut short');
    expect(() => decodeMinutes(Uint8Array.from([version, 0]))).toThrow('without those of the machine');
    expect(() => decodeMinutes(Uint8Array.from([version, 1, 0, 9 * 8 + 1]))).toThrow('a run of 9');
    expect(() => decodeMinutes(Uint8Array.from([version, 1, 99, 8]))).toThrow('no track 99');
  });

  it('whatever the bytes are, they are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeMinutes(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
