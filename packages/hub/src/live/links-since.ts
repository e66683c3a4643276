import type { MinuteState } from '@tongtang/lessons/delivery/minute-state';
import { minuteS } from '@tongtang/lessons/delivery/minute-state';
import { decodeMinutes } from '@tongtang/lessons/delivery/runs';
import { dayOf, plusDays, secondsAt } from '@tongtang/lessons/plain-date';
import type { LinkKind, LinkState } from '@tongtang/model/link';
import type { MinutesStore } from '@tongtang/store/minutes/minutes';

/** What a link was, and since when. Hub time in seconds. */
export type LinkSince = Readonly<{ state: LinkState; since: number }>;

/** What was settled longer ago says nothing of the present. Seconds. */
const newestS = 3600;
/** Who has looked at it for a week need not know more exactly. */
const mostDays = 7;

/**
 * Since when the links of an agent are what they were in the newest minutes that are settled: a hub that was started anew has seen
 * only the last of it. Links of which these minutes know nothing are left out.
 * @param now hub time in seconds
 */
export function linksSince(
  minutes: Pick<MinutesStore, 'settledTo' | 'agentDay'>,
  { county, agent }: Readonly<{ county: string; agent: string }>,
  timezone: string,
  now: number,
): ReadonlyMap<LinkKind, LinkSince> {
  const settledTo = minutes.settledTo(county) ?? 0;
  const found = new Map<LinkKind, LinkSince>();
  if (now - settledTo > newestS) return found;
  const newest = dayOf(settledTo - 1, timezone);
  /** Links whose run may go on in the day before. */
  let open: ReadonlySet<LinkKind> | undefined;
  for (let back = 0; back < mostDays && open?.size !== 0; back += 1) {
    const date = plusDays(newest, -back);
    const kept = minutes.agentDay(county, date, agent);
    if (kept === undefined) break;
    const { links } = decodeMinutes(kept.minutes);
    const start = secondsAt(date, '00:00', timezone);
    const goesOn = new Set<LinkKind>();
    for (const link of open ?? links.keys()) {
      const known = links.get(link) ?? [];
      const last = open === undefined ? Math.floor((settledTo - start) / minuteS) - 1 : known.length - 1;
      const state = found.get(link)?.state ?? stateOf(known[last]);
      if (state === undefined || known[last] !== state) continue;
      let first = last;
      while (first > 0 && known[first - 1] === state) first -= 1;
      found.set(link, { state, since: start + first * minuteS });
      if (first === 0) goesOn.add(link);
    }
    open = goesOn;
  }
  return found;
}

/** Of a minute in which something was known. */
function stateOf(state: MinuteState | undefined): LinkState | undefined {
  return state === 'good' || state === 'degraded' || state === 'down' ? state : undefined;
}
