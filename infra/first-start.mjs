/**
 * Makes the passwords of an installation, once: they are nowhere before. Plain JavaScript without dependencies, for whatever Node a
 * machine has (20 or later).
 *
 * Usage: node infra/first-start.mjs <name or address by which agents reach this machine> [file]
 */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [host, file = fileURLToPath(new URL('compose/.env', import.meta.url))] = process.argv.slice(2);
if (host === undefined || !/^[a-zA-Z0-9.-]+$/.test(host))
  stop('Name the host by which agents reach this machine: node infra/first-start.mjs hub.example');
if (existsSync(file)) stop(`${file} is there already, and its passwords are in use: nothing was changed.`);

/** 192 bits, of characters that need no escaping in an address. */
const password = () => randomBytes(24).toString('base64url');

const text = `# Made by infra/first-start.mjs. Whoever can read this file can do everything. Keep a copy where the backup is.
INFLUXDB_ADMIN_PASSWORD=${password()}
INFLUXDB_HUB_PASSWORD=${password()}
INFLUXDB_GRAFANA_PASSWORD=${password()}
MQTT_HUB_PASSWORD=${password()}
GRAFANA_ADMIN_PASSWORD=${password()}
# Where agents find the broker.
AGENT_BROKER=mqtt://${host}:1883
# The address of this machine that is served; 0.0.0.0 for all networks.
LISTEN=127.0.0.1
# To whom Grafana's rules speak, once GF_SMTP_* is set: docs/grafana.md
GRAFANA_ALERT_MAIL=tongtang@localhost
`;
try {
  // Never over a file that came in the meantime.
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
} catch (error) {
  stop(`${file} cannot be written: ${error.message}`);
}
process.stdout.write(`Passwords are in ${file}, readable by its owner.\n`);

function stop(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
