import type { ProbeContext } from '@tongtang/probes/probe';
import { parseReceiverAddress } from '@tongtang/probes/snmp/address';
import type { ReceiverFiles } from '@tongtang/probes/snmp/files';
import { mostValues, type Walk, walkReceiver } from '@tongtang/probes/snmp/walk';
import { Refusal } from '../refusal.ts';

/** Values between two words of how far it is. */
const progressEvery = 500;

/**
 * Prints all values of a receiver to standard output, one a line as they come, and to standard error how far it is and which
 * profile fits: the values can go to a file by themselves.
 */
export async function printWalk(target: string, files: ReceiverFiles, context: ProbeContext): Promise<void> {
  const receiver = parseReceiverAddress(target);
  if ('problem' in receiver) throw new Refusal(`--target ${target}: ${receiver.problem}`);
  let seen = 0;
  const walk = await walkReceiver(receiver, files, context, ({ oid, type, text }) => {
    process.stdout.write(`${oid} = ${type}: ${text.replace(/\s+/g, ' ')}\n`);
    seen += 1;
    if (seen % progressEvery === 0) process.stderr.write(`${seen} values, at ${oid} …\n`);
  });
  if (!walk.ok) throw new Refusal(`After ${seen} values: ${walk.error} (${walk.source})`);
  process.stderr.write(inWords(walk));
}

function inWords({ values, cut, fits, problems }: Walk): string {
  const lines = [
    cut ? `The first ${mostValues} values; there are more.` : `${values} values.`,
    ...problems.map((problem) => `Cannot be read: ${problem}`),
    ...fits.map(
      ({ profile, unit, locked }) =>
        `The profile ${profile} fits: ?profile=${profile}&unit=${unit} ${locked ? 'has lock' : 'has no lock'}.`,
    ),
    ...(fits.length === 0 ? ['No profile fits. How to write one: docs/receivers.md.'] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
