import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * What MQTT.js brings along and this agent never uses costs 250 KB and 5 MB of memory. `readable-stream` is a copy of
 * what Node has; timers of workers are for browsers; MQTT goes neither over WebSocket nor SOCKS here, and version 3.1.1 has no
 * aliases of topics to keep; the log is written by no other thread. Parts of Node that are asked for one word cost as much again.
 */
const stubs: Readonly<Record<string, string>> = {
  ws: 'module.exports = class WebSocket { constructor() { throw new Error("no MQTT over WebSocket in this agent"); } };',
  socks: 'exports.SocksClient = class { constructor() { throw new Error("no SOCKS in this agent"); } };',
  debug: 'const silent = () => {}; silent.enabled = false; module.exports = () => silent;',
  'worker-timers': 'exports.setInterval = setInterval; exports.clearInterval = clearInterval;',
  'lru-cache': 'exports.LRUCache = class {};',
  'thread-stream': 'module.exports = class {};',
  worker_threads: 'exports.isMainThread = true;',
  assert: 'module.exports = (holds, message) => { if (!holds) throw new Error(message); };',
  'readable-stream': 'module.exports = require("node:stream");',
};

/** The probe of throughput has the real `ws`, which is not read before a first test; the reading of BER asserts in other ways. */
function needsWhole(path: string, importer: string): boolean {
  return (
    (path === 'ws' && importer.includes('/probes/')) || (path === 'assert' && importer.includes('/asn1-ber/'))
  );
}

const slim: Plugin = {
  name: 'slim',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${Object.keys(stubs).join('|')})$`);
    onResolve({ filter }, ({ path, importer }) =>
      needsWhole(path, importer) ? undefined : { path, namespace: 'stub' },
    );
    onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({
      contents: stubs[path] ?? '',
      resolveDir: import.meta.dirname,
    }));
  },
};

/**
 * Names the parts of typebox that are used, one by one, so that esbuild leaves out the rest: 130 KB and 2 MB of memory.
 */
const sparse: Plugin = {
  name: 'sparse',
  setup({ onLoad, onResolve, resolve }) {
    onLoad({ filter: /\/packages\/[^/]+\/src\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        /^import \{.*\b(Type|Value) \} from '(typebox(?:\/value)?)';$/m,
        "import * as $1 from '$2';",
      ),
      loader: 'ts',
    }));
    onResolve({ filter: /^typebox|^\.\.?\// }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === 'asked' || !(path.startsWith('typebox') || importer.includes('/typebox/'))) return;
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: 'asked' });
      return { ...found, sideEffects: false };
    });
  },
};

/** A field of the metric catalogue: its type and unit, and then what people read. */
const catalogueField =
  /\b(field|tally)\((\s*'[^']*',\s*'[^']*')((?:,\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*)+,?\s*)\)/g;

/** Leaves out what the metric catalogue tells people, in two languages: an agent tells nobody. 0.2 MB of memory. */
const mute: Plugin = {
  name: 'mute',
  setup({ onLoad }) {
    onLoad({ filter: /\/packages\/model\/src\/catalogue\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        catalogueField,
        (_, call: string, typeAndUnit: string) => `${call}(${typeAndUnit}, '', '', '', '')`,
      ),
      loader: 'ts',
    }));
  },
};

/**
 * Makes the shipped form of an agent: one file for Linux, and one for Windows that also holds `systeminformation`. Node 24 is all
 * that it needs beside it, on any processor.
 * @param home the folder of the agent, with `src/main.ts`
 * @param dist where it goes; made anew
 * @param plugins what this kind of agent needs besides
 */
export async function bundleAgent(
  home: string,
  dist: string = join(home, 'dist'),
  plugins: readonly Plugin[] = [],
): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  for (const [folder, external] of [
    ['linux', ['systeminformation']],
    ['windows', []],
  ] as const) {
    const outfile = join(dist, folder, 'tongtang-agent.cjs');
    const { metafile } = await build({
      entryPoints: [join(home, 'src/main.ts')],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      external: [...external],
      plugins: [...plugins, mute, slim, sparse],
      legalComments: 'linked',
      metafile: true,
    });
    await writeFile(outfile, escaped(await readFile(outfile, 'utf8')));
    for (const [file, { bytes }] of Object.entries(metafile.outputs))
      process.stdout.write(`${file}  ${Math.round(bytes / 1000)} kB\n`);
  }
}

/**
 * Escapes the Chinese that esbuild leaves in regular expressions: it escapes all other. V8 keeps a source with one such
 * character at two bytes for each of its characters, half a megabyte of memory.
 */
function escaped(source: string): string {
  return source.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
