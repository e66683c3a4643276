import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Whatever tests lay into the temporary folder is gone when the run ends: all of it, what a killed process left behind included.
 * Daemons that run as users of their own reach what is theirs in it.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-tests-'));
  chmodSync(folder, 0o755);
  // Workers and what they start inherit it.
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
