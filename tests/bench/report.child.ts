import { tongtangProgram } from '@tongtang/cli/program';

/** Runs a command line in a process of its own, and says as the last line on standard output what that took at most. */
const words = process.argv.slice(2);
await (await tongtangProgram(words)).parseAsync(words, { from: 'user' });
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
// Linux tells memory in KiB, and times are in microseconds.
const took = { mostMb: (maxRSS * 1024) / 1e6, cpuS: (userCPUTime + systemCPUTime) / 1e6 };
process.stdout.write(`${JSON.stringify(took)}\n`);
