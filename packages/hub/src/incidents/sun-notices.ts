import { dayOf } from '@tongtang/lessons/plain-date';
import type { PlannedLesson } from '@tongtang/model/incident';
import type { Inventory } from '@tongtang/model/inventory';
import type { Notice } from '@tongtang/model/notice';
import type { PlainDate } from '@tongtang/model/timetable';
import { lessonHit } from './notices.ts';
import type { SettledCounty } from './settled-county.ts';

type Span = Readonly<{ begin: number; end: number }>;

const dayS = 86_400;
const aheadS = { season: 7 * dayS, day: dayS } as const;
/** Incidents have ids of 32 characters at most. */
const mostOfCounty = 17;

/**
 * What a county is told of sun outages (日凌) ahead: once a week before the season, and once a day before each of its days on which
 * a lesson is hit. The same notice whenever it is asked for, so that it is told once.
 * @param outages of one season, by school
 * @param now hub time in seconds
 */
export function sunNotices(
  { inventory, book }: Pick<SettledCounty, 'inventory' | 'book'>,
  outages: ReadonlyMap<string, readonly Span[]>,
  now: number,
): Notice[] {
  const { timezone } = inventory.county;
  const all = [...outages].flatMap(([school, spans]) => spans.map((span) => ({ ...span, school })));
  const days = [...Map.groupBy(all, ({ begin }) => dayOf(begin, timezone))]
    .map(([date, spans]) => ({ date, spans, ...spanOf(spans) }))
    .sort((a, b) => a.begin - b.begin);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const notices: Notice[] = [];
  const isComing = (begin: number, withinS: number): boolean => now < begin && begin - now <= withinS;
  if (isComing(first.begin, aheadS.season) && !isComing(first.begin, aheadS.day)) {
    const clock = `${timeOf(first.begin, timezone)}–${timeOf(first.end, timezone)}`;
    const what = {
      zh: `日凌季 ${first.date} 至 ${last.date}，首日 ${clock}，天网每天短时中断`,
      en: `sun outages ${first.date} to ${last.date}, on the first day ${clock}: the satellite link fails for minutes each day`,
    };
    notices.push(noticeOf(inventory, 'season', first, what, [], now));
  }
  for (const day of days) {
    if (!isComing(day.begin, aheadS.day)) continue;
    const lessons = day.spans.flatMap(({ school, begin, end }) =>
      book.between(school, begin, end).filter(({ links }) => links.includes('satellite')),
    );
    if (lessons.length === 0) continue;
    const clock = `${timeOf(day.begin, timezone)}–${timeOf(day.end, timezone)}`;
    const what = {
      zh: `${day.date} 日凌 ${clock}，天网将短时中断`,
      en: `sun outage on ${day.date}, ${clock}: the satellite link will fail for minutes`,
    };
    notices.push(noticeOf(inventory, 'day', day, what, lessons, now));
  }
  return notices;
}

function noticeOf(
  inventory: Inventory,
  kind: 'season' | 'day',
  { date, begin }: Readonly<{ date: PlainDate; begin: number }>,
  what: Notice['what'],
  lessons: readonly PlannedLesson[],
  now: number,
): Notice {
  const { county } = inventory;
  // A lesson that two outages touch is one.
  const unique = [...new Map(lessons.map((lesson) => [JSON.stringify(lesson), lesson])).values()];
  const place = county.id.slice(0, mostOfCounty).replace(/-+$/, '');
  return {
    incident: `sun-${place}-${date.replaceAll('-', '')}${kind === 'season' ? 's' : ''}`,
    step: 1,
    kind: 'opened',
    about: 'forecast',
    severity: 'info',
    county: { ...county },
    what,
    cause: { zh: '太阳位于卫星背后，可以预知', en: 'the Sun is behind the satellite: it is foreseen' },
    checks: [
      {
        zh: '受影响的课改走地网或顺延',
        en: 'let lessons that it hits use broadband, or move them',
      },
    ],
    lessons: unique.map((lesson) => lessonHit(lesson, inventory)),
    since: begin,
    at: now,
    evidence: 'heard',
    page: '/',
  };
}

function spanOf(spans: readonly Span[]): Span {
  return {
    begin: Math.min(...spans.map(({ begin }) => begin)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
}

/** `13:21` */
function timeOf(seconds: number, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' }).format(
    seconds * 1000,
  );
}
