import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

/**
 * Keeps the record of which real component each test file ran against, and prints it when all tests have run.
 * Vitest calls {@link setup} once before everything; every starter of a service calls {@link ranAgainst}.
 */
const recordVariable = 'TONGTANG_TEST_COMPONENTS';

/** Notes that the test file that is running uses a real component, such as `InfluxDB 1.6.7`. */
export function ranAgainst(component: string): void {
  const record = process.env[recordVariable];
  if (record === undefined) return;
  const file = (expect.getState().testPath ?? '').replace(/^.*\/(packages|agents|tests)\//, '$1/');
  appendFileSync(record, `${JSON.stringify([component, file])}\n`);
}

/** @returns what runs after the last test */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-components-'));
  const record = join(folder, 'record');
  writeFileSync(record, '');
  process.env[recordVariable] = record;
  return () => {
    process.stdout.write(report(readFileSync(record, 'utf8')));
    rmSync(folder, { recursive: true });
  };
}

function report(record: string): string {
  const uses = new Map<string, Set<string>>();
  for (const line of record.split('\n').filter((line) => line !== '')) {
    const [component, file]: unknown[] = JSON.parse(line);
    const files = uses.get(String(component)) ?? new Set();
    uses.set(String(component), files.add(String(file)));
  }
  if (uses.size === 0) return '';
  const rows = [...uses].sort().map(
    ([component, files]) =>
      `  ${component}\n${[...files]
        .sort()
        .map((file) => `    ${file}\n`)
        .join('')}`,
  );
  return `\nRan against real components:\n${rows.join('')}\n`;
}
