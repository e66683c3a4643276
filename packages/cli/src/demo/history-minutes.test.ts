import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomesOfDay } from '@tongtang/hub/minutes/outcomes';
import { surroundingsOf } from '@tongtang/hub/minutes/surroundings';
import type { Place } from '@tongtang/model/catalogue';
import { createLog } from '@tongtang/runtime/log';
import { qilian } from '@tongtang/simulator/county/qilian';
import { SimulatedCounty } from '@tongtang/simulator/county/simulated-county';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { describe, expect, it } from 'vitest';
import { writeHistory } from './history.ts';

const date = '2026-11-25';
const at = (clock: string): number => Date.parse(`${date}T${clock}+08:00`) / 1000;

/** One school of the county, so that it does not take long. */
function smallCounty(): SimulatedCounty {
  const inventory = qilian();
  const faults = [
    { kind: 'fibre-cut', place: { kind: 'school', id: 'babao' }, begin: at('09:20:00'), end: at('11:00:00') },
  ] as const;
  const one = { ...inventory, schools: inventory.schools.filter(({ id }) => id === 'babao') };
  return new SimulatedCounty({ inventory: one, seed: 1, script: { faults } });
}

describe('the history of a demonstration', () => {
  it('has its minutes settled, so that it is known what became of lessons whose samples are gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongtang-history-'));
    const county = smallCounty();
    const places = new Map(
      county.machines.map(({ name, school, classroom }): [string, Place] => [
        name,
        { county: 'qilian', school: school.id, classroom, agent: name.replace('/', '-') },
      ]),
    );
    const demo = { county, places, enrolled: new Map(), toldTo: at('00:00:00') };
    const steps: number[] = [];
    await writeHistory(folder, demo, at('00:00:00') + 36 * 3600, (share) => steps.push(share));
    expect(steps.at(-1)).toBe(1);
    const minutes = openMinutes(join(folder, 'hub', 'minutes.db'), createLog('error'));
    const parts = {
      minutes,
      surroundings: surroundingsOf(
        () => [],
        () => [],
        () => 0,
      ),
      log: createLog('error'),
    };
    const [school] = outcomesOfDay(parts, { inventory: county.inventory }, date);
    minutes.close();
    expect(school?.lessons.map(({ period, state }) => `${period} ${state}`)).toEqual([
      '1 delivered',
      '2 lost',
      '3 lost',
      '4 delivered',
      '5 delivered',
      '6 delivered',
      '7 delivered',
      '8 delivered',
    ]);
    expect(school?.lessons[1]?.minutes).toMatchObject({ down: 40 });
  });
});
