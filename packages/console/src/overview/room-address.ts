import type { County, School } from '../api/answers.ts';

/** Where the page of a school is. */
export function schoolAddress(county: County, school: School): string {
  return `/schools/${county.id}/${school.id}`;
}

/** Where the page of a classroom is. */
export function roomAddress(county: County, school: School, classroom: string): string {
  return `/classrooms/${county.id}/${school.id}/${classroom}`;
}
