import type { IncidentEvent } from '@tongtang/model/incident';
import type { Notice } from '@tongtang/model/notice';
import type { IncidentRecord, Telling } from '@tongtang/store/incidents/incident-store';
import { joinedInto } from './notices.ts';
import { isGraver } from './severity.ts';

/** What was bad enough to be told so long before it was found, came late. Seconds. */
const lateS = 180;
/** What was found late and is not over after so long is of the present all the same. Seconds. */
const stillOnS = 300;
/** What goes and comes back all the time is over when it has stayed away so long. Seconds. */
const steadyS = 600;
/** What takes no lesson now is told when it has lasted so long: nobody need know of a blip at noon. Seconds. */
const patienceS = 60;
/** What is over and back within ten minutes is told again when it has lasted so long, or comes and goes all the time. Seconds. */
const againS = 60;
/** A place or cause counts when it has been so for so long: of many machines that come back, one is the first. Seconds. */
const sameS = 60;
/** A place or cause that is found anew so soon after a message waits: the next word of the same may come. Seconds. */
const settleS = 120;

/** What is to be said, and the measurement time of what it is about. */
export type Saying = Readonly<{ kind: Notice['kind']; at: number }>;

/**
 * What people are to be told of an incident now, if anything. Each step follows from what was told before, which is kept: so a
 * restart tells nothing again. Not told is what was over when it was found, what came late and is over soon, what somebody
 * has closed, and that the hub was away itself: then it is back.
 * @param now hub time in seconds
 */
export function sayingOf(record: IncidentRecord, now: number): Saying | undefined {
  const { state, to, openedAt, flapping, severity, row, telling } = record;
  const { told, foundAt } = telling;
  if (state === 'closed') return undefined;
  if (state === 'joined') return sayingOfJoined(record, now);
  const isOver = to !== undefined || state === 'withdrawn';
  if (told === undefined || told.kind === 'resolved') {
    if (isOver || row === 'hub-was-away') return undefined;
    if (told !== undefined)
      return flapping || now - lastOf(record, 'reopened', told.at) >= againS
        ? { kind: 'opened', at: now }
        : undefined;
    if (severity !== 'critical' && now - openedAt < patienceS) return undefined;
    if (foundAt - openedAt <= lateS) return { kind: 'opened', at: openedAt };
    return now - foundAt >= stillOnS ? { kind: 'opened', at: now } : undefined;
  }
  if (isOver) {
    const ended = to ?? now;
    return flapping && state !== 'withdrawn' && now - ended < steadyS
      ? undefined
      : { kind: 'resolved', at: ended };
  }
  if (isGraver(severity, told.severity)) return { kind: 'updated', at: now };
  const isOther = told.place !== placeKey(record) || told.cause !== record.cause;
  const isSettled = now - told.at >= settleS && now - lastOf(record, 'found', told.at) >= sameS;
  return isOther && isSettled ? { kind: 'updated', at: now } : undefined;
}

/** When something happened to an incident last. */
function lastOf({ history }: IncidentRecord, what: IncidentEvent['what'], otherwise: number): number {
  return history.findLast((event) => event.what === what)?.time ?? otherwise;
}

/** Who heard of it has to know where it goes on; it is not over. */
function sayingOfJoined(record: IncidentRecord, now: number): Saying | undefined {
  const { told } = record.telling;
  const isOpen = told !== undefined && told.kind !== 'resolved';
  return isOpen && told.place !== placeKey(record) ? { kind: 'updated', at: now } : undefined;
}

/** What is kept of it when it has been said. */
export function toldOf(record: IncidentRecord, { kind }: Saying, now: number): Telling {
  const { severity, cause, telling } = record;
  return {
    ...telling,
    step: telling.step + 1,
    told: { kind, at: now, severity, place: placeKey(record), cause },
  };
}

function placeKey(record: IncidentRecord): string {
  const { node, school, classroom, provider } = record.place;
  const into = joinedInto(record);
  if (into !== undefined) return `in ${into}`;
  return [node, school, classroom, provider].join('/');
}
