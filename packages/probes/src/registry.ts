import type { TargetProbe } from '@tongtang/model/inventory';
import { dvb } from './dvb/probe.ts';
import { networkProbes } from './network-probes.ts';
import type { Probe } from './probe.ts';
import { satip } from './satip/probe.ts';
import { snmp } from './snmp/probe.ts';

/**
 * Every probe that measures a target. Those of receivers are not among the {@link networkProbes}, so that classroom PCs need not
 * carry what they are made of.
 */
export const probes: Readonly<Record<TargetProbe, Probe>> = { ...networkProbes, snmp, satip, dvb };
