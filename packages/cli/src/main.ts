import { tongtangProgram } from './program.ts';
import { Refusal } from './refusal.ts';

try {
  await tongtangProgram().parseAsync();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
