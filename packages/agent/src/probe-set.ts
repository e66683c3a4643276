import type { TargetProbe } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { Reading } from '@tongtang/model/sample';
import type { NetworkProbe } from '@tongtang/probes/network-probes';
import type { FailureSource, Probe } from '@tongtang/probes/probe';
import type { Log } from '@tongtang/runtime/log';
import type { Identity } from './identity.ts';

/** Where a built-in target is right now, or why it cannot be found: no gateway means that the cable is out. */
export type Found =
  | Readonly<{ address: string }>
  | Readonly<{ address?: undefined; source: FailureSource; error: string }>;

/** A target that every agent of a kind measures without being told: its gateway, its resolver, its hub. */
export type BuiltInTask = Readonly<{
  probe: NetworkProbe;
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

/** The probes that a kind of agent has. All have those of the network. */
export type ProbeTable = Readonly<Record<NetworkProbe, Probe> & Partial<Record<TargetProbe, Probe>>>;

/**
 * What a kind of agent can measure, and what it measures on its own, made at its start. The hub's configuration adds the
 * targets of the school; those whose probe this kind has not are for the school's agents of another kind.
 */
export type ProbeSet = (context: ProbeSetContext) => Readonly<{
  probes: ProbeTable;
  builtIn: readonly BuiltInTask[];
  samplers: readonly SamplerTask[];
  /** Looks at the folder of recorded lessons that the hub names; absent where the machine shows none. */
  lessonFiles?: (folder: string) => Promise<readonly Reading[]>;
}>;

/** The built-in target whose `stamp` readings set the agent's clock. */
export const hubTarget = 'hub';
