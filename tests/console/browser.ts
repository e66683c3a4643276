import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ranAgainst } from '../services/components.ts';

/**
 * Starts the system's Chromium, without a window and without its own talk to the Internet.
 * @throws where the Debian package is missing
 */
export async function startChromium(): Promise<Browser> {
  const found = spawnSync('chromium', ['--version', '--no-sandbox'], { encoding: 'utf8' });
  if (found.error !== undefined)
    throw new Error(`chromium is needed: apt-get install chromium (${found.error.message})`);
  ranAgainst(`Chromium ${/(\d[\d.]+)/.exec(found.stdout)?.[1] ?? 'of unknown version'}`);
  return chromium.launch({
    executablePath: spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim(),
    // Where no locale is set, as on a bare machine, it calls whatever it downloads by a Chinese name `download`.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    args: [
      // Tests run as root in containers, where Chromium refuses to run with its sandbox.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/**
 * Builds the console as it is shipped. Several test files do, at the same time, and hubs serve what is there: so it is built apart,
 * and put in its place only where that is not what is there already.
 */
export function buildConsole(): void {
  const folder = resolve(import.meta.dirname, '../../packages/console');
  const vite = resolve(import.meta.dirname, '../../node_modules/vite/bin/vite.js');
  const apart = mkdtempSync(join(tmpdir(), 'tongtang-console-'));
  try {
    const words = [vite, 'build', '--logLevel', 'warn', '--outDir', apart, '--emptyOutDir'];
    const built = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`vite build: ${built.stdout}${built.stderr}`);
    putInPlace(apart, join(folder, 'dist'));
  } finally {
    rmSync(apart, { recursive: true });
  }
}

/** The page last: it names everything else by its content, and speaks for it. */
function putInPlace(from: string, to: string): void {
  const [fresh, present] = [join(from, pageName), join(to, pageName)];
  if (existsSync(present) && readFileSync(present).equals(readFileSync(fresh))) return;
  cpSync(from, to, { recursive: true, filter: (file) => basename(file) !== pageName });
  copyFileSync(fresh, present);
}

const pageName = 'index.html';

export type Visit = Readonly<{
  page: Page;
  /** What the browser complained of: errors of scripts, and what the Content-Security-Policy refused. */
  complaints: readonly string[];
  /** Hosts that were asked for anything. */
  hosts: ReadonlySet<string>;
  /** How often a whole page was loaded. */
  loads: () => number;
  /** Bytes that came over the network so far, compressed as they came, headers included. */
  bytes: () => number;
}>;

/** Opens a browser window of its own, with nothing in its cache. */
export async function visit(browser: Browser, options: BrowserContextOptions): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const hosts = new Set<string>();
  let loads = 0;
  let bytes = 0;
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Chromium reports every answer with an error status, such as "not signed in" of the first visit.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('request', (request) => {
    hosts.add(new URL(request.url()).host);
    if (request.isNavigationRequest()) loads += 1;
  });
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  return { page, complaints, hosts, loads: () => loads, bytes: () => bytes };
}
