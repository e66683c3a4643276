import { dayOf, plusDays, weekdayOf } from '@tongtang/lessons/plain-date';
import type { Inventory } from '@tongtang/model/inventory';
import type { PlainDate, Timetable } from '@tongtang/model/timetable';
import type { VisitEntry, VisitKind } from '@tongtang/model/visit';

/** What is done at a school in a term, so many days after it began. */
type Plan = readonly (readonly [kind: VisitKind, day: number, note: string])[];

const plan: Plan = [
  ['first', 2, '开学首访：检查功放、投影和卫星天线'],
  ['research', 16, '远程直播课集体备课'],
  ['service', 23, '例行走访，清理设备灰尘'],
  ['inspection', 37, '督导：课表执行与设备使用'],
  ['service', 51, '例行走访，更换遥控器电池'],
  ['research', 65, '双师课堂听课评课'],
  ['service', 79, '例行走访，升级接收软件'],
  ['service', 107, '期末走访，备份录播课'],
];

/**
 * A register for a simulated county: what its people would have done in the terms up to now, school by school some days apart; some
 * schools are behind, so that the page and the report have something to say.
 * @param shownAtS seconds since 1970
 */
export function demoVisits(
  { county, schools }: Inventory,
  { terms }: Timetable,
  shownAtS: number,
): VisitEntry[] {
  const today = dayOf(shownAtS, county.timezone);
  const begun = terms.filter(({ from }) => from <= today && from >= plusDays(today, -400));
  return begun.flatMap(({ from, to }) =>
    schools.flatMap(({ id: school }, at) =>
      plan.flatMap(([kind, day, note], n): VisitEntry[] => {
        const date = weekdayFrom(plusDays(from, day + (at % 7)));
        // Every second school lacks some.
        const isLeftOut = (at + n) % 5 === 4 && at % 2 === 0;
        return date > today || date > to || isLeftOut ? [] : [{ school, date, kind, note }];
      }),
    ),
  );
}

/** That day, or the Monday after it. */
function weekdayFrom(date: PlainDate): PlainDate {
  const weekday = weekdayOf(date);
  return weekday > 5 ? plusDays(date, 8 - weekday) : date;
}
