import { parseArgs } from 'node:util';
import type { Benchmark, Result } from './benchmark.ts';
import { benchmarks } from './registry.ts';
import { size, sizeDefaults } from './size.ts';

/** `npm run bench`: figures with their targets, as a table or as one JSON document. */

const usage = `npm run bench -- [name …] [--json]
npm run bench -- --agents N [--seconds S] [--away S] [--json]

${benchmarks.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n')}

  --agents N     instead of these: N virtual agents in lessons on one hub, each with its own connection, credentials
                 and outbox, then all of them without the hub and back at once; ${Math.round((sizeDefaults.seconds + sizeDefaults.away) / 60)} minutes and more. The figures
                 have to be reached with 5,000; further N show where it breaks
  --seconds S    how long they are in lessons, with --agents; ${sizeDefaults.seconds} where not given
  --away S       how long the hub is away, with --agents; ${sizeDefaults.away} where not given
  --json         one JSON document on standard output; with npm's own lines left out:
                 npm run --silent bench -- --json

Exit code 1 where a target is missed.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      agents: { type: 'string' },
      seconds: { type: 'string', default: String(sizeDefaults.seconds) },
      away: { type: 'string', default: String(sizeDefaults.away) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const unknown = positionals.filter((wanted) => !benchmarks.some(({ name }) => name === wanted));
  if (unknown.length > 0) {
    process.stderr.write(`There is no benchmark "${unknown.join('", "')}"\n\n${usage}`);
    return 2;
  }
  const { agents, seconds, away } = values;
  const numbers = [agents ?? '1', seconds, away].map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < 1)) {
    process.stderr.write(`--agents, --seconds and --away take a whole number from 1 on\n\n${usage}`);
    return 2;
  }
  const sized = size(Number(agents), { seconds: Number(seconds), away: Number(away) });
  const named = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const chosen = agents === undefined ? named : [sized];
  const results: Result[] = [];
  for (const benchmark of chosen) results.push(...(await run(benchmark)));
  process.stdout.write(values.json ? `${JSON.stringify({ results })}\n` : table(results));
  return results.some(({ met }) => met === false) ? 1 : 0;
}

async function run({ name, about, run }: Benchmark): Promise<readonly Result[]> {
  const say = (text: string): void => {
    process.stderr.write(`${name}: ${text}\n`);
  };
  say(about);
  return run({ say });
}

function table(results: readonly Result[]): string {
  const rows = results.map(({ name, value, unit, target, met }) => [
    name,
    String(value),
    unit,
    target ?? '',
    met === null ? '' : met ? 'met' : 'MISSED',
  ]);
  const head = ['figure', 'value', 'unit', 'target', ''];
  const width = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(width[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}

process.exitCode = await main();
