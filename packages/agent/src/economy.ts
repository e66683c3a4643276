import { fieldOf } from '@tongtang/model/catalogue';
import type { FieldDefinition } from '@tongtang/model/catalogue/definition';
import type { FieldValue, Reading } from '@tongtang/model/sample';

/**
 * Leaves of a reading what a reader can use. Digits beyond that are noise, which does not compress: each noisy field
 * costs about four bytes a report, 30 kB a day. Coarser than clause L-7 asks, never finer.
 */
export function economical({ measurement, tags, fields }: Reading): Reading {
  const kept: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    // How long a run took that brought round-trip times says nothing beside them.
    if (name === 'duration_ms' && fields.rtt_ms !== undefined && fields.ok === true) continue;
    const definition = fieldOf(measurement, name);
    kept[name] =
      typeof value === 'number' && definition !== undefined ? rounded(name, value, definition) : value;
  }
  return { measurement, tags, fields: kept };
}

function rounded(name: string, value: number, { type, unit }: FieldDefinition): number {
  switch (name) {
    case 'duration_ms':
      return Math.round(value);
    // Whole minutes: a restart shows all the same.
    case 'uptime_s':
      return Math.floor(value / 60) * 60;
    case 'cpu_ratio':
      return decimals(value, 2);
    // Of these the power of ten says it all, and it is a small one.
    case 'ber_pre':
    case 'ber_post':
    case 'per':
      return significant(value, 3);
  }
  switch (unit) {
    // Hundredths of a millisecond matter inside a building, tenths on the way to a hub.
    case 'ms':
      return decimals(value, Math.abs(value) < 10 ? 2 : 1);
    case '1':
      return type === 'float' ? decimals(value, 3) : value;
    case 'd':
      return decimals(value, 1);
    // Below a kilobit per second is the chatter of an idle network.
    case 'bit/s':
      return Math.round(significant(value, 3) / 1000) * 1000;
    case 'bytes':
      return Math.abs(value) < 1e6 ? value : significant(value, 4);
    default:
      return value;
  }
}

/** Powers are tables here and wherever else an agent reckons: `Math.pow` alone brings 190 kB of libraries into memory. */
const scales = { 1: 10, 2: 100, 3: 1000 } as const;

function decimals(value: number, digits: keyof typeof scales): number {
  const scale = scales[digits];
  return Math.round(value * scale) / scale;
}

function significant(value: number, digits: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
