import type { Conclusion } from '@tongtang/model/conclusions';
import type { Realm } from '@tongtang/store/influx/influxql';

/** A piece of what the hub concluded that is written as a whole, such as a county's day, or an incident. */
export type Sheet = Readonly<{
  id: string;
  /** All that there is within its realms; what else is found there was taken back. */
  points: readonly Conclusion[];
  realms: readonly Realm[];
}>;

/** What began at no time in particular stands here. */
export const timeless = 0;

/** Of things that stand at {@link timeless}. */
export const always = { from: timeless, to: timeless + 1 } as const;
