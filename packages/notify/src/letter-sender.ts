import { sound } from './channel-states.ts';
import type { OpenChannel } from './notify-file.ts';
import { type SenderParts, stateAfter, untilAllowed } from './sender.ts';

/** The report of a month is worth having a week later. Seconds. */
const keptS = 7 * 86_400;

/**
 * Sends the next letter, if the channel is not known to be out of order and its limits allow it. A letter that is refused is given up, all
 * else is tried again with the channel's back-off.
 * @returns when to look again, in seconds since 1970; undefined where none waits
 */
export async function sendNextLetter(
  name: string,
  channel: OpenChannel,
  { store, log, count, nowMs, random }: SenderParts,
): Promise<number | undefined> {
  const nowS = (): number => nowMs() / 1000;
  const now = nowS();
  const next = store.nextLetter();
  if (next === undefined || channel.post === undefined) return undefined;
  const { again, due, ...letter } = next;
  const state = store.channelState(name);
  if (now - due > keptS) {
    store.endLetter(letter.id, 'failed', `too old: ${state.why ?? 'the channel was never reached'}`, now);
    count('failed', 1);
    return now;
  }
  const notBefore = untilAllowed(state, now);
  if (notBefore > now) return notBefore;
  const begun = store.beginDelivery(name, channel.limits, [], now);
  if ('notBefore' in begun) return begun.notBefore;
  store.beginLetter(letter.id, now);
  const text = again ? `${letter.againText}\n\n${letter.text}` : letter.text;
  const outcome = await channel.post({ ...letter, text });
  if (outcome.ok) {
    store.endLetter(letter.id, 'sent', undefined, nowS());
    store.delivered(begun.delivery, nowS());
    if (state.failures > 0 || state.why !== undefined) store.keepChannelState(name, sound);
    count('sent', 1);
    return nowS();
  }
  const { reason, why } = outcome;
  store.notDelivered(begun.delivery, why, 'wait', nowS());
  if (reason === 'refused') {
    store.endLetter(letter.id, 'failed', why, nowS());
    count('failed', 1);
  } else store.letterWaits(letter.id, why, nowS());
  store.keepChannelState(name, stateAfter(outcome, state, nowS(), random()));
  log.warn({ channel: name, reason, why, letter: letter.id }, 'a letter was not taken');
  return nowS();
}
