import type { Cause, Finding, IncidentNode, PlannedLesson } from '@tongtang/model/incident';
import type { LinkKind } from '@tongtang/model/link';

/** So far ahead lessons are named while an incident goes on. Seconds. */
const aheadS = 2 * 3600;

/** These concern a machine that goes on showing lessons. */
const harmless: readonly Cause[] = ['disk-full', 'clock-wrong', 'agent-ended'];

/** What does not work where a cause is at a node. */
const broken: Readonly<Record<IncidentNode, readonly LinkKind[]>> = {
  'front-end': ['satellite', 'stream', 'broadband', 'platform'],
  satellite: ['satellite', 'stream'],
  dish: ['satellite', 'stream'],
  receiver: ['satellite', 'stream'],
  stream: ['stream'],
  // Lessons do not go over the hub.
  hub: [],
  broadband: ['broadband', 'platform'],
  school: ['satellite', 'stream', 'broadband', 'platform', 'lan'],
  lan: ['stream', 'broadband', 'platform', 'lan'],
  classroom: ['satellite', 'stream', 'broadband', 'platform', 'lan'],
};

/**
 * The lessons that an incident hits: those on while it lasted, and while it goes on those of the next two hours. A lesson that
 * another link can carry is not hit.
 * @param now hub time in seconds
 */
export function lessonsHit(
  { place, cause, from, to, evidence }: Finding,
  lessons: readonly PlannedLesson[],
  now: number,
): PlannedLesson[] {
  if (harmless.includes(cause)) return [];
  const until = to ?? now + aheadS;
  const schools = new Set(place.school === undefined ? evidence.map(({ school }) => school) : [place.school]);
  const rooms = new Set(evidence.map(({ school, classroom }) => `${school} ${classroom}`));
  const ofRooms = place.node === 'classroom' || place.node === 'lan';
  return lessons.filter(
    ({ school, classroom, start, end, links }) =>
      start < until &&
      end > from &&
      schools.has(school) &&
      (!ofRooms || rooms.has(`${school} ${classroom}`)) &&
      links.length > 0 &&
      needed(links, broken[place.node]),
  );
}

/** A live lesson by satellite needs its stream as well; broadband stands in for both. */
function needed(links: readonly LinkKind[], gone: readonly LinkKind[]): boolean {
  const isGone = (link: LinkKind): boolean => gone.includes(link);
  if (links.includes('broadband') && links.includes('stream')) return isGone('broadband') && isGone('stream');
  return links.some(isGone);
}
