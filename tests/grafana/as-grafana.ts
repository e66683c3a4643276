/** What Grafana makes of a query before it sends it to InfluxDB: variables, `$timeFilter` and `$__interval`. */

export type Span = Readonly<{ from: number; to: number }>;

/** What is chosen on a page: one value, several, or all by the text that stands for them. */
export type Chosen = Readonly<Record<string, string | readonly string[]>>;

export type Width = Readonly<{ maxDataPoints: number; least: string }>;

/**
 * @param span seconds
 * @throws where something is left that Grafana would not replace
 */
export function asGrafanaSends(query: string, span: Span, width: Width, chosen: Chosen): string {
  const sent = query
    .replaceAll('$timeFilter', `time >= ${span.from * 1000}ms and time <= ${span.to * 1000}ms`)
    .replaceAll('$__interval', intervalOf(span, width))
    .replaceAll(/\$\{__(from|to)\}/g, (_, end: string) =>
      String((end === 'from' ? span.from : span.to) * 1000),
    )
    .replaceAll(/\$\{(\w+):regex\}/g, (_, name: string) => asRegex(name, chosen));
  // What is left of dollars is the end of a regular expression.
  if (/\$(?!\/)/.test(sent)) throw new Error(`not replaced: ${sent}`);
  return sent;
}

/** A place as a variable offers it. */
export type Offered = Readonly<{ text: string; value: string }>;

/** What a variable makes of the labels that its query found, by its regular expression; in the order of what people read. */
export function offered(labels: readonly string[], regex: string): Offered[] {
  const [, pattern = ''] = /^\/(.*)\/$/.exec(regex) ?? [];
  return labels
    .flatMap((label): Offered[] => {
      const { text, value } = new RegExp(pattern).exec(label)?.groups ?? {};
      return text === undefined || value === undefined ? [] : [{ text, value }];
    })
    .sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** Text that stands for all goes in as it is; values are escaped, and several become alternatives. */
function asRegex(name: string, chosen: Chosen): string {
  const value = chosen[name];
  if (value === undefined) throw new Error(`no variable ${name}`);
  if (value === allValue) return value;
  const escaped = [value].flat().map((text) => text.replaceAll(/[\\^$*+?.()|[\]{}/]/g, '\\$&'));
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

/** What our pages enter for all. */
export const allValue = '.*';

/** Steps that Grafana rounds an interval to, in seconds, and up to where each is taken (its `roundInterval`). */
const steps = [
  [0.015, 0.01],
  [0.035, 0.02],
  [0.075, 0.05],
  [0.15, 0.1],
  [0.35, 0.2],
  [0.75, 0.5],
  [1.5, 1],
  [3.5, 2],
  [7.5, 5],
  [12.5, 10],
  [17.5, 15],
  [25, 20],
  [45, 30],
  [90, 60],
  [210, 120],
  [450, 300],
  [750, 600],
  [1050, 900],
  [1500, 1200],
  [2700, 1800],
  [5400, 3600],
  [9000, 7200],
  [16_200, 10_800],
  [32_400, 21_600],
  [86_400, 43_200],
  [604_800, 86_400],
] as const;

/** As many points as the panel may have, and no closer than its least interval. */
function intervalOf({ from, to }: Span, { maxDataPoints, least }: Width): string {
  const raw = (to - from) / maxDataPoints;
  const rounded = steps.find(([below]) => raw < below)?.[1] ?? 7 * 86_400;
  const [, count = '1', unit = 's'] = /^(\d+)([smh])$/.exec(least) ?? [];
  return `${Math.max(rounded * 1000, Number(count) * msOf(unit))}ms`;
}

function msOf(unit: string): number {
  return unit === 'h' ? 3_600_000 : unit === 'm' ? 60_000 : 1000;
}
