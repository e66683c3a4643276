import { createLog } from '@tongtang/runtime/log';
import { Command } from 'commander';
import { commandLine, registryIn } from '../hub-data.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';

/** `tongtang enrolment code` */
export function enrolmentCommand(): Command {
  return new Command('enrolment').description('Codes that let a machine in').addCommand(codeCommand());
}

function codeCommand(): Command {
  const command = new Command('code')
    .description('Makes a one-time code for a classroom; run it on the hub’s machine, or use the console')
    .argument('<classroom>', 'county/school/classroom, such as qilian/hb3z/c1');
  return withSettings(command, ['data', 'http', 'logLevel']).action((path: string) => {
    const settings = settingsOf(command);
    const [county, school, classroom, ...rest] = path.split('/');
    if (county === undefined || school === undefined || classroom === undefined || rest.length > 0)
      throw new Refusal(`"${path}" is not county/school/classroom`);
    const registry = registryIn(settings.data, createLog(settings.logLevel));
    try {
      const answer = registry.createEnrolmentCode(
        { county, school, classroom, kind: 'classroom' },
        commandLine,
      );
      if (!answer.ok) throw new Refusal(answer.problem);
      process.stdout.write(`tongtang agent enroll http://${settings.http} ${answer.code}\n`);
    } finally {
      registry.close();
    }
  });
}
