import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { Probe, ProbeContext, ProbeResult } from '../probe.ts';
import { outputOf, type Printed } from '../program.ts';
import { ErrorCounters } from '../signal/error-counters.ts';
import { signalFields } from '../signal/receiver-signal.ts';
import { type DvbAddress, parseDvbAddress, type Tool, tools } from './address.ts';
import { combine } from './combine.ts';
import { parseDvbFeTool } from './dvb-fe-tool.ts';
import { parseFemon } from './femon.ts';
import type { FrontendSample } from './frontend-sample.ts';

/** A second apart in both tools: enough to tell a moment's trouble of a driver from a lost lock. */
const samples = 3;

const parsers: Readonly<Record<Tool, (text: string) => FrontendSample[]>> = {
  'dvb-fe-tool': parseDvbFeTool,
  femon: parseFemon,
};

const counters = new ErrorCounters();
/** Frontends with a program that has not ended: one that hangs in the kernel cannot be killed, and must not become many. */
const underWay = new Set<string>();

/**
 * A DVB card of this machine, through the tool that its system has. It opens the frontend for reading only: whoever watches is
 * not disturbed, and nothing is tuned.
 */
export const dvb: Probe = {
  measurement: 'signal',
  budgetMs: 8000,
  checkAddress: (address) => {
    const parsed = parseDvbAddress(address);
    return 'problem' in parsed ? parsed.problem : undefined;
  },
  run: async (address, context) => {
    const parsed = parseDvbAddress(address);
    if ('problem' in parsed) return agentFailure(parsed.problem);
    if (process.platform !== 'linux') return agentFailure('DVB cards are read on Linux only');
    const device = `adapter${parsed.adapter}/frontend${parsed.frontend}`;
    if (underWay.has(device)) return agentFailure(`${device}: the run before has not ended`);
    underWay.add(device);
    try {
      return await read(parsed, device, context);
    } finally {
      underWay.delete(device);
    }
  },
};

async function read(address: DvbAddress, device: string, { signal }: ProbeContext): Promise<ProbeResult> {
  const wanted = address.tool === undefined ? tools : [address.tool];
  for (const tool of wanted) {
    try {
      const printed = await outputOf(tool, argumentsOf(tool, address), signal, 'SIGTERM');
      return resultOf(tool, printed, device, address.modulation, signal.aborted);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') return agentFailure(`${tool}: ${codeOf(error) ?? messageOf(error)}`);
    }
  }
  return agentFailure(
    `no ${wanted.join(' or ')}: install ${wanted.map((tool) => packages[tool]).join(' or ')}`,
  );
}

/** Of Debian, which have the same names elsewhere or are part of v4l-utils. */
const packages: Readonly<Record<Tool, string>> = { 'dvb-fe-tool': 'dvb-tools', femon: 'dvb-apps' };

function argumentsOf(tool: Tool, { adapter, frontend }: DvbAddress): string[] {
  const mode = tool === 'femon' ? '-H' : '--femon';
  return [mode, '-a', `${adapter}`, '-f', `${frontend}`, '-c', `${samples}`];
}

function resultOf(
  tool: Tool,
  { output, errors }: Printed,
  device: string,
  modulation: string | undefined,
  aborted: boolean,
): ProbeResult {
  // Which of the two a tool writes to differs between versions, and between samples and complaints.
  const printed = `${errors}\n${output}`;
  const told = parsers[tool](printed);
  if (told.length === 0) return agentFailure(reasonOf(tool, printed, device, aborted));
  const reading = combine(told);
  const { uncorrected, ...figures } = reading.figures;
  const grown = uncorrected === undefined ? undefined : counters.grownBy(device, uncorrected);
  return {
    ok: true,
    fields: signalFields({
      ...reading,
      figures: { ...figures, ...(grown !== undefined && { uncorrected: grown }) },
      modulation,
    }),
  };
}

function reasonOf(tool: Tool, printed: string, device: string, aborted: boolean): string {
  if (/permission denied|not permitted/i.test(printed)) return `${device} may not be read: group video`;
  if (/not found|no such (?:file|device)/i.test(printed)) return `no ${device} on this machine`;
  if (aborted) return `${tool} did not answer in time and was ended`;
  return /^[\x20-\x7e]+$/m.exec(printed)?.[0] ?? `${tool} was not understood`;
}

function agentFailure(error: string): ProbeResult {
  return { ok: false, source: 'agent', error };
}
