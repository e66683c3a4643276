import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../probe.fixture.ts';
import { ReceiverFiles } from './files.ts';
import { type Manner, type OddReceiver, responseTo, startOddReceiver } from './odd-receiver.fixture.ts';
import { snmpProbe } from './probe.ts';
import { oidsOf } from './profile.ts';
import { usualPatience } from './session.ts';
import { walkReceiver } from './walk.ts';

const files = new ReceiverFiles();
const s400 = files.profile('novra-s400');
if (!s400.ok) throw new Error(s400.problem);
const oids = oidsOf(s400.profile, 1);
/** Of a receiver that has lock and says so in numbers everywhere. */
const sound = oids.map((oid) => ({ oid, value: 1 }));

let receiver: OddReceiver;
beforeAll(async () => {
  receiver = await startOddReceiver();
});
afterAll(() => receiver.close());

const ask = (manner: Manner, { timeoutMs = 100, tries = 1, lateMs = 0, context = testContext() } = {}) => {
  receiver.behave(manner, lateMs);
  return snmpProbe(files, { timeoutMs, tries }).run(`127.0.0.1:${receiver.port}?profile=novra-s400`, context);
};

describe('a receiver that', () => {
  it('never answers is no word on its dish', async () => {
    expect(await ask(() => [])).toEqual({
      ok: false,
      source: 'path',
      error: 'no answer: off, another address, or another community',
    });
  });

  it('takes three seconds has them, and is asked again when a datagram was lost', async () => {
    expect(usualPatience.timeoutMs).toBeGreaterThan(3000);
    const second: Manner = (request, asked) => (asked === 2 ? [responseTo(request, sound)] : []);
    expect(await ask(second, { tries: 2 })).toMatchObject({ ok: true, fields: { locked: true } });
  });

  it('is so slow that its answer comes when it is asked again is believed; one that is slower still is silent', async () => {
    const answers: Manner = (request) => [responseTo(request, sound)];
    expect(await ask(answers, { lateMs: 300, timeoutMs: 200, tries: 2 })).toMatchObject({ ok: true });
    expect(await ask(answers, { lateMs: 300, timeoutMs: 100, tries: 2 })).toMatchObject({
      ok: false,
      source: 'path',
    });
  });

  it('has no SNMP is known at once from a machine that is there', async () => {
    const closed = await startOddReceiver();
    closed.close();
    const probe = snmpProbe(files);
    expect(await probe.run(`127.0.0.1:${closed.port}?profile=novra-s400`, testContext())).toEqual({
      ok: false,
      source: 'target',
      error: 'ECONNREFUSED',
    });
  });

  it('sends rubbish is to blame, unless an answer follows', async () => {
    const rubbish = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await ask(() => [rubbish])).toMatchObject({
      ok: false,
      source: 'target',
      error: expect.stringMatching(/^its answers are not SNMP: /),
    });
    expect(await ask((request) => [rubbish, responseTo(request, sound)])).toMatchObject({ ok: true });
  });

  it.each([
    ['fewer values than asked for', sound.slice(1)],
    ['values of other OIDs', sound.toReversed()],
  ])('answers with %s is not believed', async (_, values) => {
    expect(await ask((request) => [responseTo(request, values)])).toEqual({
      ok: false,
      source: 'target',
      error: 'not an answer to what was asked: EReqResOidNoMatch',
    });
  });

  it('answers in the name of another community is not believed, and none of the two is told on', async () => {
    const result = await ask((request) => [responseTo(request, sound, { community: 'of-the-roof' })]);
    expect(result).toEqual({
      ok: false,
      source: 'target',
      error: 'not an answer to what was asked: ECommunityNoMatch',
    });
  });

  it('has no room for the answer says so', async () => {
    const tooBig: Manner = (request) => [responseTo(request, sound, { errorStatus: 1 })];
    expect(await ask(tooBig)).toEqual({ ok: false, source: 'target', error: 'refuses: TooBig' });
  });

  it('sends a text of 60 kB and control characters leaves a line of bounded length', async () => {
    const huge = sound.map(({ oid, value }) =>
      oid.endsWith('.6.6.0') ? { oid, value: `11.3\r\n\u001b[2J${'x'.repeat(60_000)}` } : { oid, value },
    );
    const result = await ask((request) => [responseTo(request, huge)]);
    expect(result).toMatchObject({ ok: true, fields: { locked: true } });
    expect(result.fields).not.toHaveProperty('cn_db');
    expect(String(result.fields?.raw).length).toBeLessThanOrEqual(500);
  });

  it('sends anything at all ends in an outcome', async () => {
    const mutations = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    const cut = fc.option(fc.nat(), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(mutations, cut, async (changes, end) => {
        const result = await ask(
          (request) => {
            const datagram = responseTo(request, sound);
            for (const [at, octet] of changes) datagram[at % datagram.length] = octet;
            return [datagram.subarray(0, end === undefined ? undefined : end % datagram.length)];
          },
          { timeoutMs: 20 },
        );
        expect(result.ok || result.error.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a walk over a receiver', () => {
  const walk = async (valuesOf: (asked: number) => readonly { oid: string; value: number }[]) => {
    receiver.behave((request, asked) => [responseTo(request, valuesOf(asked))]);
    const seen: string[] = [];
    const address = { host: '127.0.0.1', port: receiver.port, unit: 1 };
    const result = await walkReceiver(address, files, testContext(20_000), ({ oid }) => seen.push(oid));
    return { result, seen };
  };
  const twentyFrom = (first: number) =>
    Array.from({ length: 20 }, (_, index) => ({ oid: `1.3.6.1.2.1.1.${first + index}`, value: 1 }));

  it('that has no end ends after 5,000 values', async () => {
    const { result, seen } = await walk((asked) => twentyFrom(asked * 20));
    expect(result).toMatchObject({ ok: true, values: 5000, cut: true });
    expect(new Set(seen).size).toBe(5000);
  });

  it('that goes in circles ends at the first step back', async () => {
    const { result, seen } = await walk(() => twentyFrom(1));
    expect(result).toMatchObject({ ok: false, source: 'target' });
    expect(seen).toHaveLength(20);
  });
});

it('ends when it is told to', async () => {
  const stopped = new AbortController();
  const answer = ask(
    () => {
      stopped.abort();
      return [];
    },
    { timeoutMs: 60_000, context: { ...testContext(), signal: stopped.signal } },
  );
  expect(await answer).toEqual({ ok: false, source: 'path', error: 'timeout' });
});
