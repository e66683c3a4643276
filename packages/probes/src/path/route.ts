import { isIPv6 } from 'node:net';
import type { Fields } from '@tongtang/model/sample';
import type { Answer, Trace } from './parse.ts';

/** The way to a target as far as it was seen, the nearest hop first; undefined where one is silent, never at the end. */
export type Route = Readonly<{ hops: readonly (Answer | undefined)[]; reached: boolean }>;

/** Thirty hops of IPv4 fit; of longer routes the middle is left out. Characters. */
const longestText = 500;
const leftOut = '…';

/**
 * What a trace says of the way to a target: up to the target, or to the last router that answered.
 * @param isOwn whether an address is one of this machine: that a neighbour does not answer is told by the machine itself
 */
export function routeOf(trace: Trace, target: string, isOwn: (address: string) => boolean): Route {
  const end = trace.findIndex((hop) => hop !== undefined && isSame(hop.address, target));
  if (end !== -1) return { hops: trace.slice(0, end + 1), reached: true };
  const hops = trace.map((hop, index) => {
    // A router that refuses to hand on says so to packets of every reach, so it stands where it was seen first.
    const stood = trace.slice(0, index).some((before) => before?.address === hop?.address);
    return hop?.refuses === true && (stood || isOwn(hop.address)) ? undefined : hop;
  });
  const last = hops.findLastIndex((hop) => hop !== undefined);
  return { hops: hops.slice(0, last + 1), reached: false };
}

/** @param changed undefined where there is nothing to compare with */
export function fieldsOf({ hops, reached }: Route, changed: boolean | undefined): Fields {
  const last = hops.at(-1);
  return {
    reached,
    hops: hops.length,
    ...(last !== undefined && { route: textOf(hops), last_hop: last.address }),
    ...(last?.rttMs !== undefined && { rtt_ms: last.rttMs }),
    ...(changed !== undefined && { changed }),
  };
}

/**
 * The route to each target as it was last seen. One that reached the target is kept while others end on the way: what
 * comes back after a cut is compared with what was before.
 */
export class KnownRoutes {
  readonly #routes = new Map<string, Route>();

  /** @returns whether it goes another way than the last one; undefined for the first */
  take(target: string, route: Route): boolean | undefined {
    const before = this.#routes.get(target);
    if (before === undefined || route.reached || !before.reached) this.#routes.set(target, route);
    return before && differs(before, route);
  }
}

/** Silence and an early end are no other way: only another router in a place, or another length of the whole. */
function differs(before: Route, now: Route): boolean {
  if (before.reached && now.reached && before.hops.length !== now.hops.length) return true;
  return now.hops.some((hop, index) => {
    const there = before.hops[index];
    return hop !== undefined && there !== undefined && hop.address !== there.address;
  });
}

/** `10.0.0.1 * 100.64.0.1`: an asterisk for a hop that is silent. */
function textOf(hops: Route['hops']): string {
  const words = hops.map((hop) => hop?.address ?? '*');
  const whole = words.join(' ');
  if (whole.length <= longestText) return whole;
  const half = (longestText - leftOut.length - 2) / 2;
  const head = whole.slice(0, half + 1).replace(/ \S*$/, '');
  const tail = whole.slice(-half - 1).replace(/^\S* /, '');
  return [head, leftOut, tail].join(' ');
}

/** IPv6 addresses are the same however they are written; a zone is not part of what comes back. */
function isSame(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

function canonical(address: string): string {
  const [plain = ''] = address.split('%');
  return isIPv6(plain) ? new URL(`http://[${plain}]`).hostname : plain;
}
