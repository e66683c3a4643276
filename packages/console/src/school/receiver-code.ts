import type { County, School } from '../api/answers.ts';

/** Stands for the classroom where there are several: in which one the receiver is, only people there know. */
export const roomPlaceholder = '<classroom>';

/** What an admin runs on the hub's machine for a code of a machine beside a receiver of the school; see docs/receivers.md. */
export function receiverCodeCommand({ id: county }: County, { id: school, classrooms }: School): string {
  const [only, second] = classrooms;
  const room = only === undefined || second !== undefined ? roomPlaceholder : only.id;
  return `npx tongtang enrolment code ${county}/${school}/${room} --kind receiver`;
}
