import { join } from 'node:path';
import { definitionOf } from '@tongtang/model/catalogue';
import { targetProbes } from '@tongtang/model/inventory';
import type { LinkKind } from '@tongtang/model/link';
import type { Reading } from '@tongtang/model/sample';
import { mpegtsOnce } from '@tongtang/probes/mpegts/probe';
import { pingOnce } from '@tongtang/probes/ping/probe';
import type { Probe, ProbeContext } from '@tongtang/probes/probe';
import { probes } from '@tongtang/probes/registry';
import { runProbe } from '@tongtang/probes/runner';
import { ReceiverFiles, receiversFolder } from '@tongtang/probes/snmp/files';
import { snmpProbe } from '@tongtang/probes/snmp/probe';
import { createLog } from '@tongtang/runtime/log';
import { Argument, Command } from 'commander';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import { printWalk } from './receiver-walk.ts';

type ProbeOptions = Readonly<{ target: string; json?: boolean; walk?: boolean }>;

/** `tongtang agent probe` */
export function probeCommand(): Command {
  const command = new Command('probe')
    .description('Runs one probe once and prints its outcome')
    .addArgument(new Argument('<name>', 'which probe').choices([...targetProbes]))
    .requiredOption('--target <address>', 'host, host:port, name, URL or file, as the probe wants it')
    .option('--walk', 'with snmp: print all that the receiver has, and which profile fits')
    .option('--json', 'as one JSON document');
  return withSettings(command, ['data']).action(async (name: string, options: ProbeOptions) => {
    const files = receiverFiles(settingsOf(command).data);
    const context: ProbeContext = {
      signal: new AbortController().signal,
      log: createLog('warn'),
      monotonicMs: () => performance.now(),
      onProgress: (words) => process.stderr.write(`${words}\n`),
    };
    if (options.walk !== true)
      return printReading(await reading(probeNamed(name, files), options, context), options);
    if (name !== 'snmp') throw new Refusal(`--walk: ${name} has nothing to walk over, snmp has`);
    await printWalk(options.target, files, context);
  });
}

/** Those of the agent whose folder this is. A community for receivers without credentials may come from the environment. */
function receiverFiles(dataFolder: string): ReceiverFiles {
  const { SNMP_COMMUNITY: community = '' } = process.env;
  return new ReceiverFiles(join(dataFolder, receiversFolder), community === '' ? undefined : { community });
}

async function reading(
  probe: Probe | undefined,
  { target }: ProbeOptions,
  context: ProbeContext,
): Promise<Reading> {
  if (probe === undefined) throw new Refusal('There is no such probe');
  const objection = probe.checkAddress(target);
  if (objection !== undefined) throw new Refusal(`--target ${target}: ${objection}`);
  return runProbe(probe, { link: linkOf(probe), target, address: target }, context);
}

function linkOf({ measurement }: Probe): LinkKind {
  if (measurement === 'mpegts') return 'stream';
  return measurement === 'signal' ? 'satellite' : 'broadband';
}

/** For a single run, `ping` may start a program on every system, and `mpegts` read a file. */
function probeNamed(name: string, files: ReceiverFiles): Probe | undefined {
  if (name === 'ping') return pingOnce;
  if (name === 'mpegts') return mpegtsOnce;
  if (name === 'snmp') return snmpProbe(files);
  const known = targetProbes.find((probe) => probe === name);
  return known && probes[known];
}

function printReading(reading: Reading, { json }: ProbeOptions): void {
  process.stdout.write(json === true ? `${JSON.stringify(reading)}\n` : describeReading(reading));
  if (reading.fields.ok !== true) process.exitCode = 1;
}

/** One field a line, with its unit, in the order of the catalogue. */
function describeReading({ measurement, tags, fields }: Reading): string {
  const lines = Object.entries(definitionOf(measurement).fields).flatMap(([name, { title, unit }]) => {
    const value = fields[name];
    return value === undefined
      ? []
      : [`  ${title.en.padEnd(26)} ${String(value)}${unit === '1' || unit === '' ? '' : ` ${unit}`}\n`];
  });
  return `${measurement} ${tags.target ?? ''}\n${lines.join('')}`;
}
