import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answers } from './answers.ts';
import { ranAgainst } from './components.ts';
import { freePort } from './free-port.ts';

export type RunningMailServer = Readonly<{
  /** Asks for STARTTLS, then a password. */
  submissionPort: number;
  /** TLS from the first byte, then a password. */
  tlsPort: number;
  /** PEM file of the authority that its certificate is of. */
  ca: string;
  user: string;
  password: string;
  /** Mails that it has delivered into the mailbox, as they came, in no order. */
  delivered: () => string[];
  stop: () => Promise<void>;
}>;

const domain = 'school.example';

/**
 * Starts Debian's chasquid on loopback, with one user, a certificate of its own, and a mailbox in a folder of its own.
 * @throws where it is not installed or does not start
 */
export async function startMailServer(): Promise<RunningMailServer> {
  const [smtp, submission, tls] = [await freePort(), await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'tongtang-chasquid-'));
  const [config, mailbox, data] = ['config', 'mailbox', 'data'].map((name) => join(folder, name));
  if (config === undefined || mailbox === undefined || data === undefined) throw new Error('no folder');
  const certificates = join(config, 'certs', 'localhost');
  for (const path of [mailbox, data, certificates, join(config, 'domains', domain)])
    mkdirSync(path, { recursive: true });
  const ca = join(certificates, 'fullchain.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(certificates, 'privkey.pem'), '-out', ca];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...subject], { stdio: 'ignore' });
  const deliver = join(folder, 'deliver.sh');
  writeFileSync(
    deliver,
    `#!/bin/sh\nf=$(mktemp ${mailbox}/XXXXXX.part) && cat > "$f" && mv "$f" "\${f%.part}.eml"\n`,
  );
  chmodSync(deliver, 0o755);
  writeFileSync(join(config, 'chasquid.conf'), configText({ smtp, submission, tls }, data, deliver));
  const [user, password] = [`hub@${domain}`, 'a password of the tests'];
  for (const name of [user, `zhang@${domain}`, `li@${domain}`])
    execFileSync('chasquid-util', [`-C=${config}`, 'user-add', name, `--password=${password}`], {
      stdio: 'ignore',
    });

  const child = spawn('chasquid', [`--config_dir=${config}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  const ended = once(child, 'exit').catch((error: unknown) => {
    output += String(error);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !(await answers(submission)); tries += 1) {
    if (child.exitCode !== null || child.pid === undefined || tries > 200) {
      await stop();
      throw new Error(`chasquid does not start (apt-get install chasquid): ${output}`);
    }
    await wait(50);
  }
  ranAgainst(
    `chasquid ${execFileSync('chasquid', ['-version'], { encoding: 'utf8' }).split(' ')[1] ?? ''} (SMTP, STARTTLS, AUTH)`,
  );
  return {
    submissionPort: submission,
    tlsPort: tls,
    ca,
    user,
    password,
    delivered: () =>
      existsSync(mailbox)
        ? readdirSync(mailbox)
            .filter((name) => name.endsWith('.eml'))
            .map((name) => readFileSync(join(mailbox, name), 'utf8'))
        : [],
    stop,
  };
}

function configText(
  ports: Readonly<Record<'smtp' | 'submission' | 'tls', number>>,
  data: string,
  deliver: string,
): string {
  return [
    'hostname: "localhost"',
    `smtp_address: "127.0.0.1:${ports.smtp}"`,
    `submission_address: "127.0.0.1:${ports.submission}"`,
    `submission_over_tls_address: "127.0.0.1:${ports.tls}"`,
    `data_dir: "${data}"`,
    `mail_delivery_agent_bin: "${deliver}"`,
    'mail_log_path: "<stderr>"',
    '',
  ].join('\n');
}
