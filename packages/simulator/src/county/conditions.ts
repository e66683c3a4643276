import type { FaultKind } from '../faults/kinds.ts';

/** How things stand around a machine at a moment: what its probes would find. */
export type Conditions = Readonly<{
  /** Its own cable is in. */
  cable: boolean;
  /** A loop floods the school's network. */
  storm: boolean;
  /** Where the way out of the school ends. */
  outside: 'open' | 'cut' | 'no-provider';
  /** The hub's machine answers. */
  hub: boolean;
  congested: boolean;
  /** The receiver has power. */
  receiver: boolean;
  lnb: boolean;
  /** C/N above the threshold, dB, as far as the sky and the dish allow. */
  marginDb: number;
  /** The lesson's stream comes from its school, and out of the receiver. */
  broadcast: boolean;
  forwarded: boolean;
  diskFull: boolean;
  clockWrong: boolean;
}>;

/** What the faults of a moment make of a machine's surroundings. */
export function conditionsUnder(kinds: readonly FaultKind[], marginDb: number): Conditions {
  const is = (kind: FaultKind): boolean => kinds.includes(kind);
  return {
    cable: !is('pc-cable'),
    storm: is('lan-loop'),
    outside: is('fibre-cut') ? 'cut' : is('provider-outage') ? 'no-provider' : 'open',
    hub: !is('hub-loss'),
    congested: is('congested-uplink'),
    receiver: !is('receiver-off'),
    lnb: !is('lnb'),
    marginDb,
    broadcast: !is('front-end-outage'),
    forwarded: !is('stream-lost'),
    diskFull: is('full-disk'),
    clockWrong: is('wrong-clock'),
  };
}

/** Whether the receiver has lock. */
export function isLocked({ receiver, lnb, marginDb }: Conditions): boolean {
  return receiver && lnb && marginDb >= 0;
}

/** Below this margin packets go wrong, dB: near the threshold error correction fails now and then. */
export const errorsBelowDb = 0.8;
