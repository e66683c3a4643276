import { DatabaseSync } from 'node:sqlite';

/** Holds the lock for writing on a registry, as an import by the command line does, until it is told to let go. */
const registry = new DatabaseSync(process.argv[2] ?? '', { timeout: 10_000 });
registry.exec('BEGIN IMMEDIATE');
process.stdout.write('held\n');
process.stdin.on('end', () => {
  registry.exec('ROLLBACK');
  registry.close();
});
process.stdin.resume();
