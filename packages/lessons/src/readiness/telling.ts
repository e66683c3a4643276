import type { ReadinessCheck, ReadinessItem } from '@tongtang/model/readiness';
import type { Language, Text } from '@tongtang/model/text';
import { languages } from '@tongtang/model/text';
import { clockOf, dayOf } from '../plain-date.ts';
import { findingOf } from './findings.ts';

/** What was found, and what is to be done, in words. */
export type Told = Readonly<{ why: Text; todo?: Text }>;

/**
 * Tells a check in both languages; undefined of one that this version does not know any more.
 * @param at when it was checked, in hub time in seconds: times of another day are told with it
 */
export function tell(check: ReadinessCheck, at: number, timeZone: string): Told | undefined {
  const finding = findingOf(check.item, check.found);
  if (finding === undefined) return undefined;
  const filled = (text: Text): Text =>
    inBoth((language) => fill(text[language], check, at, timeZone, language));
  return { why: filled(finding.why), ...(finding.todo && { todo: finding.todo }) };
}

function inBoth(of: (language: Language) => string): Text {
  const [zh, en] = languages.map(of);
  return { zh: zh ?? '', en: en ?? '' };
}

const neverHeard: Text = { zh: '从无', en: 'the beginning' };

function fill(
  pattern: string,
  { item, figure, from, to }: ReadinessCheck,
  at: number,
  timeZone: string,
  language: Language,
): string {
  const time = (seconds: number | undefined): string => {
    if (seconds === undefined) return neverHeard[language];
    const clock = clockOf(seconds, timeZone);
    const day = dayOf(seconds, timeZone);
    return day === dayOf(at, timeZone) ? clock : `${day.slice(5)} ${clock}`;
  };
  return pattern
    .replaceAll('{figure}', figure === undefined ? '–' : figureOf(item, figure, language))
    .replaceAll('{from}', time(from))
    .replaceAll('{to}', time(to));
}

function figureOf(item: ReadinessItem, figure: number, language: Language): string {
  switch (item) {
    case 'clock':
    case 'files':
      return lengthOf(figure, language);
    case 'disk':
      return figure < 1e9 ? `${Math.round(figure / 1e6)} MB` : `${(figure / 1e9).toFixed(1)} GB`;
    default:
      return `${figure.toFixed(1)} dB`;
  }
}

const units = [
  { seconds: 86_400, zh: '天', en: 'd' },
  { seconds: 3600, zh: '小时', en: 'h' },
  { seconds: 60, zh: '分钟', en: 'min' },
  { seconds: 1, zh: '秒', en: 's' },
] as const;

/** In the largest unit of which there are two at least. */
function lengthOf(seconds: number, language: Language): string {
  const unit = units.find((each) => seconds >= 2 * each.seconds) ?? units[3];
  return `${Math.round(seconds / unit.seconds)} ${unit[language]}`;
}
