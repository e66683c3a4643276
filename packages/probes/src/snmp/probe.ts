import { resolveHost } from '../dns/resolve-host.ts';
import type { Probe, ProbeContext, ProbeResult } from '../probe.ts';
import { ErrorCounters } from '../signal/error-counters.ts';
import { signalFields } from '../signal/receiver-signal.ts';
import { parseReceiverAddress } from './address.ts';
import { ReceiverFiles } from './files.ts';
import { oidsOf } from './profile.ts';
import { readSignal } from './reading.ts';
import { openSession, type Patience, usualPatience } from './session.ts';

/**
 * The signal of a satellite receiver, asked for by SNMP with one GET. What it answers is read by the profile of its model.
 * @param files where profiles and credentials are
 */
export function snmpProbe(files: ReceiverFiles, patience: Patience = usualPatience): Probe {
  const counters = new ErrorCounters();
  return {
    measurement: 'signal',
    // All tries of v3's two requests, and a moment to say that they were in vain.
    budgetMs: 2 * patience.tries * patience.timeoutMs + 1000,
    checkAddress,
    run: (address, context) => ask(address, context),
  };

  async function ask(address: string, context: ProbeContext): Promise<ProbeResult> {
    const agentFailure = (error: string) => ({ ok: false, source: 'agent', error }) as const;
    const receiver = parseReceiverAddress(address);
    if ('problem' in receiver || receiver.profile === undefined)
      return agentFailure('not an address of a receiver with its profile');
    const { unit } = receiver;
    const read = files.profile(receiver.profile);
    if (!read.ok) return agentFailure(read.problem);
    const { profile } = read;
    if (unit > profile.units)
      return agentFailure(`${profile.name} has no unit ${unit}, but ${profile.units}`);
    const known = files.credentials(receiver.credentials);
    if (!known.ok) return agentFailure(known.problem);

    const resolved = await resolveHost(receiver.host, context);
    if (!resolved.ok) return { ok: false, source: resolved.source, error: resolved.error };
    const target = { host: resolved.address, port: receiver.port };
    const session = await openSession(target, known.credentials, patience, context.signal);
    const answer = await session.get(oidsOf(profile, unit)).finally(session.close);
    if (!answer.ok) return answer;

    const reading = readSignal(profile, unit, answer.values);
    if ('error' in reading) return { ok: false, source: 'target', error: reading.error };
    const { uncorrected: total, ...figures } = reading.signal.figures;
    const uncorrected = total === undefined ? undefined : counters.grownBy(address, total);
    return {
      ok: true,
      fields: signalFields({
        ...reading.signal,
        figures: { ...figures, ...(uncorrected !== undefined && { uncorrected }) },
      }),
    };
  }
}

/** The same without files of an agent: shipped profiles, and the community `public`. */
export const snmp: Probe = snmpProbe(new ReceiverFiles());

function checkAddress(address: string): string | undefined {
  const receiver = parseReceiverAddress(address);
  if ('problem' in receiver) return receiver.problem;
  return receiver.profile === undefined ? `"${address}" has no profile: host?profile=name` : undefined;
}
