import { parseArgs } from 'node:util';
import { startAgent } from '@tongtang/agent/agent';
import { enroll, readIdentity } from '@tongtang/agent/enrolment';
import { agentStatus } from '@tongtang/agent/status';
import { version } from '@tongtang/agent/version';
import { messageOf } from '@tongtang/runtime/errors';
import { runDaemon } from '@tongtang/runtime/lifecycle';
import { createLog, type LogLevel, logLevels } from '@tongtang/runtime/log';
import { classroom } from './classroom.ts';

/** The shipped agent: what `tongtang agent` does, without the rest of Tongtang. */

const usage = `The Tongtang agent of a classroom PC, version ${version}

  tongtang-agent enroll <hub> <code>  make this machine an agent of a hub, such as http://192.0.2.10:8080
  tongtang-agent run                  measure and report until stopped
  tongtang-agent status               say what the agent does, as JSON

  --data <folder>      where identity and outbox are kept (TONGTANG_DATA; default: data)
  --log-level <level>  ${logLevels.join(', ')} (TONGTANG_LOG_LEVEL; default: info)
  --replace            with enroll: give up the identity that this machine has
`;

class Misuse extends Error {}

async function main(): Promise<number> {
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
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  switch (command) {
    case 'run':
      return await run(values.data, logLevelOf(values['log-level']));
    case 'enroll':
      return await becomeAgent(operands, values.data, values.replace);
    case 'status':
      return showStatus(values.data);
    default:
      throw new Misuse(`there is no command "${command}"`);
  }
}

async function run(dataFolder: string, level: LogLevel): Promise<number> {
  const identity = readIdentity(dataFolder);
  if (identity === undefined)
    throw new Misuse(`${dataFolder} has no agent yet: tongtang-agent enroll <hub> <code>`);
  const log = createLog(level);
  return await runDaemon(log, () => startAgent({ dataFolder, identity, probeSet: classroom, log }));
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n${error instanceof Misuse ? `\n${usage}` : ''}`);
    process.exitCode = 1;
  },
);
