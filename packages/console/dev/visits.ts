import {
  type KindCount,
  type Visit,
  type VisitCounts,
  type VisitKind,
  type Visits,
  visitKinds,
} from '../src/api/answers.ts';
import { county } from './county.ts';

const targets: Readonly<Record<VisitKind, number>> = { first: 1, inspection: 2, research: 3, service: 4 };
const notes: Readonly<Record<VisitKind, string>> = {
  first: '开学首访：检查功放、投影和卫星天线',
  inspection: '督导：课表执行与设备使用',
  research: '双师课堂听课评课',
  service: '例行走访，清理设备灰尘',
};
const schools = county.schools.map(({ id }) => id);
const autumn = { name: '2025 秋季学期', from: '2025-09-01', to: '2026-01-15' };
const spring = { name: '2026 春季学期', from: '2026-03-01', to: '2026-07-15' };

/** A register of a spring term that began nine days ago. */
export function visitsAt(today: string): Visits {
  return { today, mayEnter: visitKinds, visits: schools.flatMap(entriesOf) };
}

export function visitCountsAt(today: string): VisitCounts {
  const perSchool = schools.map((school, at) => ({ school, kinds: kindsOf(school, at) }));
  const term = { of: 'term', name: { zh: spring.name, en: spring.name }, from: '2026-01-16' } as const;
  const name = { zh: '2025–2026 学年', en: 'school year 2025–2026' };
  const year = { of: 'year', name, from: '2025-08-01' } as const;
  return {
    on: today,
    today,
    terms: [autumn, spring],
    spans: visitKinds.map((kind) => {
      const counts = perSchool.map(({ kinds }) => kinds[kind]);
      const sum = (part: keyof KindCount): number => counts.reduce((all, count) => all + count[part], 0);
      return {
        kind,
        ...(kind === 'first' || kind === 'service' ? term : year),
        to: today,
        goesOn: true,
        each: targets[kind],
        ...{ done: sum('done'), target: sum('target'), missing: sum('missing') },
        lacking: counts.filter(({ missing }) => missing > 0).length,
      };
    }),
    schools: perSchool,
  };
}

function entriesOf(school: string, at: number): Visit[] {
  return visitKinds.flatMap((kind, k) =>
    (at + k) % 3 === 0
      ? []
      : [
          {
            id: `v-${school}-${kind}`,
            school,
            kind,
            date: `2026-03-0${1 + ((at + k) % 9)}`,
            note: notes[kind],
            enteredBy: 'li',
            enteredAt: 1_772_000_000,
          },
        ],
  );
}

function kindsOf(school: string, at: number): Readonly<Record<VisitKind, KindCount>> {
  const held = entriesOf(school, at);
  const count = (kind: VisitKind): KindCount => {
    const done = held.filter((visit) => visit.kind === kind).length;
    return { done, target: targets[kind], missing: Math.max(0, targets[kind] - done) };
  };
  return {
    first: count('first'),
    inspection: count('inspection'),
    research: count('research'),
    service: count('service'),
  };
}
