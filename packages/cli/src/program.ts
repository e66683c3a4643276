import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };

type Entry = Readonly<{
  /** As the list of commands has it: name, and what follows it. */
  term: string;
  /** What the command says of itself; a test holds both to the same. */
  about: string;
  load: () => Promise<Command>;
  hidden?: true;
}>;

/** One file a command under commands/. It is read when it is called: a hub and a simulator behind each `--help` took 160 MB. */
const entries: readonly Entry[] = [
  {
    term: 'start [options]',
    about: 'Runs the hub and this machine’s own agent, and says where the console is',
    load: async () => (await import('./commands/start.ts')).startCommand(),
  },
  {
    term: 'demo [options]',
    about: 'Shows a simulated county: a hub on a folder of its own, a term of history, and then live',
    load: async () => (await import('./commands/demo.ts')).demoCommand(),
  },
  {
    term: 'demo-agents [options]',
    about: 'The virtual agents of a demonstration',
    load: async () => (await import('./commands/demo.ts')).demoAgentsCommand(),
    hidden: true,
  },
  {
    term: 'hub [options]',
    about: 'Runs the hub: broker, ingest, store, API and console',
    load: async () => (await import('./commands/hub.ts')).hubCommand(),
  },
  {
    term: 'agent',
    about: 'The agent of this machine',
    load: async () => (await import('./commands/agent.ts')).agentCommand(),
  },
  {
    term: 'enrolment',
    about: 'Machines of the hub: let in, move, shut out. Run it on the hub’s machine',
    load: async () => (await import('./commands/enrolment.ts')).enrolmentCommand(),
  },
  {
    term: 'inventory',
    about: 'Counties, schools, classrooms and targets',
    load: async () => (await import('./commands/inventory.ts')).inventoryCommand(),
  },
  {
    term: 'timetable',
    about: 'When which class has which lesson (课表): terms, bells, calendar, weeks and changes',
    load: async () => (await import('./commands/timetable.ts')).timetableCommand(),
  },
  {
    term: 'incident',
    about: 'What broke, where, and what is done about it (故障). Asks the running hub',
    load: async () => (await import('./commands/incident.ts')).incidentCommand(),
  },
  {
    term: 'lessons [options]',
    about: 'The lessons of a day, and whether each can be held (课前检查). Asks the running hub',
    load: async () => (await import('./commands/lessons.ts')).lessonsCommand(),
  },
  {
    term: 'report [options]',
    about: "Writes the bureau's report (考核) of a month, a term or some days",
    load: async () => (await import('./commands/report.ts')).reportCommand(),
  },
  {
    term: 'maintenance',
    about: 'Announced work: what happens in it is no incident (维护时段). Asks the running hub',
    load: async () => (await import('./commands/maintenance.ts')).maintenanceCommand(),
  },
  {
    term: 'visit',
    about:
      'The register of visits and activities (走访与活动): what was held, counted in the report. Asks the running hub',
    load: async () => (await import('./commands/visit.ts')).visitCommand(),
  },
  {
    term: 'user',
    about: 'People who sign in to the console',
    load: async () => (await import('./commands/user.ts')).userCommand(),
  },
  {
    term: 'broker',
    about: 'An external MQTT broker',
    load: async () => (await import('./commands/broker.ts')).brokerCommand(),
  },
  {
    term: 'backup [options] <folder>',
    about: 'Copies all databases of the hub, whole, while it runs',
    load: async () => (await import('./commands/backup.ts')).backupCommand(),
  },
  {
    term: 'store',
    about: 'Where telemetry is kept',
    load: async () => (await import('./commands/store.ts')).storeCommand(),
  },
  {
    term: 'tail [options]',
    about: 'Prints what agents and hub say to each other, for people. Run it on the hub’s machine',
    load: async () => (await import('./commands/tail.ts')).tailCommand(),
  },
  {
    term: 'satellite',
    about: 'Where a satellite stands, and when the Sun stands behind it. Needs neither hub nor network',
    load: async () => (await import('./commands/satellite.ts')).satelliteCommand(),
  },
  {
    term: 'notify',
    about: 'Messages to people. Run it on the hub’s machine, as its user',
    load: async () => (await import('./commands/notify.ts')).notifyCommand(),
  },
];

/**
 * The command `tongtang`, with the command that is called and a word about the others.
 * @param words of the command line, without `tongtang` itself
 */
export async function tongtangProgram(words: readonly string[]): Promise<Command> {
  const [first, second] = words.filter((word) => !word.startsWith('-'));
  const called = first === 'help' ? second : first;
  return programOf((entry) => (nameOf(entry) === called ? entry.load() : mentioned(entry)));
}

/** The same with all of its commands. */
export async function wholeProgram(): Promise<Command> {
  return programOf(({ load }) => load());
}

async function programOf(make: (entry: Entry) => Command | Promise<Command>): Promise<Command> {
  const terms = new Map(entries.map((entry) => [nameOf(entry), entry.term]));
  const program = new Command('tongtang')
    .description('Keeps distant classrooms in the same class: measures every link a live lesson depends on')
    .version(manifest.version)
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: (command) => terms.get(command.name()) ?? 'help [command]',
    })
    .showHelpAfterError('(add --help for what is possible)');
  for (const entry of entries) program.addCommand(await make(entry), { hidden: entry.hidden ?? false });
  return program;
}

function mentioned(entry: Entry): Command {
  return new Command(nameOf(entry)).description(entry.about);
}

function nameOf({ term }: Entry): string {
  return term.split(' ')[0] ?? term;
}
