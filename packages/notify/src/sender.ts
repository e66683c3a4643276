import type { Log } from '@tongtang/runtime/log';
import type { Called } from './channel.ts';
import { type ChannelState, sound, stateOnceTaken } from './channel-states.ts';
import { composeNext } from './compose.ts';
import { wallTime } from './day-time.ts';
import { type Fold, foldByIncident } from './fold.ts';
import type { MessageStore } from './message-store.ts';
import { calledFor, type NotifySettings, type OpenChannel } from './notify-file.ts';
import type { Failure } from './outcome.ts';
import type { RateLimit } from './rate.ts';
import { onDuty } from './roster.ts';

/** What is counted: messages that were taken, given up, or went as one of several in a digest. */
export type Count = (outcome: 'sent' | 'failed' | 'merged', messages: number) => void;

export type SenderParts = Readonly<{
  settings: NotifySettings;
  store: MessageStore;
  count: Count;
  log: Log;
  /** Milliseconds since 1970. */
  nowMs: () => number;
  /** Numbers from 0 to 1. */
  random: () => number;
}>;

/** Nobody reads faster than this, and what waits meanwhile comes in a digest: fifteen a minute at most, five at once. */
export const readable: RateLimit = { sends: 5, withinS: 20 };

/** Seconds between the tries of a channel that cannot be reached, or is too busy; the last one goes on. */
const retryAfterS = [60, 120, 300] as const;
/** A day after it could have gone, nobody wants to know any more. */
const keptS = 86_400;
/** The command line may have mended a channel meanwhile. */
const lookAgainS = 60;

/**
 * Sends the next message of a channel, if one is due and the channel allows it. All that waits for the channel goes by one queue, so
 * that after an outage there is one message to send and not hundreds.
 * @returns when to look again, in seconds since 1970; undefined where nothing waits
 */
export async function sendNext(
  name: string,
  channel: OpenChannel,
  parts: SenderParts,
): Promise<number | undefined> {
  const { store, settings, count } = parts;
  const nowS = (): number => parts.nowMs() / 1000;
  const now = nowS();
  count('failed', store.giveUp(now - keptS, now));
  const state = store.channelState(name);
  const nextDue = store.nextDue(name);
  if (nextDue === undefined) return undefined;
  const notBefore = Math.max(nextDue, untilAllowed(state, now));
  if (notBefore > now) return notBefore;

  const [first, ...others] = foldByIncident(store.due(name, now));
  if (first === undefined) return store.nextDue(name);
  const { message, spoken } = composeNext([first, ...others], {
    language: channel.language,
    now,
    textBytes: channel.textBytes,
    console: settings.console,
    callFor: peopleFor([first, ...others], settings, now),
  });
  const messages = spoken.flatMap(({ waiting }) => waiting.map(({ id }) => id));
  const begun = store.beginDelivery(name, [readable, ...channel.limits], messages, now);
  if ('notBefore' in begun) return begun.notBefore;
  const outcome = await channel.send(message, parts.nowMs());
  if (outcome.ok) {
    store.delivered(begun.delivery, nowS());
    const { note } = outcome;
    if (state.failures > 0 || state.why !== note) store.keepChannelState(name, stateOnceTaken(outcome));
    if (note !== undefined)
      parts.log.warn(
        { channel: name, note, messages: messages.length },
        'a message was not taken for everybody',
      );
    count('sent', messages.length);
    if (messages.length > 1) count('merged', messages.length);
    return nowS();
  }
  const { reason, why } = outcome;
  const then = reason !== 'refused' ? 'wait' : spoken.length > 1 ? 'go alone' : 'give up';
  const given = store.notDelivered(begun.delivery, why, then, nowS());
  count('failed', given);
  store.keepChannelState(name, stateAfter(outcome, state, nowS(), parts.random()));
  parts.log.warn({ channel: name, reason, why, messages: messages.length }, 'a message was not taken');
  return nowS();
}

/** Before when nothing may be tried: it is broken, or it was tried just now. In seconds since 1970. */
export function untilAllowed({ brokenSince, againAt }: ChannelState, now: number): number {
  if (brokenSince !== undefined) return now + lookAgainS;
  // Further off than any wait is: the clock was set back.
  return againAt > now + 2 * (retryAfterS.at(-1) ?? 0) ? now : againAt;
}

/**
 * How a channel stands after a failed send.
 * @param random from 0 to 1: each wait is up to a fifth longer, so that not all come back in the same second
 */
export function stateAfter(
  { reason, why }: Failure,
  before: ChannelState,
  now: number,
  random: number,
): ChannelState {
  if (reason === 'broken') return { failures: before.failures + 1, againAt: now, brokenSince: now, why };
  // The channel itself answers.
  if (reason === 'refused') return { ...sound, why };
  const waitS = retryAfterS[Math.min(before.failures, retryAfterS.length - 1)] ?? 0;
  return { failures: before.failures + 1, againAt: now + waitS * (1 + random / 5), why };
}

/** Who is on duty by the rosters of the routes that led here. */
function peopleFor(folds: readonly Fold[], settings: NotifySettings, now: number): Called[] {
  const keys = folds.flatMap(({ notice, waiting }) => {
    const routes = settings.routes.filter(({ name }) => waiting.some(({ route }) => route === name));
    return routes.flatMap(({ roster }) => {
      const duty = roster === undefined ? undefined : settings.rosters[roster];
      return duty === undefined ? [] : onDuty(duty, wallTime(now, notice.county.timezone));
    });
  });
  return calledFor(settings, [...new Set(keys)]);
}
