import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { codeOf, messageOf } from '@tongtang/runtime/errors';

const run = promisify(execFile);
/** A term of a large county has thousands of rows. */
const timeoutMs = 5 * 60_000;

/** No Chromium, or one that did not print. The message says what to do. */
export class PdfError extends Error {}

/**
 * Prints a page of HTML with the system's Chromium.
 * @param browser the command
 * @throws PdfError
 */
export async function printPdf(html: string, browser = 'chromium'): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'tongtang-report-'));
  const [page, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
  try {
    await writeFile(page, html);
    await run(
      browser,
      [
        '--headless',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        // Where it runs as root, in containers, Chromium refuses to run with its sandbox. The page is our own and has no scripts.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${join(folder, 'profile')}`,
        '--no-pdf-header-footer',
        `--print-to-pdf=${pdf}`,
        pathToFileURL(page).href,
      ],
      { timeout: timeoutMs },
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    if (codeOf(error) === 'ENOENT')
      throw new PdfError(
        `PDF is printed by Chromium, and there is no command "${browser}": apt-get install chromium fonts-noto-cjk, or print the HTML in any browser`,
      );
    throw new PdfError(`Chromium did not print the report: ${messageOf(error)}`);
  }
  try {
    return await readFile(pdf);
  } catch (error) {
    throw new PdfError(`Chromium left no PDF: ${messageOf(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
