import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { seeded } from '../stamp/seeded.fixture.ts';
import { measureOctets } from './file.ts';
import { datagrams, rtpPacket, TestProgramme } from './packets.fixture.ts';
import { streamResult } from './result.ts';
import { StreamMeter } from './stream.ts';

/** Another run, other inputs; a failure names the seed that brings it back: `FUZZ_SEED=… vitest`. */
const seed = Number(process.env.FUZZ_SEED ?? 20_260_801);
const rounds = 5000;

const random = seeded(seed);
const below = (limit: number) => Math.floor(random() * limit);
const chance = Buffer.from(Array.from({ length: 200_000 }, () => below(256)));
const noise = (length: number) => {
  const from = below(chance.length - length);
  return Buffer.from(chance.subarray(from, from + length));
};
const good = datagrams(new TestProgramme().next(7000));
const any = () => Buffer.from(good[below(good.length)] ?? Buffer.alloc(0));

/** Each makes a datagram from good ones and chance. */
const mutations: Readonly<Record<string, () => Buffer>> = {
  'as it was': any,
  nothing: () => Buffer.alloc(0),
  'random octets': () => noise(below(1500)),
  'random packets': () => Buffer.concat(Array.from({ length: 7 }, randomPacket)),
  'tables of random octets': () => Buffer.concat(Array.from({ length: 7 }, randomTable)),
  'cut off': () => any().subarray(0, below(1316)),
  'cut in front': () => any().subarray(below(400)),
  shifted: () => Buffer.concat([noise(below(188)), any()]),
  'octets replaced': () => replaced(any(), 20),
  'lying adaptation fields': () => lying(any()),
  'in RTP': () => rtpPacket(below(65_536), any(), { ssrc: below(3), type: below(2) === 0 ? 33 : below(128) }),
  'in RTP in order': () => rtpPacket(nextSequence(), any()),
  'in a damaged RTP header': () => replaced(rtpPacket(nextSequence(), any()), 3, 20),
  'larger than any datagram': () => noise(65_507),
};
let sequence = 0;

function nextSequence(): number {
  sequence += 1;
  return sequence;
}

function randomPacket(): Buffer {
  const octets = noise(188);
  octets[0] = 0x47;
  return octets;
}

/** Payload begins at once, on the PIDs of tables. */
function randomTable(): Buffer {
  const octets = noise(188);
  octets.set([0x47, 0x40, [0, 0, 1, 0x10, 0x11, 0x12, 0x14][below(7)] ?? 0, 0x10 | below(16), below(4)]);
  return octets;
}

function replaced(octets: Buffer, most: number, within = octets.length): Buffer {
  for (let count = below(most); count >= 0; count -= 1) octets[below(within)] = below(256);
  return octets;
}

function lying(octets: Buffer): Buffer {
  for (let at = 0; at < octets.length; at += 188) {
    octets[at + 3] = (octets[at + 3] ?? 0) | 0x20;
    octets[at + 4] = below(256);
    octets[at + 5] = below(256);
  }
  return octets;
}

describe(`whatever comes (seed ${seed})`, () => {
  const names = Object.keys(mutations);

  it.each([...names, 'all together'])('%s: nothing throws, and figures are figures', (name) => {
    const meter = new StreamMeter(0);
    let nowMs = 0;
    for (let round = 0; round < rounds; round += 1) {
      const make = mutations[name] ?? mutations[names[below(names.length)] ?? ''] ?? any;
      nowMs += below(4) === 0 ? below(50) : 1;
      if (below(1000) === 0) nowMs += 5000;
      meter.datagram(make(), nowMs);
      if (below(500) === 0) expectFigures(streamResult(meter.read(nowMs), 0).fields ?? {});
    }
    expectFigures(streamResult(meter.read(nowMs), 0).fields ?? {});
  });

  it('as a run of octets: nothing throws, and each is looked at once', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(names.length - 1), { maxLength: 50 }), async (picks) => {
        const chunks = picks.map((pick) => (mutations[names[pick] ?? ''] ?? any)());
        const result = await measureOctets(
          (async function* () {
            yield* chunks;
          })(),
          testContext(),
        );
        expectFigures(result.fields ?? {});
      }),
      { seed, numRuns: 200 },
    ));

  it('memory stays within bounds', () => {
    const meter = new StreamMeter(0);
    const pass = (from: number, count: number) => {
      for (let round = from; round < from + count; round += 1) {
        const make = mutations[names[below(names.length - 1)] ?? ''] ?? any;
        meter.datagram(make(), round);
        if (round % 1000 === 0) meter.read(round);
      }
    };
    pass(0, rounds);
    const before = usedMb();
    pass(rounds, 2 * rounds);
    expect(usedMb() - before).toBeLessThan(4);
  });
});

/** What is still used when all else is collected. */
function usedMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  // What the first one found is freed beside it; the second waits for that.
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return (arrayBuffers + heapUsed) / 1e6;
}

function expectFigures(fields: Readonly<Record<string, unknown>>): void {
  const { score_from, ...figures } = fields;
  expect([undefined, 'rtp', 'continuity']).toContain(score_from);
  expect(Number(figures.stream_score ?? 0)).toBeLessThanOrEqual(100);
  for (const [name, value] of Object.entries(figures)) {
    if (!Number.isFinite(value) || Number(value) < 0) expect.fail(`${name} is ${String(value)}`);
    if (name.endsWith('_ratio') && Number(value) > 1) expect.fail(`${name} is ${String(value)}`);
  }
}
