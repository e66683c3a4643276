import { dns } from './dns/probe.ts';
import { http } from './http/probe.ts';
import { mpegts } from './mpegts/probe.ts';
import { ping } from './ping/probe.ts';
import { stamp } from './stamp/probe.ts';
import { tcp } from './tcp/probe.ts';
import { tls } from './tls/probe.ts';

/** Probes that any machine can run over its network: a folder each, and a line here. */
export const networkProbes = { stamp, ping, tcp, http, tls, dns, mpegts } as const;
