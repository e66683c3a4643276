import { tongtangProgram } from './program.ts';
import { Refusal } from './refusal.ts';

try {
  const words = process.argv.slice(2);
  await (await tongtangProgram(words)).parseAsync(words, { from: 'user' });
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
