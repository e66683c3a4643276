import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { dataFolder, tongtang } from '../services/tongtang.ts';

it.each(['agent', 'hub', 'enrolment'])(
  'tongtang %s finds typebox in the few files that the installation joined',
  async (command) => {
    const loaded = dataFolder();
    onTestFinished(loaded.remove);
    const { code } = await tongtang([command, '--help'], { NODE_V8_COVERAGE: loaded.path });
    expect(code).toBe(0);
    const scripts = readdirSync(loaded.path)
      .map((name) => readFileSync(join(loaded.path, name), 'utf8'))
      .join();
    expect(scripts).toMatch(/node_modules\/\.cache\/typebox\/index\.mjs/);
    expect(scripts).not.toMatch(/node_modules\/typebox\//);
  },
);
