import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AgentKind } from '@tongtang/model/agent-kind';

/** An agent as machines get it: one file, started with the flags and the environment of the systemd unit. */

const root = resolve(import.meta.dirname, '../..');
const unit = readFileSync(join(root, 'infra/systemd/tongtang-agent.service'), 'utf8');

const dropIn = readFileSync(join(root, 'infra/systemd/tongtang-agent-receiver.conf'), 'utf8');

/** Of Node, before the bundle; beside a receiver a drop-in has others. */
export const unitFlags = flagsIn(unit);
export const receiverFlags = flagsIn(dropIn);

function flagsIn(text: string): readonly string[] {
  return (/^ExecStart=\S+ (.*) \S+\.cjs run$/m.exec(text)?.[1] ?? '').split(' ');
}

export const unitEnvironment: Readonly<Record<string, string>> = Object.fromEntries(
  [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

export const bundleName = 'tongtang-agent.cjs';

/** What code looks like that needs a compiled part, which another processor could not run. */
export const nativeAddOn = /\.node['"`]|\bdlopen\b|node-gyp|prebuild/;

/** Builds the bundle as `npm run build` does, apart from what other tests build, and lays it alone into a new folder. */
export function layBundle(kind: AgentKind = 'classroom'): { path: string; remove: () => void } {
  const [built, path] = ['built', 'shipped'].map((name) => mkdtempSync(join(tmpdir(), `tongtang-${name}-`)));
  if (built === undefined || path === undefined) throw new Error('no temporary folder');
  execFileSync(process.execPath, ['build.ts', built], { cwd: join(root, 'agents', kind) });
  cpSync(join(built, 'linux', bundleName), join(path, bundleName));
  rmSync(built, { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

/** Node with the unit's flags, in the folder of a bundle, with an environment that knows nothing of this checkout. */
export function startShipped(
  folder: string,
  words: readonly string[],
  data: string,
  flags: readonly string[] = unitFlags,
) {
  const child = spawn(process.execPath, [...flags, bundleName, ...words], {
    cwd: folder,
    env: { ...unitEnvironment, PATH: process.env.PATH, TONGTANG_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  const ended = once(child, 'exit').then(([code]) => Number(code));
  return { child, ended, output: () => output };
}
