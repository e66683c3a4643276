import { tongtangProgram } from '@tongtang/cli/program';

/** Runs a command line in a process of its own, and says on standard output how many MB that took at most. */
const words = process.argv.slice(2);
await (await tongtangProgram(words)).parseAsync(words, { from: 'user' });
// Linux tells it in KiB.
process.stdout.write(`${(process.resourceUsage().maxRSS * 1024) / 1e6}\n`);
