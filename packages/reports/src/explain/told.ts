import type { MinuteState } from '@tongtang/lessons/delivery/minute-state';
import type { Reason, Run } from '@tongtang/lessons/delivery/trace';
import { clockOf, dayOf } from '@tongtang/lessons/plain-date';
import { changeWords, modeWords } from '@tongtang/lessons/words';
import { causeTitles } from '@tongtang/model/incident';
import { linkTitles } from '@tongtang/model/link';
import type { Language, Text } from '@tongtang/model/text';
import type { Figure } from '../figures.ts';
import type { Report } from '../report.ts';
import { type NumberCell, percentCell, printed } from '../table.ts';
import { outcomeTitles } from '../words.ts';
import type { Adds, Evidence } from './evidence.ts';
import { howOf } from './how.ts';

const stateTitles: Readonly<Record<MinuteState, Text>> = {
  unknown: { zh: '未知', en: 'unknown' },
  good: { zh: '良好', en: 'good' },
  degraded: { zh: '劣化', en: 'degraded' },
  down: { zh: '中断', en: 'down' },
  off: { zh: '关机', en: 'off' },
  asleep: { zh: '休眠', en: 'asleep' },
  excluded: { zh: '除外', en: 'excluded' },
};

const reasonTitles: Readonly<Record<Reason, Text>> = {
  ...linkTitles,
  pc: { zh: '教室电脑', en: 'classroom PC' },
  files: { zh: '录播文件', en: 'lesson files' },
  work: { zh: '事先通知的维护', en: 'announced work' },
};

const words = {
  period: { zh: '第 {} 节', en: 'period {}' },
  minutes: { zh: '{} 分钟', en: '{} min' },
  took: { zh: '损失课时 {} 分钟', en: 'took {} lesson minutes' },
  adds: { zh: '计入', en: 'adds' },
  total: { zh: '合计', en: 'In all' },
  known: { zh: '可用率', en: 'availability' },
  coverage: { zh: '覆盖率', en: 'coverage' },
  agent: { zh: '代理', en: 'agent' },
  noAgent: { zh: '没有代理的数据', en: 'nothing of any agent' },
  setting: { zh: '设定', en: 'set' },
  ongoing: { zh: '仍在继续', en: 'goes on' },
} as const satisfies Readonly<Record<string, Text>>;

/** A number as the report prints it, and the two whole numbers of a ratio. */
export function valueTold(value: NumberCell): string {
  const number = printed(value) ?? '–';
  return value.kind === 'ratio' ? `${number} (${value.share.part}/${value.share.of})` : number;
}

/** What stands above the evidence of a figure. */
export function headTold({ reference, title, value }: Figure, language: Language): string[] {
  return [reference, `${title[language]} = ${valueTold(value)}`, howOf(reference)[language]];
}

/** What all pieces added; nothing where the figure is made of others. */
export function totalTold(total: Adds, language: Language): string[] {
  if (total.part === 0 && total.of === 0) return [];
  return [`${words.total[language]}: ${addsTold(total)}`];
}

function addsTold({ part, of }: Adds): string {
  return of === 0 ? String(part) : `${part}/${of}`;
}

/** Tells evidence of a report to people: a line, and beneath it one for each run of its minutes. */
export class Teller {
  readonly #language: Language;
  readonly #timezone: string;
  readonly #schools: ReadonlyMap<string, Text>;
  readonly #classes: ReadonlyMap<string, Text>;

  constructor({ county, schools, classes }: Report, language: Language) {
    this.#language = language;
    this.#timezone = county.timezone;
    this.#schools = new Map(schools.map(({ school, name }) => [school, name]));
    this.#classes = new Map(classes.map((row) => [`${row.school} ${row.class}`, row.name]));
  }

  line(evidence: Evidence): string {
    const { adds } = evidence;
    const isCounted = adds.part !== 0 || adds.of !== 0;
    return [...this.#parts(evidence), ...(isCounted ? [`${this.#word('adds')} ${addsTold(adds)}`] : [])].join(
      '  ',
    );
  }

  /** Such as `08:30–08:50  down  20 min  line cut (q7x2)  [broadband]`. */
  run({ from, to, state, why, cause, incident }: Run): string {
    const reasons = why.map((reason) => reasonTitles[reason][this.#language]);
    return [
      `${this.#clock(from)}–${this.#end(to)}`,
      stateTitles[state][this.#language],
      this.#word('minutes').replace('{}', String((to - from) / 60)),
      ...(reasons.length === 0 ? [] : [`[${reasons.join(', ')}]`]),
      ...(cause === undefined ? [] : [causeTitles[cause][this.#language]]),
      ...(incident === undefined ? [] : [incident]),
    ].join('  ');
  }

  #parts(evidence: Evidence): string[] {
    const language = this.#language;
    switch (evidence.kind) {
      case 'lesson': {
        const {
          school,
          class: of,
          date,
          period,
          start,
          end,
          mode,
          state,
          cancelled,
          subject,
        } = evidence.lesson;
        return [
          date,
          `${this.#clock(start)}–${this.#clock(end)}`,
          this.#word('period').replace('{}', String(period)),
          this.#classes.get(`${school} ${of}`)?.[language] ?? `${school} ${of}`,
          ...(subject === undefined ? [] : [subject]),
          modeWords[mode][language],
          cancelled ? changeWords.cancelled[language] : outcomeTitles[state][language],
        ];
      }
      case 'link':
        return [evidence.date, this.#school(evidence.school), linkTitles[evidence.link][language]];
      case 'incident': {
        const { id, from, to, cause, lostMinutes } = evidence.incident;
        const until = to === undefined ? this.#word('ongoing') : this.#moment(to);
        return [
          `${this.#moment(from)} – ${until}`,
          id,
          causeTitles[cause][language],
          this.#word('took').replace('{}', String(lostMinutes)),
        ];
      }
      case 'place':
        return [
          evidence.name[language],
          `${this.#word('known')} ${valueTold(percentCell(evidence.availability))} %`,
          `${this.#word('coverage')} ${valueTold(percentCell(evidence.coverage))} %`,
        ];
      case 'day':
        return [
          evidence.date,
          evidence.agents.length === 0 ? this.#word('noAgent') : evidence.agents.join(', '),
        ];
      case 'agent':
        return [`${this.#word('agent')} ${evidence.agent}`];
      case 'figure':
        return [
          evidence.figure.reference,
          `${evidence.figure.title[language]} = ${valueTold(evidence.figure.value)}`,
        ];
      case 'setting':
        return [`${this.#word('setting')} ${valueTold(percentCell(evidence.value))} %`];
    }
  }

  #word(word: keyof typeof words): string {
    return words[word][this.#language];
  }

  #school(id: string): string {
    return this.#schools.get(id)?.[this.#language] ?? id;
  }

  #clock(seconds: number): string {
    return clockOf(seconds, this.#timezone);
  }

  /** A day ends at 24:00. */
  #end(seconds: number): string {
    const clock = this.#clock(seconds);
    return clock === '00:00' ? '24:00' : clock;
  }

  #moment(seconds: number): string {
    return `${dayOf(seconds, this.#timezone)} ${this.#clock(seconds)}`;
  }
}
