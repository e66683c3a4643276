import type { PlannedLesson } from '@tongtang/model/incident';
import type { SettledAgent, Topology } from '../topology.ts';

/** Monday, 2 March 2026, midnight in Asia/Shanghai. */
export const monday = Date.UTC(2026, 2, 1, 16) / 1000;
const daysOfWeek = [0, 1, 2, 3, 4];
/** Seconds of the day. */
const periods = [8.5, 9.4, 10.35, 11.2, 14.5, 15.35, 16.35, 17.2].map((hour) => hour * 3600);

/**
 * A county with so many rooms in each school, a receiver in each, two providers and two front-end schools.
 * @param rooms by school
 */
export function countyOf(rooms: readonly number[]): Topology {
  const schools = rooms.map((_, index) => ({
    id: `s${index + 1}`,
    provider: index % 3 === 2 ? 'telecom' : 'mobile',
    frontEnd: index % 2 === 0 ? 'seven' : 'yucai',
  }));
  const agents = rooms.flatMap((count, index): SettledAgent[] => {
    const school = `s${index + 1}`;
    const classrooms = Array.from({ length: count }, (_, room) => `c${room + 1}`);
    return [
      ...classrooms.map(
        (classroom): SettledAgent => ({
          id: `${school}-${classroom}`,
          kind: 'classroom',
          school,
          classroom,
        }),
      ),
      { id: `${school}-dish`, kind: 'receiver', school, classroom: 'c1' },
    ];
  });
  const lessons = agents
    .filter(({ kind }) => kind === 'classroom')
    .flatMap(({ school, classroom }) =>
      daysOfWeek.flatMap((day) =>
        periods.map(
          (start): PlannedLesson => ({
            school,
            class: classroom,
            classroom,
            start: monday + day * 86_400 + start,
            end: monday + day * 86_400 + start + 2400,
            links: ['satellite', 'stream'],
          }),
        ),
      ),
    );
  return {
    county: 'qilian',
    timezone: 'Asia/Shanghai',
    schools,
    agents,
    lessons,
    sunOutages: new Map(),
    closeReportS: 10,
    restReportS: 60,
  };
}
