import { expect, it } from 'vitest';
import type { County, School } from '../api/answers.ts';
import { receiverCodeCommand } from './receiver-code.ts';

const named = (id: string) => ({ id, name: { zh: id, en: id } });
const county: County = {
  ...named('qilian'),
  timezone: 'Asia/Shanghai',
  periods: [],
  platforms: [],
  targets: [],
  clusters: [],
  frontEndSchools: [],
  providers: [],
  schools: [],
};
const school = (...rooms: string[]): School => ({
  ...named('arou'),
  classrooms: rooms.map((id) => ({ ...named(id), classes: [], agents: [] })),
  unmeasuredTargets: ['ird'],
});

it('is for the only room of a school, and guesses none where there are several or is none', () => {
  const command = (...rooms: string[]) => receiverCodeCommand(county, school(...rooms));
  expect(command('c1')).toBe('npx tongtang enrolment code qilian/arou/c1 --kind receiver');
  const open = 'npx tongtang enrolment code qilian/arou/<classroom> --kind receiver';
  expect(command('c1', 'machine-room')).toBe(open);
  expect(command()).toBe(open);
});
