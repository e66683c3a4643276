import type { Role } from './api/answers.ts';

/** Each part of the console with where it begins, and with the addresses that belong to it. */
export const parts = {
  overview: ['/', '/schools', '/classrooms'],
  incidents: ['/incidents'],
  lessons: ['/lessons', '/timetable'],
  maintenance: ['/maintenance'],
  visits: ['/visits'],
  reports: ['/reports'],
} as const;
export type Part = keyof typeof parts;

/** What a role has to do with. */
export const partsOf: Readonly<Record<Role, readonly Part[]>> = {
  admin: ['overview', 'incidents', 'lessons', 'maintenance', 'visits', 'reports'],
  technician: ['overview', 'incidents', 'lessons', 'maintenance', 'visits', 'reports'],
  bureau: ['reports', 'visits'],
};

/** Whether an address, without what follows `?`, belongs to a part. */
export function isWithin(path: string, part: Part): boolean {
  return parts[part].some(
    (address) => path === address || (address !== '/' && path.startsWith(`${address}/`)),
  );
}

/** Whether there is such an address, and it is nothing for this role. */
export function isForOthers(path: string, role: Role): boolean {
  return partsOf.admin.some((part) => !partsOf[role].includes(part) && isWithin(path, part));
}
