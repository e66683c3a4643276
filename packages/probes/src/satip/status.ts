/** What a SAT>IP server tells of a tuner (SAT>IP specification 1.2.2, section 3.5.7). */
export type TunerStatus = Readonly<{
  tuner: number;
  /** The signal source, such as a position of the dish switch. */
  source?: number | undefined;
  locked: boolean;
  /** 1 to 255; absent where not told. */
  level?: number | undefined;
  /** 1 to 15; absent where not told. */
  quality?: number | undefined;
  frequencyHz?: number | undefined;
  /** In small letters: `dvbs2`, `8psk`, `34`. Absent where not told. */
  system?: string | undefined;
  type?: string | undefined;
  fec?: string | undefined;
  /** Symbols a second. */
  symbolRate?: number | undefined;
  /** As it was told, without PIDs. */
  told: Readonly<Record<string, string>>;
}>;

const toldOf = new Set(['ver', 'src', 'tuner']);
const types = new Set(['qpsk', '8psk', '16apsk', '32apsk']);

/**
 * Reads `ver=1.0;src=1;tuner=1,150,1,12,11880,h,dvbs2,8psk,on,0.20,28800,34;pids=0,17`, and what servers make of it: other
 * versions in front, elements left out at the end, system and roll-off exchanged. Level and quality of nought are what
 * servers write that do not tell them, so they are absent.
 * @returns undefined where it is no such string
 */
export function parseStatus(text: string): TunerStatus | undefined {
  const parameters = new Map(text.split(';').map((parameter) => splitOnce(parameter.trim())));
  const elements = (parameters.get('tuner') ?? '').split(',').map((element) => element.trim().toLowerCase());
  const [tuner, level, lock, quality, frequencyMHz, ...rest] = elements;
  const number = wholeNumber(tuner, 65_535);
  if (number === undefined || (lock !== '0' && lock !== '1')) return undefined;
  const system = rest.find((element) => /^dvb[a-z0-9]+$/.test(element));
  return {
    tuner: number,
    source: wholeNumber(parameters.get('src'), 65_535),
    locked: lock === '1',
    level: wholeNumber(level, 255) || undefined,
    quality: wholeNumber(quality, 15) || undefined,
    frequencyHz: scaled(frequencyMHz, 1e6),
    system,
    ...(isSatellite(system) && {
      type: rest.find((element) => types.has(element)),
      symbolRate: scaled(elements[10], 1000),
      fec: elements[11] || undefined,
    }),
    told: Object.fromEntries([...parameters].filter(([name]) => toldOf.has(name))),
  };
}

/** Whether a delivery system is DVB-S or one of its successors. */
export function isSatellite(system: string | undefined): boolean {
  return system?.startsWith('dvbs') === true;
}

/** Servers list tuners that receive nothing, too: without a lock and without a frequency. */
export function isIdle({ locked, frequencyHz }: TunerStatus): boolean {
  return !locked && frequencyHz === undefined;
}

function splitOnce(parameter: string): [string, string] {
  const at = parameter.indexOf('=');
  return at === -1 ? [parameter, ''] : [parameter.slice(0, at), parameter.slice(at + 1)];
}

function wholeNumber(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  return Number(text) <= most ? Number(text) : undefined;
}

/** A positive decimal in another unit, rounded. */
function scaled(text: string | undefined, factor: number): number | undefined {
  if (text === undefined || !/^\d{1,6}(?:\.\d{1,6})?$/.test(text)) return undefined;
  return Math.round(Number(text) * factor) || undefined;
}
