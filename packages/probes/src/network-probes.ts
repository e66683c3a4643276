import { dns } from './dns/probe.ts';
import { http } from './http/probe.ts';
import { mpegts } from './mpegts/probe.ts';
import { path } from './path/probe.ts';
import { ping } from './ping/probe.ts';
import { stamp } from './stamp/probe.ts';
import { tcp } from './tcp/probe.ts';
import { throughput } from './throughput/probe.ts';
import { tls } from './tls/probe.ts';

/** Probes that every agent has, whatever it stands beside. */
export const networkProbes = { stamp, ping, tcp, http, tls, dns, mpegts, throughput, path } as const;
export type NetworkProbe = keyof typeof networkProbes;
