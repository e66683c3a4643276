import type { County, IncidentSummary, LessonHit, Named, Places } from '../api/answers.ts';
import { formatClock } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';

type Placed = Pick<IncidentSummary, 'place' | 'where' | 'why' | 'schools'>;

/** Where the page of an incident is. */
export function incidentAddress({ id }: Pick<IncidentSummary, 'id'>): string {
  return `/incidents/${encodeURIComponent(id)}`;
}

export function countyOf(places: Places, { place }: Pick<IncidentSummary, 'place'>): County | undefined {
  return places.counties.find(({ id }) => id === place.county);
}

/** School and classroom by name; of one that is wider the county, in how many schools it shows, and whose lines these are. */
export function placeText(incident: Placed, places: Places): string {
  const { place, schools } = incident;
  const county = countyOf(places, incident);
  if (place.school === undefined) {
    const name = county === undefined ? place.county : inLanguage(county.name);
    const wide = words.value.incidents.wide(name, schools.length);
    return place.provider === undefined ? wide : `${wide} · ${nameIn(county?.providers, place.provider)}`;
  }
  const parts = [schoolName(county, place.school)];
  if (place.classroom !== undefined) parts.push(roomName(county, place.school, place.classroom));
  return parts.join(' · ');
}

/** Where and what, in one line. */
export function headline(incident: Placed, places: Places): string {
  const { where, why } = incident;
  return words.value.incidents.headline(placeText(incident, places), inLanguage(where), inLanguage(why));
}

export function schoolName(county: County | undefined, school: string): string {
  return nameIn(county?.schools, school);
}

/** What is called by its id where nobody has named it. */
export function nameIn(named: readonly Named[] | undefined, id: string): string {
  const found = named?.find((one) => one.id === id);
  return found === undefined ? id : inLanguage(found.name);
}

export function roomName(county: County | undefined, school: string, classroom: string): string {
  const room = county?.schools.find(({ id }) => id === school)?.classrooms.find(({ id }) => id === classroom);
  return room === undefined ? classroom : inLanguage(room.name);
}

/** `10:20 三（2）班 数学`; with the school where that is not said beside it. */
export function lessonText(lesson: LessonHit, county: County | undefined, withSchool: boolean): string {
  const classes = county?.schools
    .find(({ id }) => id === lesson.school)
    ?.classrooms.flatMap((room) => room.classes);
  const named = classes?.find(({ id }) => id === lesson.class);
  return [
    formatClock(lesson.start, county?.timezone ?? 'UTC', locale.value, false),
    ...(withSchool ? [schoolName(county, lesson.school)] : []),
    named === undefined ? lesson.class : inLanguage(named.name),
    ...(lesson.subject === undefined ? [] : [lesson.subject]),
  ].join(' ');
}
