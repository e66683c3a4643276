import { resolveHost } from '../dns/resolve-host.ts';
import type { ProbeContext } from '../probe.ts';
import type { ReceiverAddress } from './address.ts';
import type { ReceiverFiles } from './files.ts';
import { oidsOf } from './profile.ts';
import { readSignal } from './reading.ts';
import { openSession, type SnmpFailure, type SnmpSession, usualPatience } from './session.ts';
import type { SnmpValue } from './value.ts';

/** What makers say of their devices, and how the device calls itself (RFC 1155 `enterprises`, RFC 3418 `system`). */
const roots = ['1.3.6.1.2.1.1', '1.3.6.1.4.1'] as const;
/** A switch with a thousand ports has more, and nobody reads them. */
export const mostValues = 5000;

/** A profile whose lock the receiver answers. */
export type Fit = Readonly<{ profile: string; unit: number; locked: boolean }>;
export type Walk = Readonly<{
  ok: true;
  values: number;
  /** There was more than {@link mostValues}. */
  cut: boolean;
  fits: readonly Fit[];
  /** Of profiles that cannot be read. */
  problems: readonly string[];
}>;

/**
 * Asks a receiver for all that it has, so that a person can write a profile, and then for what each known profile asks.
 * @param take is given each value as it comes
 */
export async function walkReceiver(
  receiver: ReceiverAddress,
  files: ReceiverFiles,
  context: ProbeContext,
  take: (value: SnmpValue) => void,
): Promise<Walk | SnmpFailure> {
  const known = files.credentials(receiver.credentials);
  if (!known.ok) return { ok: false, source: 'agent', error: known.problem };
  const resolved = await resolveHost(receiver.host, context);
  if (!resolved.ok) return { ok: false, source: resolved.source, error: resolved.error };
  const target = { host: resolved.address, port: receiver.port };
  const session = await openSession(target, known.credentials, usualPatience, context.signal);
  try {
    let values = 0;
    for (const root of roots) {
      const failure = await walkBelow(root, session, (value) => {
        take(value);
        values += 1;
        return values < mostValues;
      });
      if (failure !== undefined) return failure;
      if (values >= mostValues) break;
    }
    return { ok: true, values, cut: values >= mostValues, ...(await fitting(files, session)) };
  } finally {
    session.close();
  }
}

/** @param take whether it wants more */
async function walkBelow(
  root: string,
  session: SnmpSession,
  take: (value: SnmpValue) => boolean,
): Promise<SnmpFailure | undefined> {
  let last = root;
  for (;;) {
    const answer = await session.following(last);
    if (!answer.ok) return answer;
    const before = last;
    for (const value of answer.values) {
      const ended = value.type === 'endOfMibView' || !value.oid.startsWith(`${root}.`);
      if (ended || !take(value)) return undefined;
      last = value.oid;
    }
    if (last === before) return undefined;
  }
}

async function fitting(files: ReceiverFiles, session: SnmpSession): Promise<Pick<Walk, 'fits' | 'problems'>> {
  const fits: Fit[] = [];
  const problems: string[] = [];
  for (const name of files.profileNames()) {
    const read = files.profile(name);
    if (!read.ok) {
      problems.push(read.problem);
      continue;
    }
    for (let unit = 1; unit <= read.profile.units; unit += 1) {
      const answer = await session.get(oidsOf(read.profile, unit));
      const reading = answer.ok ? readSignal(read.profile, unit, answer.values) : { error: answer.error };
      // A model with fewer demodulators does not answer for those that it has not.
      if ('error' in reading) break;
      fits.push({ profile: name, unit, locked: reading.signal.locked });
    }
  }
  return { fits, problems };
}
