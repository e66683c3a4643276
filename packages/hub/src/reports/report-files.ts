import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Language } from '@tongtang/model/text';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { IssuedReports } from '@tongtang/store/reports/issued-reports';
import type { FileFormat } from './file-names.ts';

const unpacked = promisify(inflate);

/** Prints a page of HTML. @throws with what to do where it cannot */
export type Print = (html: string) => Promise<Uint8Array>;

/** The files of revisions as they were issued; PDF is printed when it is first asked for, and kept as well. */
export class ReportFiles {
  readonly #store: IssuedReports;
  readonly #print: Print;
  readonly #log: Log;
  /** What is being printed. */
  readonly #printing = new Map<string, Promise<Uint8Array | undefined>>();
  #problem: string | undefined;

  constructor(store: IssuedReports, print: Print, log: Log) {
    this.#store = store;
    this.#print = print;
    this.#log = log;
  }

  /** Why PDF could not be printed the last time, and what to do. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * @returns undefined where there is no such revision
   * @throws where it is PDF, and cannot be printed
   */
  async of(
    id: string,
    number: number,
    format: FileFormat,
    language: Language,
  ): Promise<Uint8Array | undefined> {
    if (format === 'pdf') return this.#pdf(id, number, language);
    const kept = this.#store.file(id, number, format, format === 'json' ? '' : language);
    return kept !== undefined && (format === 'html' || format === 'json') ? unpacked(kept) : kept;
  }

  #pdf(id: string, number: number, language: Language): Promise<Uint8Array | undefined> {
    const key = `${id} ${number} ${language}`;
    const printing = this.#printing.get(key) ?? this.#printed(id, number, language);
    this.#printing.set(key, printing);
    return printing.finally(() => this.#printing.delete(key));
  }

  async #printed(id: string, number: number, language: Language): Promise<Uint8Array | undefined> {
    const kept = this.#store.file(id, number, 'pdf', language);
    if (kept !== undefined) return kept;
    const html = await this.of(id, number, 'html', language);
    if (html === undefined) return undefined;
    try {
      const content = await this.#print(Buffer.from(html).toString('utf8'));
      this.#store.keepFile(id, number, { format: 'pdf', language, content });
      this.#problem = undefined;
      return content;
    } catch (error) {
      this.#problem = messageOf(error);
      this.#log.warn({ error: this.#problem }, 'a report was not printed as PDF');
      throw error;
    }
  }
}
