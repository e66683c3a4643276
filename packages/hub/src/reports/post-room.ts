import { type Language, languages } from '@tongtang/model/text';
import type { Enclosure } from '@tongtang/notify/letters';
import type { Notifier } from '@tongtang/notify/notifier';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import type { IssuedReports } from '@tongtang/store/reports/issued-reports';
import type { KeptLetter } from '@tongtang/store/reports/letters';
import type { Changes, ReportDocument, RevisionDocument } from './documents.ts';
import { type FileFormat, fileNamesOf } from './file-names.ts';
import { againText, type Enclosed, wordsOf } from './letter-words.ts';
import type { ReportFiles } from './report-files.ts';

/** What the letters of reports need of a notifier. */
export type LetterBox = Pick<Notifier, 'post' | 'letter' | 'console'>;

export type PostRoomParts = Readonly<{
  store: IssuedReports;
  files: ReportFiles;
  notifier: LetterBox | undefined;
  log: Log;
}>;

/** Letters that were entered with reports are handed to the notifier, with their files, and asked after until they are sent. */
export class PostRoom {
  readonly #parts: PostRoomParts;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: PostRoomParts) {
    this.#parts = parts;
  }

  /** Whether mails can be sent at all. */
  get hasMailbox(): boolean {
    return this.#parts.notifier?.post !== undefined;
  }

  /** Handing over again what the notifier has is safe: a kill in between costs nothing. One round at a time. */
  look(): Promise<void> {
    const { log } = this.#parts;
    this.#running = this.#running
      .then(() => this.#look())
      .catch((error: unknown) => log.error({ error: messageOf(error) }, 'letters of reports wait'));
    return this.#running;
  }

  /** Resolves when no round is under way. */
  settled(): Promise<void> {
    return this.#running;
  }

  async #look(): Promise<void> {
    const { store, log } = this.#parts;
    for (const letter of store.openLetters()) {
      try {
        if (letter.state !== 'waiting' || (await this.#hand(letter))) this.#askAfter(letter);
      } catch (error) {
        log.error({ letter: letter.id, error: messageOf(error) }, 'a letter of a report waits');
      }
    }
  }

  /** @returns whether the notifier has it */
  async #hand(letter: KeptLetter): Promise<boolean> {
    const { notifier, store } = this.#parts;
    if (this.#setAside(letter) || notifier?.post === undefined) return false;
    const language = languageOf(letter);
    const [enclosed, enclosures] = await this.#enclosed(letter, language);
    // It may have been decided while its paper was printed.
    if (this.#setAside(letter)) return false;
    const { subject, text } = wordsOf(letter.kind, enclosed, language);
    const { id, to } = letter;
    notifier.post({ id, to, subject, text, againText: againText(language), enclosures });
    store.setLetter(id, 'handed');
    return true;
  }

  /** Who is asked to approve what is approved, withdrawn or replaced by now would look for it in vain: that letter is not sent. */
  #setAside({ id, report, number, kind }: KeptLetter): boolean {
    const { notifier, store } = this.#parts;
    if (kind !== 'awaiting' || report === undefined) return false;
    const revision = store.revisions(report).find((one) => one.number === number);
    // After a kill the notifier may have it already.
    if (revision?.state === 'awaiting' || notifier?.letter(id) !== undefined) return false;
    store.setLetter(id, 'needless');
    return true;
  }

  #askAfter({ id, state: before, why: whyBefore }: KeptLetter): void {
    const { notifier, store, log } = this.#parts;
    if (notifier?.post === undefined) return;
    const { state, why } = notifier.letter(id) ?? { state: 'failed' as const, why: lostWords };
    const now = state === 'waiting' ? 'handed' : state;
    if (now !== before || why !== whyBefore) store.setLetter(id, now, why);
    if (now === 'failed')
      log.error({ letter: id, why }, 'a report was not taken by mail: mend the address, then send it again');
  }

  async #enclosed(
    { report: id, number, kind }: KeptLetter,
    language: Language,
  ): Promise<[Enclosed | undefined, Enclosure[]]> {
    const { store, notifier } = this.#parts;
    const report = id === undefined ? undefined : store.find(id);
    const revision = report && store.revisions(report.id).find((one) => one.number === number);
    const said = revision && store.text(revision.report, revision.number);
    if (report === undefined || revision === undefined || said === undefined) return [undefined, []];
    const about: ReportDocument = JSON.parse(report.document);
    const document: RevisionDocument = JSON.parse(said.document);
    const changes: Changes = JSON.parse(said.changes);
    const note = store
      .deeds(report.id)
      .findLast((deed) => deed.number === revision.number && deed.what === 'withdrawn')?.note;
    const isWithdrawn = kind === 'withdrawn';
    const enclosures = isWithdrawn ? [] : await this.#files(report.id, revision.number, about, language);
    const enclosed: Enclosed = {
      id: report.id,
      number: revision.number,
      about,
      document,
      changes,
      ...(isWithdrawn && note !== undefined && { note }),
      hasPdf: enclosures.some(({ type }) => type === 'application/pdf'),
      console: notifier?.console ?? '',
    };
    return [enclosed, enclosures];
  }

  async #files(id: string, number: number, about: ReportDocument, language: Language): Promise<Enclosure[]> {
    const { files } = this.#parts;
    const one = async (format: FileFormat): Promise<Enclosure[]> => {
      const content = await files.of(id, number, format, language);
      const { titled, type } = fileNamesOf(about, number, format, language);
      return content === undefined ? [] : [{ name: titled, type, content }];
    };
    // Why there is none was logged; a reader can print the page.
    const paper = await one('pdf').catch(() => one('html'));
    return [...paper, ...(await one('xlsx'))];
  }
}

const lostWords = 'the file of messages was damaged or is not the same any more';

function languageOf({ language }: KeptLetter): Language {
  return languages.find((known) => known === language) ?? 'zh';
}
