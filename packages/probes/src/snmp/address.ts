import { isIdentifier } from '@tongtang/model/identifier';
import { type HostPort, parseHostPort } from '../address.ts';

/** Where a receiver answers, and what to make of its answers. Secrets are no part of it. */
export type ReceiverAddress = HostPort &
  Readonly<{
    /** Absent: asked for its values only. */
    profile?: string;
    /** The demodulator or card, from 1. */
    unit: number;
    /** The name of an entry in the agent's own file; absent: SNMP v2c with the community `public`. */
    credentials?: string;
  }>;

/** RFC 3430 and RFC 3417: agents listen there. */
const snmpPort = 161;

/**
 * Reads `192.0.2.10?profile=novra-s400&unit=1&credentials=roof`, with `:port` behind the host where it is not 161. Nothing is
 * looked up, and no file is read.
 * @returns the address, or what is wrong with it
 */
export function parseReceiverAddress(text: string): ReceiverAddress | Readonly<{ problem: string }> {
  const wrong = (what: string) => ({ problem: `"${text}": ${what}` });
  const [place = '', query, ...more] = text.split('?');
  const target = parseHostPort(place, snmpPort);
  if (target === undefined || more.length > 0)
    return { problem: `"${text}" is not host?profile=name or host:port?profile=name` };
  const options = new URLSearchParams(query);
  const seen = new Set<string>();
  for (const name of options.keys()) {
    // The text may hold what should not stand in an inventory; it is not repeated in messages and logs.
    if (name === 'community') return { problem: 'a community is a secret: use credentials=name' };
    if (!known.includes(name)) return wrong(`"${name}" is not an option; ${known.join(', ')} are`);
    if (seen.has(name)) return wrong(`"${name}" is given twice`);
    seen.add(name);
  }
  const profile = options.get('profile') ?? undefined;
  const credentials = options.get('credentials') ?? undefined;
  const digits = options.get('unit') ?? '1';
  for (const [option, name] of Object.entries({ profile, credentials }))
    if (name !== undefined && !isIdentifier(name))
      return wrong(`"${name}" is not the name of ${article[option]}`);
  if (!/^[1-9]\d?$/.test(digits)) return wrong(`unit "${digits}" is not a number from 1 to 99`);
  return {
    ...target,
    unit: Number(digits),
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
  };
}

const known: readonly string[] = ['profile', 'unit', 'credentials'];
const article: Readonly<Record<string, string>> = { profile: 'a profile', credentials: 'credentials' };
