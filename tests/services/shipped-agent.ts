import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The agent as classrooms get it: one file, started with the flags and the environment of the systemd unit. */

const root = resolve(import.meta.dirname, '../..');
const unit = readFileSync(join(root, 'infra/systemd/tongtang-agent.service'), 'utf8');

/** Of Node, before the bundle. */
export const unitFlags: readonly string[] = (
  /^ExecStart=\S+ (.*) \S+\.cjs run$/m.exec(unit)?.[1] ?? ''
).split(' ');

export const unitEnvironment: Readonly<Record<string, string>> = Object.fromEntries(
  [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

export const bundleName = 'tongtang-agent.cjs';

/** Builds the bundle as `npm run build` does, and lays it alone into a new folder. */
export function layBundle(): { path: string; remove: () => void } {
  const home = join(root, 'agents/classroom');
  execFileSync(process.execPath, ['build.ts'], { cwd: home });
  const path = mkdtempSync(join(tmpdir(), 'tongtang-shipped-'));
  cpSync(join(home, 'dist/linux', bundleName), join(path, bundleName));
  return { path, remove: () => rmSync(path, { recursive: true }) };
}
