import { startAgent } from '@tongtang/agent/agent';
import { enroll, readIdentity } from '@tongtang/agent/enrolment';
import type { ProbeSet } from '@tongtang/agent/probe-set';
import { type AgentReport, type AgentStatus, agentStatus } from '@tongtang/agent/status';
import { classroom } from '@tongtang/agent-classroom/classroom';
import { receiver } from '@tongtang/agent-receiver/receiver';
import type { AgentKind } from '@tongtang/model/agent-kind';
import { type LinkKind, linkKinds } from '@tongtang/model/link';
import { runDaemon } from '@tongtang/runtime/lifecycle';
import { createLog } from '@tongtang/runtime/log';
import { Command } from 'commander';
import { assertThere, assertWritable } from '../data-folder.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import { probeCommand } from './probe.ts';

const kinds: Readonly<Record<AgentKind, ProbeSet>> = { classroom, receiver };

/** `tongtang agent run|enroll|status|probe` */
export function agentCommand(): Command {
  return new Command('agent')
    .description('The agent of this machine')
    .addCommand(runCommand())
    .addCommand(enrollCommand())
    .addCommand(statusCommand())
    .addCommand(probeCommand());
}

function runCommand(): Command {
  const command = new Command('run').description('Measures and reports until stopped');
  return withSettings(command, ['data', 'logLevel']).action(async () => {
    const settings = settingsOf(command);
    assertThere(settings.data);
    const identity = readIdentity(settings.data);
    if (identity === undefined)
      throw new Refusal(`${settings.data} has no agent yet: tongtang agent enroll <hub> <code>`);
    const log = createLog(settings.logLevel);
    const probeSet = kinds[identity.kind ?? 'classroom'];
    process.exitCode = await runDaemon(log, () =>
      startAgent({ dataFolder: settings.data, identity, probeSet, log }),
    );
  });
}

function enrollCommand(): Command {
  const command = new Command('enroll')
    .description('Makes this machine an agent of a hub')
    .argument('<hub>', 'URL of the hub, such as http://192.0.2.10:8080')
    .argument('<code>', 'one-time code, made in the console or by tongtang enrolment code')
    .option('--replace', 'give up the identity that this machine has, and take a new one');
  return withSettings(command, ['data']).action(
    async (hub: string, code: string, options: { replace?: boolean }) => {
      const { data } = settingsOf(command);
      assertWritable(data);
      const answer = await enroll(hub, code, data, { replace: options.replace === true });
      if (!answer.ok) {
        const advice = answer.code === 'enrolled' ? '. With --replace it becomes a new agent' : '';
        throw new Refusal(`${answer.problem}${advice}`);
      }
      process.stdout.write(`Enrolled as ${answer.identity.agent}. Now: tongtang agent run --data ${data}\n`);
    },
  );
}

function statusCommand(): Command {
  const command = new Command('status')
    .description('Says what the agent of this machine does')
    .option('--json', 'as one JSON document');
  return withSettings(command, ['data']).action(({ json }: { json?: boolean }) => {
    const { data } = settingsOf(command);
    const status = agentStatus(data);
    process.stdout.write(json === true ? `${JSON.stringify(status)}\n` : describeStatus(status, data));
    if (!status.running) process.exitCode = 1;
  });
}

function describeStatus({ running, report }: AgentStatus, data: string): string {
  if (report === undefined)
    return readIdentity(data) === undefined
      ? `${data} has no agent: tongtang agent enroll <hub> <code>\n`
      : `The agent in ${data} has not run yet: tongtang agent run\n`;
  const links = linkKinds.flatMap((link) => describeLink(link, report));
  const rows = [
    [
      'Agent',
      `${report.agent}, version ${report.version}, ${running ? `running, process ${report.pid}` : 'not running'}`,
    ],
    ['Hub', `${report.hub}, ${describeConnection(running, report)}`],
    ['Links', links.length === 0 ? 'nothing measured yet' : links.join(', ')],
    [
      'Held back',
      `${report.backlog} samples not yet committed, ${report.dropped} dropped, ${report.failedWrites} of them because the disk refused them since it started`,
    ],
    [
      'Clock',
      report.clockOffsetMs === undefined
        ? 'not compared yet'
        : `hub's clock is ${report.clockOffsetMs} ms ahead`,
    ],
    ['Today', `${report.wireBytesToday} bytes exchanged with the hub`],
    ['As of', report.at],
  ];
  return rows.map(([name, text]) => `${`${name}:`.padEnd(11)}${text}\n`).join('');
}

/** One that does not run is connected to nothing, whatever it said last. */
function describeConnection(running: boolean, { connected, trouble }: AgentReport): string {
  if (!running) return 'not connected: the agent does not run';
  if (connected) return 'connected';
  return trouble === '' ? 'not connected' : `not connected: ${trouble}`;
}

/** With since when, unless it is good. Without a time nothing was ever known of it: a receiver that never answered. */
function describeLink(link: LinkKind, { links, linksSince }: AgentReport): string[] {
  const state = links[link];
  if (state === undefined) return [];
  if (state === 'good') return [`${link} good`];
  const since = linksSince?.[link];
  if (since !== undefined) return [`${link} ${state} since ${since}`];
  return [`${link} ${state}${state === 'unknown' ? ' (no evidence)' : ''}`];
}
