import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { variable } from './variable.ts';

/** The variable of each page: which InfluxDB is asked is chosen on the page, never written into it. */
export const datasource: DataSourceRef = { type: 'influxdb', uid: variable('datasource') };

export type InfluxTargetOptions = Readonly<{
  /** Place among the queries of the panel, from 0. */
  at: number;
  query: string;
  format: 'time_series' | 'table';
  /** What a series is called; `$tag_school` stands for a tag. */
  alias?: string;
  /** The one that is chosen on the page where absent. */
  source?: DataSourceRef;
}>;

/** A query of Grafana's InfluxDB data source, which the SDK has no type for. */
export class InfluxTarget implements Builder<Dataquery> {
  readonly #options: InfluxTargetOptions;

  constructor(options: InfluxTargetOptions) {
    this.#options = options;
  }

  build(): Dataquery {
    const { at, query, format, alias, source = datasource } = this.#options;
    const target = {
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource: source,
      query,
      rawQuery: true,
      resultFormat: format,
      ...(alias !== undefined && { alias }),
      // Only the SDK's types ask for it; JSON leaves functions out.
      _implementsDataqueryVariant: () => {},
    };
    return target;
  }
}
