import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import type { Range } from '@tongtang/wire/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, NewSample, Outbox } from './outbox.ts';
import { openOutbox } from './sqlite-outbox.ts';

/** What an outbox must do, as plain lists: tried beside the real one with any order of events. */
type ModelChunk = {
  outbox: string;
  from: number;
  values: number[];
  stamped: boolean;
  committed: Set<number>;
};

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      stamps: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('newest' as const, 'oldest' as const), samples: fc.nat(12) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'release' as const), which: fc.nat() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('commitPart' as const),
      which: fc.nat(),
      skip: fc.nat(3),
      take: fc.nat(4),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('reopen' as const, 'kill' as const, 'reboot' as const, 'resolve' as const),
    }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const log = createLog('error');
const reference = {
  boot: 'span',
  hubMs: 1_800_000_000_000,
  hubMinusMonotonicMs: 1_790_000_000_000,
  hubMinusWallMs: 0,
};
const filler = 'x'.repeat(40);

class World {
  #path = freshPath();
  #boot = 1;
  #outbox: Outbox;
  #chunks: ModelChunk[] = [];
  #claims: Claim[] = [];
  #sent: Claim[] = [];
  #value = 0;
  #last = 0;
  #dropped = 0;
  readonly #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#outbox = this.#open();
  }

  perform(step: Action): void {
    switch (step.do) {
      case 'append':
        this.#append(step.stamps);
        break;
      case 'newest':
      case 'oldest':
        this.#take(step.do, step.samples);
        break;
      case 'commit':
      case 'release': {
        const [claim] = this.#claims.splice(step.which % Math.max(1, this.#claims.length), 1);
        if (claim === undefined) break;
        if (step.do === 'release') this.#outbox.release(claim);
        else this.#commit(claim.outbox, [claim.from, claim.to]);
        break;
      }
      case 'commitPart': {
        // Late words of the hub about anything that was ever sent.
        const claim = this.#sent[step.which % Math.max(1, this.#sent.length)];
        if (claim === undefined) break;
        const from = claim.from + step.skip;
        if (from <= claim.to) this.#commit(claim.outbox, [from, Math.min(claim.to, from + step.take)]);
        break;
      }
      case 'resolve':
        expect(this.#outbox.resolveTimes(reference)).toBe(false);
        for (const chunk of this.#chunks) chunk.stamped = true;
        break;
      case 'kill': {
        const to = freshPath();
        for (const suffix of ['', '-wal'])
          if (existsSync(this.#path + suffix)) copyFileSync(this.#path + suffix, to + suffix);
        this.#outbox.close();
        this.#path = to;
        this.#restart();
        break;
      }
      case 'reboot':
      case 'reopen':
        this.#outbox.close();
        this.#deleteCommitted();
        if (step.do === 'reboot') {
          this.#boot += 1;
          this.#last = 0;
        }
        this.#restart();
        break;
    }
    expect(this.#outbox.stats()).toMatchObject({
      samples: this.#uncommitted().length,
      lastSequence: this.#last,
      dropped: this.#dropped,
      failedWrites: 0,
    });
  }

  dropped(): number {
    return this.#dropped;
  }

  /** Everything that is not committed comes out, once, in order, and nothing else. */
  drain(): void {
    this.perform({ do: 'reopen' });
    this.perform({ do: 'resolve' });
    const held = this.#chunks.flatMap(({ values }) => values);
    const handedOut: number[] = [];
    for (;;) {
      const claim = this.#outbox.takeOldest({ samples: 7, bytes: 1e6 });
      if (claim === undefined) break;
      handedOut.push(...valuesOf(claim));
    }
    expect(handedOut).toEqual(held);
    this.#outbox.close();
  }

  #open(): Outbox {
    return openOutbox({ path: this.#path, boot: `boot-${this.#boot}`, log, limits: { bytes: this.#bytes } });
  }

  /** What was committed of a chunk that is still there is not known after a start. */
  #restart(): void {
    this.#outbox = this.#open();
    this.#claims = [];
    for (const chunk of this.#chunks) chunk.committed.clear();
  }

  #append(stamps: readonly boolean[]): void {
    const samples = stamps.map((stamped): NewSample => {
      this.#value += 1;
      const time = stamped ? 1_790_000_000 : { boot: 'span', monotonicMs: this.#value * 1000, wallMs: 0 };
      return { line: `ping rtt_ms=${this.#value},error="${filler}${this.#value}"`, time };
    });
    expect(this.#outbox.append(samples)).toEqual([this.#last + 1, this.#last + samples.length]);
    this.#deleteCommitted();
    const { id, dropped } = this.#outbox.stats();
    for (const [index, stamped] of stamps.entries()) {
      const value = this.#value - stamps.length + 1 + index;
      const chunk = this.#chunks.at(-1);
      this.#last += 1;
      if (index > 0 && chunk?.stamped === stamped) chunk.values.push(value);
      else
        this.#chunks.push({ outbox: id, from: this.#last, values: [value], stamped, committed: new Set() });
    }
    for (; this.#dropped < dropped; this.#chunks.shift())
      this.#dropped += this.#uncommitted(this.#chunks.slice(0, 1)).length;
  }

  #take(which: 'newest' | 'oldest', samples: number): void {
    const limits = { samples, bytes: 1e6 };
    const claim = which === 'newest' ? this.#outbox.takeNewest(limits) : this.#outbox.takeOldest(limits);
    const free = this.#chunks.filter(
      (chunk) =>
        chunk.stamped &&
        chunk.committed.size < chunk.values.length &&
        !this.#claims.some(
          ({ outbox, from, to }) => outbox === chunk.outbox && from <= chunk.from && chunk.from <= to,
        ),
    );
    const expected = which === 'newest' ? free.at(-1) : free.at(0);
    if (claim === undefined || expected === undefined) {
      expect([claim, expected]).toEqual([undefined, undefined]);
      return;
    }
    const end = expected.from + expected.values.length - 1;
    expect(claim.outbox).toBe(expected.outbox);
    expect(which === 'newest' ? claim.to : claim.from).toBe(which === 'newest' ? end : expected.from);
    const handedOut = valuesOf(claim);
    const held = new Set(free.flatMap(({ values }) => values));
    expect(handedOut.every((value) => held.has(value))).toBe(true);
    expect(handedOut).toHaveLength(claim.to - claim.from + 1);
    expect(handedOut.length).toBeLessThanOrEqual(Math.max(samples, expected.values.length));
    const oldest = this.#chunks.find(
      (chunk) => chunk.outbox === claim.outbox && chunk.committed.size < chunk.values.length,
    );
    expect(claim.oldest).toBe(oldest?.from);
    this.#claims.push(claim);
    this.#sent.push(claim);
  }

  #commit(outbox: string, [from, to]: Range): void {
    this.#outbox.commit(outbox, [[from, to]]);
    // A claim that was committed in part is sent again as a whole when its chunk is not wholly stored.
    this.#claims = this.#claims.flatMap((claim) => {
      if (claim.outbox !== outbox || claim.to < from || to < claim.from) return [claim];
      this.#outbox.release(claim);
      return [];
    });
    for (const chunk of this.#chunks)
      for (const [index] of chunk.values.entries())
        if (chunk.outbox === outbox && chunk.from + index >= from && chunk.from + index <= to)
          chunk.committed.add(index);
  }

  #deleteCommitted(): void {
    this.#chunks = this.#chunks.filter(({ values, committed }) => committed.size < values.length);
  }

  #uncommitted(chunks: readonly ModelChunk[] = this.#chunks): number[] {
    return chunks.flatMap(({ values, committed }) => values.filter((_, index) => !committed.has(index)));
  }
}

function freshPath(): string {
  return join(mkdtempSync(join(tmpdir(), 'tongtang-outbox-')), 'outbox.db');
}

function valuesOf({ lines }: Claim): number[] {
  return lines.map((line) => Number(/rtt_ms=(\d+)/.exec(line)?.[1]));
}

describe('whatever happens in whatever order', () => {
  it('no sample is lost, none is sent once it is known to be stored, and numbers have no gap', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (steps) => {
        const world = new World(1e6);
        for (const step of steps) world.perform(step);
        world.drain();
      }),
      { numRuns: 60 },
    );
  });

  it('what is dropped from a full outbox is the oldest, and is counted', () => {
    let dropped = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 60, maxLength: 150 }), (steps) => {
        const world = new World(7_000);
        for (const step of steps) world.perform(step);
        dropped += world.dropped();
        world.drain();
      }),
      { numRuns: 30 },
    );
    expect(dropped).toBeGreaterThan(0);
  });
});
