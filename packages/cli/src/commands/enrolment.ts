import { onlyHere } from '@tongtang/hub/only-here';
import { type AgentKind, agentKinds } from '@tongtang/model/agent-kind';
import { createLog } from '@tongtang/runtime/log';
import type { Registry } from '@tongtang/store/registry/open';
import { Command, Option } from 'commander';
import { hubAddress } from '../hub-address.ts';
import { commandLine, registryIn } from '../hub-data.ts';
import { hubListens } from '../hub-listens.ts';
import { hubSettings } from '../hub-settings.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import type { Settings } from '../settings.ts';

const defaultKind: AgentKind = 'classroom';

/** `tongtang enrolment code|list|move|revoke` */
export function enrolmentCommand(): Command {
  return new Command('enrolment')
    .description('Machines of the hub: let in, move, shut out. Run it on the hub’s machine')
    .addCommand(codeCommand())
    .addCommand(listCommand())
    .addCommand(moveCommand())
    .addCommand(revokeCommand());
}

function codeCommand(): Command {
  const command = new Command('code')
    .description('Makes a one-time code for a classroom; the console does the same')
    .argument('<classroom>', 'county/school/classroom, such as qilian/hb3z/c1')
    .addOption(
      new Option('--kind <kind>', 'what the machine stands beside')
        .choices([...agentKinds])
        .default(defaultKind),
    );
  const keys = ['data', 'http', 'mqtt', 'stamp', 'broker', 'agentBroker', 'logLevel'] as const;
  return withSettings(command, keys).action((path: string, { kind }: { kind: AgentKind }) => {
    const asked = settingsOf(command);
    const settings = { ...asked, http: hubListens(asked) };
    const answer = withRegistry(settings, (registry) =>
      registry.createEnrolmentCode({ ...seatOf(path), kind }, commandLine),
    );
    if (!answer.ok) throw new Refusal(answer.problem);
    process.stdout.write(`npx tongtang agent enroll ${hubAddress(settings.http)} ${answer.code}\n`);
    const { http, ...addresses } = hubSettings(settings);
    const here = onlyHere(http.host, addresses);
    if (here.length > 0)
      process.stderr.write(
        `Only this machine can use it: set ${here.join(', ')} first (docs/operators-guide.md, “Install the hub”)\n`,
      );
  });
}

function listCommand(): Command {
  const command = new Command('list').description(
    'Lists the machines that were let in, and where they stand',
  );
  return withSettings(command, ['data', 'logLevel']).action(() => {
    const agents = withRegistry(settingsOf(command), (registry) => registry.agents());
    for (const { id, place, hostname = '' } of agents)
      process.stdout.write(`${id}\t${place.county}/${place.school}/${place.classroom}\t${hostname}\n`);
  });
}

function moveCommand(): Command {
  const command = new Command('move')
    .description('Says that a machine now stands in another classroom of its county')
    .argument('<agent>', 'agent id')
    .argument('<classroom>', 'county/school/classroom, such as qilian/hb3z/c1');
  return withSettings(command, ['data', 'logLevel']).action((id: string, path: string) => {
    const { county, ...seat } = seatOf(path);
    withRegistry(settingsOf(command), (registry) => {
      const home = registry.agent(id)?.place.county ?? county;
      if (county !== home) throw new Refusal(`${id} is of ${home}: enrol it anew to move it to ${county}`);
      const answer = registry.move(id, seat, commandLine);
      if (!answer.ok) throw new Refusal(answer.problem);
    });
    process.stdout.write(`${id} stands in ${path}\n`);
  });
}

function revokeCommand(): Command {
  const command = new Command('revoke')
    .description('Shuts a machine out for good; what it measured stays')
    .argument('<agent>', 'agent id');
  return withSettings(command, ['data', 'logLevel']).action((id: string) => {
    const answer = withRegistry(settingsOf(command), (registry) => registry.revoke(id, commandLine));
    if (!answer.ok) throw new Refusal(answer.problem);
    process.stdout.write(`${id} can no longer connect\n`);
  });
}

function withRegistry<T>(settings: Settings, work: (registry: Registry) => T): T {
  const registry = registryIn(settings.data, createLog(settings.logLevel));
  try {
    return work(registry);
  } finally {
    registry.close();
  }
}

function seatOf(path: string): Readonly<{ county: string; school: string; classroom: string }> {
  const [county, school, classroom, ...rest] = path.split('/');
  if (county === undefined || school === undefined || classroom === undefined || rest.length > 0)
    throw new Refusal(`"${path}" is not county/school/classroom`);
  return { county, school, classroom };
}
