/**
 * Gives an InfluxDB 1.x that knows nobody yet its users, the database and the retention policies; for an installation without
 * containers. Twice does no harm. Plain JavaScript without dependencies.
 *
 * Usage: node --env-file=<file of infra/first-start.mjs> infra/influxdb/first-start.mjs [http://127.0.0.1:8086]
 */
import { readFileSync } from 'node:fs';

const [url = 'http://127.0.0.1:8086'] = process.argv.slice(2);
const [admin, hub, grafana] = ['ADMIN', 'HUB', 'GRAFANA'].map((who) => {
  const password = process.env[`INFLUXDB_${who}_PASSWORD`];
  if (password === undefined || !/^[A-Za-z0-9_-]{16,}$/.test(password))
    stop(`INFLUXDB_${who}_PASSWORD is not set: node --env-file=<file> ${process.argv[1]}`);
  return password;
});

const policies = readFileSync(new URL('retention.iql', import.meta.url), 'utf8');
// As long as there is no admin, anybody may make the first, and nothing else.
await ask(`CREATE USER "admin" WITH PASSWORD '${admin}' WITH ALL PRIVILEGES`);
for (const statement of [
  'CREATE DATABASE "tongtang"',
  ...policies.split(';'),
  `CREATE USER "tongtang" WITH PASSWORD '${hub}'`,
  'GRANT ALL ON "tongtang" TO "tongtang"',
  `CREATE USER "grafana" WITH PASSWORD '${grafana}'`,
  'GRANT READ ON "tongtang" TO "grafana"',
])
  if (statement.trim() !== '') await ask(statement);
process.stdout.write(`${url}: database tongtang, users admin, tongtang and grafana\n`);

async function ask(statement) {
  const authorization = `Basic ${Buffer.from(`admin:${admin}`).toString('base64')}`;
  let answer;
  try {
    answer = await fetch(`${url}/query`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ q: statement }),
    });
  } catch (error) {
    stop(`InfluxDB at ${url} does not answer: ${error.message}`);
  }
  const { error, results = [] } = await answer.json();
  const problem = error ?? results.find((result) => result.error !== undefined)?.error;
  if (problem !== undefined) stop(`InfluxDB at ${url}: ${problem}`);
}

function stop(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
