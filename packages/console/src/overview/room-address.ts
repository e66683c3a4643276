import type { County, School } from '../api/answers.ts';

/** Where the page of a classroom is. */
export function roomAddress(county: County, school: School, classroom: string): string {
  return `/classrooms/${county.id}/${school.id}/${classroom}`;
}
