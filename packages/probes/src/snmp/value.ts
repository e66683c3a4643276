import type { ValueType } from './profile.ts';

/** One value as a receiver answered it. */
export type SnmpValue = Readonly<{
  oid: string;
  /** As the standard calls it (RFC 2578, section 7.1), or `noSuchObject` and the like (RFC 3416, section 2.3). */
  type: SnmpType;
  /** For people. */
  text: string;
  /** Of numbers that JavaScript has. */
  number?: number;
}>;

/** By the tags of RFC 3416, section 3. */
export const snmpTypes = {
  2: 'INTEGER',
  4: 'OCTET STRING',
  5: 'NULL',
  6: 'OBJECT IDENTIFIER',
  64: 'IpAddress',
  65: 'Counter32',
  66: 'Gauge32',
  67: 'TimeTicks',
  68: 'Opaque',
  70: 'Counter64',
  128: 'noSuchObject',
  129: 'noSuchInstance',
  130: 'endOfMibView',
} as const;
export type SnmpType = (typeof snmpTypes)[keyof typeof snmpTypes] | 'unknown';

/** What a profile may call each. */
const fitting: Readonly<Record<ValueType, readonly SnmpType[]>> = {
  integer: ['INTEGER'],
  gauge: ['Gauge32', 'Counter32', 'Counter64', 'TimeTicks'],
  text: ['OCTET STRING'],
};

/** Why a value is not of the type that a profile says, or undefined where it is. */
export function mismatch(value: SnmpValue | undefined, type: ValueType): string | undefined {
  if (value === undefined) return 'no answer';
  return fitting[type].includes(value.type) ? undefined : wordsFor(value.type, type);
}

function wordsFor(told: SnmpType, wanted: ValueType): string {
  const missing = told === 'noSuchObject' || told === 'noSuchInstance' || told === 'endOfMibView';
  return missing ? 'no such object' : `${told} instead of ${wanted}`;
}

/** Of texts that a device sends: more is no value. Octets. */
const longestText = 1000;

/** A value as the library gives it: numbers, texts, octets. */
export function snmpValue(oid: string, tag: number, value: unknown): SnmpValue {
  const type = isTag(tag) ? snmpTypes[tag] : 'unknown';
  if (typeof value === 'number') return { oid, type, text: String(value), number: value };
  if (!Buffer.isBuffer(value)) return { oid, type, text: typeof value === 'string' ? value : '' };
  if (type === 'Counter64') return bigNumber(oid, value);
  return { oid, type, text: printable(value.subarray(0, longestText)) };
}

function isTag(tag: number): tag is keyof typeof snmpTypes {
  return tag in snmpTypes;
}

/** Up to eight octets; what JavaScript cannot count to stays a text. */
function bigNumber(oid: string, octets: Buffer): SnmpValue {
  const text = String(octets.length === 0 ? 0 : BigInt(`0x${octets.toString('hex')}`));
  const number = Number(text);
  return { oid, type: 'Counter64', text, ...(Number.isSafeInteger(number) && { number }) };
}

/** Text as it stands; octets that are none as hexadecimal. C programs end their texts with a zero. */
function printable(octets: Buffer): string {
  const text = octets.toString('utf8').replace(/\0+$/, '');
  return /[\uFFFD\p{Cc}]/u.test(text.replace(/[\r\n\t]/g, ' ')) ? octets.toString('hex') : text;
}
