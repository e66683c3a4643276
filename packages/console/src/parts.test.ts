import { describe, expect, it } from 'vitest';
import { isForOthers, isWithin } from './parts.ts';

const operational = [
  '/',
  '/schools/qilian/hb3z',
  '/classrooms/qilian/hb3z/c1',
  '/incidents',
  '/incidents/x',
  '/lessons',
  '/timetable',
  '/maintenance',
];

describe('the parts of the console', () => {
  it.each(operational)('the bureau has nothing to do with %s', (path) => {
    expect(isForOthers(path, 'bureau')).toBe(true);
    expect(isForOthers(path, 'technician')).toBe(false);
    expect(isForOthers(path, 'admin')).toBe(false);
  });

  it('reports are for everybody, and what is nowhere is for nobody', () => {
    for (const path of ['/reports', '/reports/r-1', '/reports/schedule', '/nowhere', '/incidentsx'])
      expect(isForOthers(path, 'bureau')).toBe(false);
  });

  it('an address belongs to the part that it is under', () => {
    expect(isWithin('/incidents/x', 'incidents')).toBe(true);
    expect(isWithin('/classrooms/a/b/c', 'overview')).toBe(true);
    expect(isWithin('/incidents', 'overview')).toBe(false);
    expect(isWithin('/incidentsx', 'incidents')).toBe(false);
  });
});
