import { expect, it } from 'vitest';
import { Analyser } from './analyser.ts';
import { mostPids } from './continuity.ts';
import { nullPacket, packet } from './packets.fixture.ts';

/**
 * What a run of packets of one PID comes to. `5` has payload, `5=` is the one before once more, `5~` another one, `5a` is
 * an adaptation field alone, `5!` says that the counter jumps, `5E` is marked as damaged.
 */
function counted(sequence: string) {
  const analyser = new Analyser('arrival');
  let last = packet({ pid: 0x101, counter: 0 });
  let content = 0;
  for (const word of sequence.split(' ')) {
    const counter = Number.parseInt(word, 10);
    const sign = word.replace(/\d+/, '');
    content += 1;
    const payload = Buffer.alloc(100, content);
    if (sign !== '=')
      last = packet({
        pid: 0x101,
        counter,
        ...(sign !== 'a' && { payload }),
        damaged: sign === 'E',
        discontinuity: sign === '!',
      });
    analyser.packet(last, 0, 0);
  }
  const { continuityErrors, missing, repeated, transportErrors } = analyser.read().counts;
  return { errors: continuityErrors, missing, repeated, damaged: transportErrors };
}

it('knows a second copy in octets of any length, such as those of a file', () => {
  const analyser = new Analyser('arrival');
  const twice = Buffer.concat(
    [0, 1, 1, 2].map((counter) => packet({ pid: 0x101, counter, payload: Buffer.alloc(100) })),
  );
  for (const octets of [twice, Buffer.concat([twice, Buffer.alloc(64 * 1024)])]) {
    for (let at = 0; at < twice.length; at += 188) analyser.packet(octets, at, 0);
    analyser.interrupt(0);
    expect(analyser.read().counts).toMatchObject({ repeated: 1, continuityErrors: 0 });
  }
});

const none = { errors: 0, missing: 0, repeated: 0, damaged: 0 };

// H.222.0, 2.4.3.3, and TR 101 290, indicator 1.4.
it.each([
  ['0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 0 1', none],
  ['3 4 6 7', { ...none, errors: 1, missing: 1 }],
  ['5 5= 6', { ...none, repeated: 1 }],
  ['5 5= 5= 6', { ...none, errors: 1, repeated: 1 }],
  ['5 5= 6 6= 7', { ...none, repeated: 2 }],
  ['5 5a 5a 6', none],
  ['5 6a 7', { ...none, errors: 1 }],
  ['5 9! 10', none],
  ['14 15 2 3', { ...none, errors: 1, missing: 2 }],
  ['7 7~ 8', { ...none, errors: 1 }],
  ['3 4E 5', { ...none, errors: 1, missing: 1, damaged: 1 }],
  ['9 8 9 10', { ...none, errors: 1, missing: 14 }],
  ['7 9 8 10', { ...none, errors: 3, missing: 16 }],
])('%s', (sequence, expected) => {
  expect(counted(sequence)).toEqual(expected);
});

it('null packets have no counter', () => {
  const analyser = new Analyser('arrival');
  for (let count = 0; count < 5; count += 1) analyser.packet(nullPacket(), 0, 0);
  expect(analyser.read().counts).toMatchObject({ packets: 5, nullPackets: 5, continuityErrors: 0 });
});

it('counts errors by PID, and of PIDs beyond those that it watches the packets; then others have their turn', () => {
  const analyser = new Analyser('arrival');
  const payload = Buffer.alloc(184);
  const pass = (first: number, count: number, counter: number) => {
    for (let pid = first; pid < first + count; pid += 1)
      analyser.packet(packet({ pid, counter, payload }), 0, 0);
  };
  pass(0x20, mostPids + 10, 0);
  pass(0x20, mostPids + 10, 2);
  const report = analyser.read();
  expect(report.counts).toMatchObject({ continuityErrors: mostPids, unwatched: 20 });
  expect(report.pids[0]).toEqual({ pid: 0x20, packets: 2, errors: 1 });
  pass(0x1000, 1, 0);
  pass(0x1000, 1, 2);
  expect(analyser.read()).toMatchObject({
    counts: { continuityErrors: 1, unwatched: 0 },
    pids: [{ pid: 0x1000, packets: 2, errors: 1 }],
  });
});
