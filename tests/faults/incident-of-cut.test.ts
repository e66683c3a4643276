import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClassroomNetwork } from '../services/classroom-network.ts';
import { type CuttableSchools, openIncidentOf, startCuttableSchools } from '../services/cut-school.ts';
import { eventually } from '../services/eventually.ts';
import { incidentsIn } from '../services/taught-county.ts';

/** From a line that is really cut to what people are told: real agents in network namespaces, a lesson on. */

const obstacle = ClassroomNetwork.obstacle();
const skipped = obstacle !== undefined && process.env.CI === undefined;
if (skipped) process.stderr.write(`incident-of-cut.test.ts is skipped: ${obstacle}\n`);

/** How fast it is, says the benchmark: here other tests run beside. */
const patienceMs = 180_000;

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

describe.skipIf(skipped)('the line of a school that is cut', () => {
  let schools: CuttableSchools;
  beforeAll(async () => {
    schools = await startCuttableSchools({ here: 2, there: 1 }, (step) => cleanUp.push(step));
  }, 200_000);
  const notices = () => schools.listener.told.flatMap((told) => told.notices);

  it('is an incident of that school, told once, and its cause is known when it is mended', async ({
    onTestFailed,
  }) => {
    onTestFailed(() => {
      const { hub, data } = schools;
      process.stderr.write(`--- hub\n${hub.process().output()}--- ${JSON.stringify(incidentsIn(data))}\n`);
    });
    // Both classrooms have measured for a while, as in lessons.
    await eventually(
      'measured',
      async () => {
        const measured = await schools.hub.get(
          '/api/v1/series?measurement=stamp&field=ok&from=-10m&school=here',
        );
        return JSON.stringify(measured).split('true').length > 12 ? true : undefined;
      },
      patienceMs,
    );
    const cutAt = Date.now() / 1000;
    schools.cut('here');
    const open = await eventually('open', () => openIncidentOf(schools.data, 'here'), patienceMs);
    expect(open.place).toMatchObject({ node: 'broadband', school: 'here' });
    expect(open.severity).toBe('critical');
    expect(Math.abs(open.from - cutAt)).toBeLessThan(30);
    await eventually('told', () => notices()[0], patienceMs);

    // So long that its own measurements leave no doubt.
    await eventually('lasted', () => (Date.now() / 1000 > cutAt + 75 ? true : undefined), patienceMs);
    schools.mend('here');
    const over = await eventually(
      'over, with its cause',
      () =>
        incidentsIn(schools.data).find(
          ({ id, to, cause }) => id === open.id && to !== undefined && cause === 'line-cut',
        ),
      patienceMs,
    );
    expect(over).toMatchObject({ confidence: 'high', place: { node: 'broadband', school: 'here' } });
    await eventually('told that it is over', () => notices()[1], patienceMs);
    expect(notices().map(({ kind, incident }) => ({ kind, incident }))).toEqual([
      { kind: 'opened', incident: open.id },
      { kind: 'resolved', incident: open.id },
    ]);
    expect(incidentsIn(schools.data).filter(({ place }) => place.school === 'there')).toEqual([]);
  }, 600_000);
});
