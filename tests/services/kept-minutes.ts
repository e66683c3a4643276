import { incidentsIn } from '@tongtang/hub/incidents/incidents-file';
import { minutesIn } from '@tongtang/hub/minutes/minutes-file';
import type { MinuteState } from '@tongtang/lessons/delivery/minute-state';
import { encodeMinutes } from '@tongtang/lessons/delivery/runs';
import { secondsAt } from '@tongtang/lessons/plain-date';
import type { Inventory, School } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { PlainDate } from '@tongtang/model/timetable';
import { createLog } from '@tongtang/runtime/log';
import { openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { type DaySeat, openMinutes } from '@tongtang/store/minutes/minutes';

/** A line that is cut, by the county's clock. */
export type Cut = Readonly<{ school: string; date: PlainDate; from: string; to: string }>;

/** Each school's line is cut on one day in five, at another time each. */
export function cutsIn({ schools }: Inventory, dates: readonly PlainDate[]): Cut[] {
  return dates.flatMap((date, day) =>
    schools.flatMap(({ id }, school): Cut[] => {
      if ((day + school) % 5 > 0) return [];
      const hour = String(8 + ((day * 7 + school) % 9)).padStart(2, '0');
      return [{ school: id, date, from: `${hour}:10`, to: `${hour}:25` }];
    }),
  );
}

/**
 * Keeps what a hub would have kept of some days: PCs are on from 8 to 18, all is well but for what was cut, and each cut is an
 * incident. Minutes are known up to the end of the last day.
 * @param data the folder of a hub that does not run
 */
export function keepDays(
  data: string,
  { county, schools }: Inventory,
  dates: readonly PlainDate[],
  cuts: readonly Cut[],
): void {
  const log = createLog('error');
  const [minutes, incidents] = [openMinutes(minutesIn(data), log), openIncidentStore(incidentsIn(data), log)];
  try {
    const cutOf = new Map(cuts.map((cut) => [`${cut.school} ${cut.date}`, cut]));
    for (const date of dates)
      for (const school of schools) {
        const cut = cutOf.get(`${school.id} ${date}`);
        for (const seat of seatsIn(school))
          minutes.keep(county.id, date, seat, encodeMinutes(dayOf(seat, cut)));
      }
    const settled = secondsAt(dates.at(-1) ?? '', '00:00', county.timezone) + 86_400;
    minutes.settled(county.id, settled);
    // A hub that had not concluded them itself would look for what they are made of, and withdraw them.
    incidents.keepProgress(county.id, { aways: [], cut: settled, unsavedFrom: settled });
    const records = cuts.map(({ school, date, from, to }, index) => ({
      id: `cut-${index}`,
      state: 'resolved' as const,
      place: { node: 'broadband' as const, county: county.id, school },
      cause: 'line-cut' as const,
      confidence: 'high' as const,
      row: 'line-cut',
      from: secondsAt(date, from, county.timezone),
      openedAt: secondsAt(date, from, county.timezone),
      to: secondsAt(date, to, county.timezone),
      flapping: false,
      evidence: [],
      history: [],
      severity: 'warning' as const,
      lessons: [],
      telling: { foundAt: 0, step: 0 },
    }));
    incidents.enter(records, []);
  } finally {
    incidents.close();
    minutes.close();
  }
}

/** A PC in each classroom, and a receiver. */
function seatsIn({ id, classrooms }: School): DaySeat[] {
  return [
    ...classrooms.map((room) => ({
      agent: `${id}-${room.id}`,
      kind: 'classroom' as const,
      school: id,
      classroom: room.id,
    })),
    { agent: `${id}-dish`, kind: 'receiver', school: id, classroom: classrooms[0]?.id ?? 'c1' },
  ];
}

function dayOf({ kind }: DaySeat, cut: Cut | undefined) {
  const day = (...parts: readonly (readonly [from: string, to: string, state: MinuteState])[]) => {
    const minutes: MinuteState[] = Array.from({ length: 1440 }, () => 'good');
    for (const [from, to, state] of parts) minutes.fill(state, minuteAt(from), minuteAt(to));
    return minutes;
  };
  const night = (state: MinuteState) => [
    ['00:00', '08:00', state] as const,
    ['18:00', '24:00', state] as const,
  ];
  if (kind === 'receiver')
    return {
      machine: day(),
      links: new Map<LinkKind, MinuteState[]>([
        ['satellite', day()],
        ['stream', day()],
      ]),
    };
  const line = day(...night('unknown'), ...(cut ? [[cut.from, cut.to, 'down'] as const] : []));
  return {
    machine: day(...night('off')),
    links: new Map<LinkKind, MinuteState[]>([
      ['lan', day(...night('unknown'))],
      ['broadband', line],
      ['platform', line],
    ]),
  };
}

function minuteAt(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
