import type { TargetProbe } from '@tongtang/model/inventory';
import { networkProbes } from './network-probes.ts';
import type { Probe } from './probe.ts';
import { snmp } from './snmp/probe.ts';

/**
 * Every probe that measures a target. Those of receivers stand here and not among the {@link networkProbes}: what they need is
 * no burden to classroom PCs.
 */
export const probes: Readonly<Record<TargetProbe, Probe>> = { ...networkProbes, snmp };
