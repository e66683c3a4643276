import { outcomeStates } from '@tongtang/lessons/delivery/outcome';
import { modeWords } from '@tongtang/lessons/words';
import type { Language, Text } from '@tongtang/model/text';
import type { Report } from '../report.ts';
import { responsibilityTitles } from '../responsibility.ts';
import { decimalOf } from '../share.ts';
import { outcomeTitles } from '../words.ts';
import { escaped } from './escaped.ts';

/** Drawings of a report as SVG, sized in the points of a page that is 700 wide. Each says with its title what it shows. */
const [width, labels] = [700, 130];
const colours = {
  delivered: '#2e7d32',
  degraded: '#f9a825',
  lost: '#c62828',
  'not-held': '#90a4ae',
  unknown: '#cfd8dc',
} as const;

/** Availability day by day as columns, with a line at the objective. The scale begins where the worst day needs it. */
export function daysChart({ days, objective }: Report, language: Language): string {
  const known = days.flatMap(({ date, availability }) => {
    const percent = decimalOf(availability, 2, 100);
    return percent === undefined ? [] : [{ date, percent: Number(percent) }];
  });
  if (known.length === 0) return '';
  const goal = Number(decimalOf(objective, 2, 100));
  const least = Math.min(goal, ...known.map(({ percent }) => percent));
  const floor = least >= 90 ? 90 : least >= 50 ? 50 : 0;
  const [top, height, left] = [10, 120, 40];
  const y = (percent: number): number => round(top + height - ((percent - floor) / (100 - floor)) * height);
  const step = (width - left) / known.length;
  const columns = known.map(({ date, percent }, at) => {
    const colour = percent >= goal ? colours.delivered : colours.lost;
    // A column that is right at the floor is still seen.
    const from = Math.min(y(percent), top + height - 1);
    return `<rect x="${round(left + at * step)}" y="${from}" width="${round(Math.max(1, step * 0.75))}" height="${round(top + height - from)}" fill="${colour}"><title>${date}: ${percent} %</title></rect>`;
  });
  const marks = [floor, 100].map(
    (percent) => `<text x="${left - 4}" y="${y(percent) + 4}" text-anchor="end">${percent} %</text>`,
  );
  const ends = [known[0], known.at(-1)].map((day, at) =>
    at === 1 && known.length === 1
      ? ''
      : `<text x="${at === 0 ? left : width}" y="${top + height + 14}" text-anchor="${at === 0 ? 'start' : 'end'}">${day?.date ?? ''}</text>`,
  );
  const line = `<line x1="${left}" x2="${width}" y1="${y(goal)}" y2="${y(goal)}" stroke="#333" stroke-dasharray="4 3"/>`;
  const title = {
    zh: `逐日可用率（虚线为目标 ${goal} %）`,
    en: `Availability day by day (dashed: objective, ${goal} %)`,
  };
  return figure(title, language, top + height + 20, [...columns, line, ...marks, ...ends]);
}

/** Minutes lost by responsibility. */
export function responsibilityChart({ responsibilities }: Report, language: Language): string {
  const most = Math.max(...responsibilities.map(({ minutes }) => minutes));
  if (most === 0) return '';
  const bars = responsibilities.map(({ responsibility, minutes }, at) => {
    const long = round((minutes / most) * (width - labels - 70));
    return `${label(responsibilityTitles[responsibility][language], at)}<rect x="${labels}" y="${at * 20 + 4}" width="${long}" height="13" fill="#1565c0"/><text x="${labels + long + 5}" y="${at * 20 + 15}">${minutes}</text>`;
  });
  const title = { zh: '损失分钟，按责任', en: 'Minutes lost by responsibility' };
  return figure(title, language, responsibilities.length * 20 + 4, bars);
}

/** Lessons of each mode by what became of them. */
export function modesChart({ modes }: Report, language: Language): string {
  const held = modes
    .map(({ mode, lessons }) => ({
      mode,
      lessons,
      all: outcomeStates.reduce((sum, state) => sum + lessons[state], 0),
    }))
    .filter(({ all }) => all > 0);
  if (held.length === 0) return '';
  const bars = held.map(({ mode, lessons, all }, at) => {
    let x = labels;
    const stacked = outcomeStates.map((state) => {
      const long = (lessons[state] / all) * (width - labels);
      const rect = `<rect x="${round(x)}" y="${at * 20 + 4}" width="${round(long)}" height="13" fill="${colours[state]}"/>`;
      x += long;
      return rect;
    });
    return label(modeWords[mode][language], at) + stacked.join('');
  });
  const below = held.length * 20;
  const legend = outcomeStates.map((state, at) => {
    const x = labels + at * 100;
    return `<rect x="${x}" y="${below + 8}" width="10" height="10" fill="${colours[state]}"/><text x="${x + 14}" y="${below + 17}">${outcomeTitles[state][language]}</text>`;
  });
  const title = { zh: '各授课方式的课', en: 'Lessons by mode' };
  return figure(title, language, below + 24, [...bars, ...legend]);
}

function label(text: string, at: number): string {
  return `<text x="${labels - 6}" y="${at * 20 + 15}" text-anchor="end">${escaped(text)}</text>`;
}

function figure(title: Text, language: Language, height: number, parts: readonly string[]): string {
  return `<figure><figcaption>${escaped(title[language])}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title[language])}">${parts.join('')}</svg></figure>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
