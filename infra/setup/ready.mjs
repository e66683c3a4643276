/**
 * Makes a fresh clone ready for `npm start`, `npm test` or `npm run bench`. Runs before anything is installed, on whatever Node the
 * machine has (20 or later), so it is plain JavaScript without dependencies.
 *
 * Usage: node infra/setup/ready.mjs start|test|bench
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '../..');
const purpose = process.argv[2];

/** Commands that the tests run for real, and the Debian package that brings each. */
const components = [
  { command: 'influxd', pack: 'influxdb' },
  { command: 'mosquitto', pack: 'mosquitto' },
  { command: 'mosquitto_passwd', pack: 'mosquitto' },
  { command: 'chromium', pack: 'chromium' },
  { command: 'ping', pack: 'iputils-ping' },
  { command: 'traceroute', pack: 'traceroute' },
  { command: 'tracepath', pack: 'iputils-tracepath' },
  { command: 'ffmpeg', pack: 'ffmpeg' },
  { command: 'tsreport', pack: 'tstools' },
  { command: 'dvb-fe-tool', pack: 'dvb-tools' },
  { command: 'ip', pack: 'iproute2' },
  { command: 'nft', pack: 'nftables' },
  { command: 'faketime', pack: 'faketime' },
  { command: 'snmpd', pack: 'snmpd' },
  { command: 'chasquid', pack: 'chasquid' },
  { command: 'pdftotext', pack: 'poppler-utils' },
];
/** What the benchmarks run beside: other agents, and what makes a disk of a file. */
const peers = [
  { command: 'netdata', pack: 'netdata-core' },
  { command: 'netdata', pack: 'netdata-plugins-bash' },
  { command: 'zabbix_agent2', pack: 'zabbix-agent2' },
  { command: 'mkfs.ext4', pack: 'e2fsprogs' },
];
/** Not a command: without it Chinese text in screenshots is boxes. */
const fonts = { file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', pack: 'fonts-noto-cjk' };

installPackages();
if (purpose === 'test') installComponents(components);
if (purpose === 'bench') {
  const installed = installComponents([...components, ...peers]);
  for (const service of ['netdata', 'zabbix-agent2'])
    if (installed.some((pack) => pack.startsWith(service))) end(service);
}
if (purpose === 'start') buildConsole();

function installPackages() {
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.installed-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  say('Installing npm packages (once, about a minute) …');
  // Not "npm ci": it refuses a lock without the optional packages of platforms that a mirror does not carry.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    failed: 'npm install failed: see its message above. Is the npm registry reachable?',
  });
  const node = spawnSync(join(root, 'node_modules/.bin/node'), ['--version'], { encoding: 'utf8' });
  if (!/^v(2[4-9]|[3-9]\d)\./.test(node.stdout ?? ''))
    stop(
      'The npm package "node" did not bring Node 24. Its install script must be allowed: npm config get ignore-scripts',
    );
  writeFileSync(stamp, digest);
}

/** @returns the packages that were missing */
function installComponents(wanted) {
  const missing = wanted.filter(({ command }) => !onPath(command)).map(({ pack }) => pack);
  if (process.platform === 'linux' && !existsSync(fonts.file)) missing.push(fonts.pack);
  const packs = [...new Set(missing)];
  if (packs.length === 0) return packs;
  const command = `apt-get install --no-install-recommends ${packs.join(' ')}`;
  if (!onPath('apt-get')) stop(`The tests run against real services. Please install: ${packs.join(', ')}`);
  if (process.getuid?.() !== 0) stop(`The tests run against real services. Please run: sudo ${command}`);
  say(`Installing what the tests run against: ${packs.join(', ')} …`);
  run('apt-get', ['update', '-qq'], { failed: 'apt-get update failed' });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packs], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    failed: `${command} failed`,
    quiet: true,
  });
  return packs;
}

/** Debian starts a service with its package. The benchmarks start it themselves, and nobody asked for more. */
function end(service) {
  if (!existsSync('/run/systemd/system')) return;
  run('systemctl', ['disable', '--quiet', '--now', service], { failed: `${service} could not be stopped` });
}

/** The page is the one thing that is built before it runs; turbo does it again only when its source has changed. */
function buildConsole() {
  run(
    join(root, 'node_modules/.bin/turbo'),
    ['run', 'build', '--filter=@tongtang/console', '--output-logs=errors-only'],
    {
      failed: 'The console could not be built: see the message above.',
      quiet: true,
    },
  );
}

/** Debian puts some where only root's PATH looks. */
function onPath(command) {
  return `${process.env.PATH ?? ''}${delimiter}/usr/sbin`.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function run(command, args, { failed, env = {}, quiet = false }) {
  const bin = join(root, 'node_modules/.bin');
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
    env: {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      ...env,
    },
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop(failed);
}

/** To standard error: what the command that follows prints may be data. */
function say(text) {
  process.stderr.write(`${text}\n`);
}

function stop(text) {
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}
