import type { TargetProbe } from '@tongtang/model/inventory';
import { dns } from './dns/probe.ts';
import { http } from './http/probe.ts';
import { mpegts } from './mpegts/probe.ts';
import { ping } from './ping/probe.ts';
import type { Probe } from './probe.ts';
import { stamp } from './stamp/probe.ts';
import { tcp } from './tcp/probe.ts';
import { tls } from './tls/probe.ts';

/** Every probe that measures a target: a folder each, and a line here. */
export const probes: Readonly<Record<TargetProbe, Probe>> = {
  stamp,
  ping,
  tcp,
  http,
  tls,
  dns,
  mpegts,
};
