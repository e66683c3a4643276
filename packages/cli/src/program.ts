import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { agentCommand } from './commands/agent.ts';
import { backupCommand } from './commands/backup.ts';
import { brokerCommand } from './commands/broker.ts';
import { demoAgentsCommand, demoCommand } from './commands/demo.ts';
import { enrolmentCommand } from './commands/enrolment.ts';
import { hubCommand } from './commands/hub.ts';
import { incidentCommand } from './commands/incident.ts';
import { inventoryCommand } from './commands/inventory.ts';
import { lessonsCommand } from './commands/lessons.ts';
import { maintenanceCommand } from './commands/maintenance.ts';
import { notifyCommand } from './commands/notify.ts';
import { reportCommand } from './commands/report.ts';
import { satelliteCommand } from './commands/satellite.ts';
import { startCommand } from './commands/start.ts';
import { storeCommand } from './commands/store.ts';
import { tailCommand } from './commands/tail.ts';
import { timetableCommand } from './commands/timetable.ts';
import { userCommand } from './commands/user.ts';
import { visitCommand } from './commands/visit.ts';

/** The command `tongtang`: one file a command under commands/. */
export function tongtangProgram(): Command {
  return new Command('tongtang')
    .description('Keeps distant classrooms in the same class: measures every link a live lesson depends on')
    .version(manifest.version)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for what is possible)')
    .addCommand(startCommand())
    .addCommand(demoCommand())
    .addCommand(demoAgentsCommand(), { hidden: true })
    .addCommand(hubCommand())
    .addCommand(agentCommand())
    .addCommand(enrolmentCommand())
    .addCommand(inventoryCommand())
    .addCommand(timetableCommand())
    .addCommand(incidentCommand())
    .addCommand(lessonsCommand())
    .addCommand(reportCommand())
    .addCommand(maintenanceCommand())
    .addCommand(visitCommand())
    .addCommand(userCommand())
    .addCommand(brokerCommand())
    .addCommand(backupCommand())
    .addCommand(storeCommand())
    .addCommand(tailCommand())
    .addCommand(satelliteCommand())
    .addCommand(notifyCommand());
}
