import { parseArgs } from 'node:util';
import { messageOf } from '@tongtang/runtime/errors';
import { runDaemon } from '@tongtang/runtime/lifecycle';
import { createLog, type LogLevel, logLevels } from '@tongtang/runtime/log';
import { startAgent } from './agent.ts';
import { enroll, readIdentity } from './enrolment.ts';
import type { ProbeSet } from './probe-set.ts';
import { agentStatus } from './status.ts';
import { version } from './version.ts';

/** What a shipped agent is: its kind in the words of its help, and what it measures. */
export type ShippedAgent = Readonly<{ title: string; probeSet: ProbeSet }>;

const usageOf = ({ title }: ShippedAgent) => `${title}, version ${version}

  tongtang-agent enroll <hub> <code>  make this machine an agent of a hub, such as http://192.0.2.10:8080
  tongtang-agent run                  measure and report until stopped
  tongtang-agent status               say what the agent does, as JSON

  --data <folder>      where identity and outbox are kept (TONGTANG_DATA; default: data)
  --log-level <level>  ${logLevels.join(', ')} (TONGTANG_LOG_LEVEL; default: info)
  --replace            with enroll: give up the identity that this machine has
`;

class Misuse extends Error {}

/** A shipped agent from its command line: what `tongtang agent` does, without the rest of Tongtang. Sets the exit code. */
export function runProgram(agent: ShippedAgent): void {
  main(agent).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      const usage = error instanceof Misuse ? `\n${usageOf(agent)}` : '';
      process.stderr.write(`${messageOf(error)}\n${usage}`);
      process.exitCode = 1;
    },
  );
}

async function main(agent: ShippedAgent): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: process.env.TONGTANG_DATA || 'data' },
      'log-level': { type: 'string', default: process.env.TONGTANG_LOG_LEVEL || 'info' },
      replace: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command, ...operands] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(usageOf(agent));
    return values.help ? 0 : 2;
  }
  switch (command) {
    case 'run':
      return await run(agent, values.data, logLevelOf(values['log-level']));
    case 'enroll':
      return await becomeAgent(operands, values.data, values.replace);
    case 'status':
      return showStatus(values.data);
    default:
      throw new Misuse(`there is no command "${command}"`);
  }
}

async function run({ probeSet }: ShippedAgent, dataFolder: string, level: LogLevel): Promise<number> {
  const identity = readIdentity(dataFolder);
  if (identity === undefined)
    throw new Misuse(`${dataFolder} has no agent yet: tongtang-agent enroll <hub> <code>`);
  const log = createLog(level);
  return await runDaemon(log, () => startAgent({ dataFolder, identity, probeSet, log }));
}

async function becomeAgent(
  operands: readonly string[],
  dataFolder: string,
  replace: boolean,
): Promise<number> {
  const [hub, code] = operands;
  if (hub === undefined || code === undefined)
    throw new Misuse('enroll needs the address of a hub and a code');
  const outcome = await enroll(hub, code, dataFolder, { replace });
  if (!outcome.ok) {
    process.stderr.write(`${outcome.problem}\n`);
    return 1;
  }
  process.stdout.write(`Enrolled as ${outcome.identity.agent}\n`);
  return 0;
}

function showStatus(dataFolder: string): number {
  const status = agentStatus(dataFolder);
  process.stdout.write(`${JSON.stringify(status, undefined, 2)}\n`);
  return status.running ? 0 : 1;
}

function logLevelOf(text: string): LogLevel {
  const level = logLevels.find((known) => known === text);
  if (level === undefined) throw new Misuse(`"${text}" is not a log level: ${logLevels.join(', ')}`);
  return level;
}
