import type { TargetProbe } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { Reading } from '@tongtang/model/sample';
import type { FailureSource } from '@tongtang/probes/probe';
import type { Log } from '@tongtang/runtime/log';
import type { Identity } from './identity.ts';

/** Where a built-in target is right now, or why it cannot be found: no gateway means that the cable is out. */
export type Found =
  | Readonly<{ address: string }>
  | Readonly<{ address?: undefined; source: FailureSource; error: string }>;

/** A target that every agent of a kind measures without being told: its gateway, its resolver, its hub. */
export type BuiltInTask = Readonly<{
  probe: TargetProbe;
  link: LinkKind;
  target: string;
  /** Seconds between two runs. */
  every: number;
  /** Asked before each run: a classroom PC moves between networks. Never rejects. */
  find: () => Promise<Found>;
}>;

/** Something of the machine itself that is sampled. */
export type SamplerTask = Readonly<{
  name: string;
  /** Seconds between two samples. */
  every: number;
  sample: () => Promise<readonly Reading[]>;
}>;

export type ProbeSetContext = Readonly<{ identity: Identity; dataFolder: string; log: Log }>;

/** What a kind of agent measures on its own, made at its start; the hub's configuration adds targets. */
export type ProbeSet = (
  context: ProbeSetContext,
) => Readonly<{ builtIn: readonly BuiltInTask[]; samplers: readonly SamplerTask[] }>;

/** The built-in target whose `stamp` readings set the agent's clock. */
export const hubTarget = 'hub';
