import type { ProbeResult } from '../probe.ts';
import { type ReceiverSignal, signalFields } from '../signal/receiver-signal.ts';
import type { Choice } from './address.ts';
import { isIdle, isSatellite, parseStatus, type TunerStatus } from './status.ts';

/** What the elements of a status go up to. */
const fullScale = { level: 255, quality: 15 } as const;

/** Servers on a computer: they put whatever its driver says on the scale of the level, so it is no power. */
const rescaling = /minisatip|tvheadend/i;
/** What these say of a lock whose driver told them nothing, or was not asked. */
const madeUp = [
  { level: 255, quality: 15 },
  { level: 120, quality: 10 },
] as const;

/**
 * The tuner that is meant, out of those that a server tells of. That it is not in use says nothing of its dish: nobody
 * measured.
 * @param maker whatever the server says of itself
 */
export function resultOf(statuses: readonly string[], maker: string, { tuner, source }: Choice): ProbeResult {
  const understood = statuses.flatMap((status) => parseStatus(status) ?? []);
  if (statuses.length > 0 && understood.length === 0)
    return { ok: false, source: 'target', error: 'a status that was not understood' };
  const meant = understood.filter(
    (status) =>
      !isIdle(status) &&
      (tuner === undefined || status.tuner === tuner) &&
      (source === undefined || status.source === source),
  );
  const [first] = meant;
  if (first === undefined) {
    const wanted = [
      ...(tuner === undefined ? [] : [`tuner ${tuner}`]),
      ...(source === undefined ? [] : [`src ${source}`]),
    ].join(', ');
    const error = wanted === '' ? 'no tuner is in use' : `${wanted}: not in use`;
    return { ok: false, source: 'agent', error };
  }
  const tuners = [...new Set(meant.map((status) => status.tuner))];
  if (tuners.length > 1)
    return {
      ok: false,
      source: 'agent',
      error: `tuners ${tuners.join(', ')} are in use: say which (?tuner=)`,
    };
  return { ok: true, fields: signalFields(signalOf(first, rescaling.test(maker))) };
}

/**
 * @param rescaled whether the level is the server's own scale rather than that of the specification, by which 224 are −25 dBm and
 *   32 are −65 dBm at the input from a dish
 */
export function signalOf(status: TunerStatus, rescaled: boolean): ReceiverSignal {
  const { locked, level, quality, frequencyHz, symbolRate } = status;
  const invented = rescaled && madeUp.some((pair) => level === pair.level && quality === pair.quality);
  const measured = isSatellite(status.system) && !rescaled;
  return {
    locked,
    figures: {
      ...(level !== undefined &&
        !invented &&
        (measured ? { level_dbm: (level - 344) / 4.8 } : { level_ratio: level / fullScale.level })),
      ...(quality !== undefined && !invented && { quality_ratio: quality / fullScale.quality }),
      ...(frequencyHz !== undefined && { frequency_hz: frequencyHz }),
      ...(symbolRate !== undefined && { symbol_rate: symbolRate }),
    },
    modulation: modulationOf(status),
    told: status.told,
  };
}

/** `dvbs2`, `8psk`, `34` → `DVB-S2 8PSK 3/4`. DVB-S has QPSK alone, and servers may leave it out. */
function modulationOf({ system, type, fec }: TunerStatus): string | undefined {
  if (system === undefined) return undefined;
  const [, numerator, denominator] = /^(\d)(\d{1,2})$/.exec(fec ?? '') ?? [];
  const rate = numerator && denominator && `${numerator}/${denominator}`;
  const kind = type ?? (system === 'dvbs' ? 'qpsk' : undefined);
  return [system.replace(/^dvb/, 'dvb-'), kind, rate].filter(Boolean).join(' ').toUpperCase();
}
