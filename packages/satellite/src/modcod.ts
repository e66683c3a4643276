/**
 * Ideal DVB-S2 thresholds: Es/N0 in dB for a packet error ratio of 10⁻⁷, normal FECFRAME, no pilots, white noise, and bits
 * per symbol. ETSI EN 302 307-1, table 13, in the order of their MODCOD numbers, 1 to 28.
 */
export const dvbS2 = {
  'QPSK 1/4': { esN0Db: -2.35, efficiency: 0.490243 },
  'QPSK 1/3': { esN0Db: -1.24, efficiency: 0.656448 },
  'QPSK 2/5': { esN0Db: -0.3, efficiency: 0.789412 },
  'QPSK 1/2': { esN0Db: 1.0, efficiency: 0.988858 },
  'QPSK 3/5': { esN0Db: 2.23, efficiency: 1.188304 },
  'QPSK 2/3': { esN0Db: 3.1, efficiency: 1.322253 },
  'QPSK 3/4': { esN0Db: 4.03, efficiency: 1.487473 },
  'QPSK 4/5': { esN0Db: 4.68, efficiency: 1.587196 },
  'QPSK 5/6': { esN0Db: 5.18, efficiency: 1.654663 },
  'QPSK 8/9': { esN0Db: 6.2, efficiency: 1.766451 },
  'QPSK 9/10': { esN0Db: 6.42, efficiency: 1.788612 },
  '8PSK 3/5': { esN0Db: 5.5, efficiency: 1.779991 },
  '8PSK 2/3': { esN0Db: 6.62, efficiency: 1.980636 },
  '8PSK 3/4': { esN0Db: 7.91, efficiency: 2.228124 },
  '8PSK 5/6': { esN0Db: 9.35, efficiency: 2.478562 },
  '8PSK 8/9': { esN0Db: 10.69, efficiency: 2.646012 },
  '8PSK 9/10': { esN0Db: 10.98, efficiency: 2.679207 },
  '16APSK 2/3': { esN0Db: 8.97, efficiency: 2.637201 },
  '16APSK 3/4': { esN0Db: 10.21, efficiency: 2.966728 },
  '16APSK 4/5': { esN0Db: 11.03, efficiency: 3.165623 },
  '16APSK 5/6': { esN0Db: 11.61, efficiency: 3.300184 },
  '16APSK 8/9': { esN0Db: 12.89, efficiency: 3.523143 },
  '16APSK 9/10': { esN0Db: 13.13, efficiency: 3.567342 },
  '32APSK 3/4': { esN0Db: 12.73, efficiency: 3.703295 },
  '32APSK 4/5': { esN0Db: 13.64, efficiency: 3.951571 },
  '32APSK 5/6': { esN0Db: 14.28, efficiency: 4.11954 },
  '32APSK 8/9': { esN0Db: 15.69, efficiency: 4.397854 },
  '32APSK 9/10': { esN0Db: 16.05, efficiency: 4.453027 },
} as const;
export type DvbS2Modcod = keyof typeof dvbS2;

/**
 * What a DVB-S receiver (QPSK, inner code at this rate) must do with in an IF loop: Eb/N0 in dB of the 188-octet user rate.
 * ETSI EN 300 421, as the data sheet of the Ericsson RX8000, table B.12, has it. Losses of a real demodulator are in it:
 * the Tandberg TT1260, table B.14, needs 0.6 dB less below 20 Msymbol/s.
 */
export const dvbS = {
  '1/2': { ebN0Db: 4.5, rate: 1 / 2 },
  '2/3': { ebN0Db: 5.0, rate: 2 / 3 },
  '3/4': { ebN0Db: 5.5, rate: 3 / 4 },
  '5/6': { ebN0Db: 6.0, rate: 5 / 6 },
  '7/8': { ebN0Db: 6.4, rate: 7 / 8 },
} as const;
export type DvbSRate = keyof typeof dvbS;

export type Modulation =
  | Readonly<{ standard: 'DVB-S2'; modcod: DvbS2Modcod }>
  | Readonly<{ standard: 'DVB-S'; rate: DvbSRate }>;

/** Bits of the transport stream, in packets of 188 octets, that a symbol carries. */
export function efficiencyOf(modulation: Modulation): number {
  if (modulation.standard === 'DVB-S2') return dvbS2[modulation.modcod].efficiency;
  return (2 * dvbS[modulation.rate].rate * 188) / 204;
}

/** The Es/N0 in dB below which the standard promises no picture. */
export function thresholdEsN0Db(modulation: Modulation): number {
  if (modulation.standard === 'DVB-S2') return dvbS2[modulation.modcod].esN0Db;
  return esN0FromEbN0(dvbS[modulation.rate].ebN0Db, modulation);
}

/** A symbol has the energy of its bits: Es/N0 = Eb/N0 + 10 log10(bits per symbol), all in dB (EN 302 307-1, table 13, note). */
export function esN0FromEbN0(ebN0Db: number, modulation: Modulation): number {
  return ebN0Db + 10 * Math.log10(efficiencyOf(modulation));
}

/**
 * Es/N0 in dB out of a C/N that was measured with the noise of the whole occupied bandwidth Rs(1 + α), as with a spectrum
 * analyser. The carrier's power is the same, the noise of the symbol rate alone is less: Es/N0 = C/N + 10 log10(1 + α), 0.79 dB
 * for α = 0.20 and 1.30 dB for 0.35. A demodulator measures behind its matched filter, whose noise bandwidth is the symbol
 * rate: what a receiver shows as C/N, SNR or MER is Es/N0 as it stands, and needs none of this.
 * @param rollOff α of the root raised cosine: 0.35 in DVB-S (EN 300 421), 0.35, 0.25 or 0.20 in DVB-S2 (EN 302 307-1)
 */
export function esN0FromOccupiedCn(cnDb: number, rollOff: number): number {
  return cnDb + 10 * Math.log10(1 + rollOff);
}
