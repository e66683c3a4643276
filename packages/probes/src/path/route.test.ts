import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace } from './parse.ts';
import { fieldsOf, KnownRoutes, routeOf } from './route.ts';

const target = '198.18.3.2';
const own = '198.18.1.2';
const foreign = () => false;

/** `10.0.0.1 * 10.0.0.2!`: an asterisk for a silent hop, an exclamation mark for one that refuses. */
function traced(words: string): Trace {
  return words
    .split(' ')
    .map((word) =>
      word === '*' ? undefined : { address: word.replace('!', ''), rttMs: 1, refuses: word.endsWith('!') },
    );
}
const routeTo = (words: string, to = target) => routeOf(traced(words), to, (address) => address === own);
const fields = (words: string) => fieldsOf(routeTo(words), undefined);

describe('a route', () => {
  it('leads to the target, and no further', () => {
    expect(fields(`10.0.0.1 * 10.0.0.2 ${target} ${target}`)).toEqual({
      reached: true,
      hops: 4,
      route: `10.0.0.1 * 10.0.0.2 ${target}`,
      last_hop: target,
      rtt_ms: 1,
    });
  });

  it('ends at the last router that answered', () => {
    expect(fields('10.0.0.1 * 10.0.0.2 * * *')).toMatchObject({
      reached: false,
      hops: 3,
      route: '10.0.0.1 * 10.0.0.2',
      last_hop: '10.0.0.2',
    });
  });

  it('is empty where nothing answered', () => {
    expect(fields('* * *')).toEqual({ reached: false, hops: 0 });
  });

  it('has a router that refuses once, where it stands', () => {
    expect(fields('10.0.0.1 10.0.0.2 10.0.0.2!')).toMatchObject({ hops: 2, last_hop: '10.0.0.2' });
    expect(fields('* 10.0.0.1!')).toMatchObject({ hops: 2, route: '* 10.0.0.1' });
  });

  it('shows routers that send packets in a circle', () => {
    expect(fields('10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2')).toMatchObject({ hops: 4 });
  });

  it('has no hop where this machine itself says that its neighbour is silent', () => {
    expect(fields(`* * ${own}!`)).toEqual({ reached: false, hops: 0 });
  });

  it('reaches a target however its address is written', () => {
    const hops = [{ address: '2001:db8::2', rttMs: 1, refuses: false }];
    expect(routeOf(hops, '2001:DB8:0::0002', foreign).reached).toBe(true);
    expect(routeOf([{ address: 'fe80::1', refuses: false }], 'fe80::1%eth0', foreign).reached).toBe(true);
    expect(routeTo(`${own}!`, own).reached).toBe(true);
  });

  it('is a short text however long it is, with both of its ends', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('*'));
    fc.assert(
      fc.property(fc.array(address, { minLength: 1, maxLength: 64 }), fc.ipV6(), (middle, last) => {
        const words = [...middle, last];
        const text = String(fields(words.join(' ')).route);
        expect(text.length).toBeLessThanOrEqual(500);
        expect(text.endsWith(` ${last}`)).toBe(true);
        for (const word of text.split(' ')) expect([...words, '…']).toContain(word);
        if (!text.includes('…')) expect(text).toBe(words.join(' '));
      }),
    );
  });
});

describe('a route has changed', () => {
  const changes = (...routes: readonly string[]) => {
    const known = new KnownRoutes();
    return routes.map((words) => known.take('hub', routeTo(words)));
  };
  const usual = `10.0.0.1 10.0.0.2 ${target}`;

  it('not the first time, nor when it is as before', () => {
    expect(changes(usual, usual)).toEqual([undefined, false]);
  });

  it('when another router stands in a place, or the target is nearer or farther', () => {
    expect(changes(usual, `10.0.0.1 10.0.0.9 ${target}`)).toEqual([undefined, true]);
    expect(changes(usual, `10.0.0.1 10.0.0.2 * ${target}`)).toEqual([undefined, true]);
  });

  it('not when a router is silent, or the way is cut', () => {
    expect(changes(usual, `10.0.0.1 * ${target}`)).toEqual([undefined, false]);
    expect(changes(usual, '10.0.0.1 *')).toEqual([undefined, false]);
  });

  it('when it comes back another way after a cut', () => {
    expect(changes(usual, '10.0.0.1', `10.0.0.1 10.0.0.9 ${target}`)).toEqual([undefined, false, true]);
  });

  it('also towards a target that never answers', () => {
    expect(changes('10.0.0.1 10.0.0.2', '10.0.0.1 10.0.0.3', '10.0.0.1 10.0.0.3')).toEqual([
      undefined,
      true,
      false,
    ]);
  });

  it('for each target by itself', () => {
    const known = new KnownRoutes();
    known.take('hub', routeTo(usual));
    expect(known.take('front-end', routeTo(`10.0.0.7 ${target}`))).toBeUndefined();
  });
});
