import type { AlertRule } from '@tongtang/dashboards/alerts';
import type { Rows } from '@tongtang/store/influx/ask';

/** What Grafana makes of a rule: the last value of each series (its expression B), and whether that is beyond (C). */

/** The query as it means at a moment, for a database whose data are not of the present. Seconds. */
export function queryAt({ query }: AlertRule, nowS: number): string {
  return query.replaceAll('now()', `${nowS}s`);
}

/** The tags of every series that fires. */
export function fired({ fires }: AlertRule, found: readonly Rows[]): Rows['tags'][] {
  return found
    .filter(({ values }) => {
      const numbers = values.map(([, value]) => value).filter((value) => typeof value === 'number');
      const last = numbers.at(-1);
      return last !== undefined && isBeyond(fires, last);
    })
    .map(({ tags }) => tags);
}

function isBeyond(fires: AlertRule['fires'], value: number): boolean {
  switch (fires.type) {
    case 'gt':
      return value > fires.params[0];
    case 'lt':
      return value < fires.params[0];
    case 'outside_range':
      return value < fires.params[0] || value > fires.params[1];
  }
}
