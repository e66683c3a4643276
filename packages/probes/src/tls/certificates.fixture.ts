import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type KeyPair = Readonly<{ key: string; cert: string }>;

/** Makes certificates of an authority of our own, with the `openssl` of the machine (apt-get install openssl). */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tongtang-certificates-'));
  readonly certificate: string;

  constructor(days: number) {
    this.#openssl(
      'req',
      '-x509',
      ...newKey('ca'),
      '-out',
      'ca.pem',
      '-subj',
      '/CN=test CA',
      '-days',
      `${days}`,
    );
    this.certificate = this.#read('ca.pem');
  }

  /** A certificate for the name, with the authority's own behind it in the chain; expired where days are negative. */
  issue(name: string, days: number): KeyPair {
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    this.#openssl('req', ...newKey('leaf'), '-out', 'leaf.csr', ...subject);
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-copy_extensions', 'copy'];
    this.#openssl('x509', '-req', '-in', 'leaf.csr', ...signer, '-days', `${days}`, '-out', 'leaf.pem');
    return { key: this.#read('leaf.key'), cert: this.#read('leaf.pem') + this.certificate };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }
}

function newKey(name: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
}
