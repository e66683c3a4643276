import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reportOf } from '../term.fixture.ts';
import { reportHtml } from './html.ts';
import { PdfError, printPdf } from './pdf.ts';
import { style } from './style.ts';

const folder = mkdtempSync(join(tmpdir(), 'tongtang-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));

function asked(command: string, ...words: string[]): string {
  const { stdout, error } = spawnSync(command, words, { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${command} is needed: apt-get install poppler-utils`);
  return stdout;
}

describe('PDF', () => {
  it('is on A4, with its Chinese as text that can be searched', { timeout: 120_000 }, async () => {
    const file = join(folder, 'report.pdf');
    writeFileSync(file, await printPdf(reportHtml(await reportOf(), 'zh')));
    expect(asked('pdfinfo', file)).toMatch(/Page size: +59[45].* \(A4\)/);
    const text = asked('pdftotext', '-layout', file, '-');
    expect(text).toContain('祁连县 2026-11-23 至 2026-11-29 远程直播教学保障报告');
    for (const figure of ['班班通', '97.15', '学校线路中断', '海北三中', '计算方法'])
      expect(text).toContain(figure);
  });

  it('draws Chinese, and not the same box for every sign', { timeout: 120_000 }, async () => {
    const drawn = async (sign: string): Promise<string> => {
      const file = join(folder, `${sign}.pdf`);
      writeFileSync(file, await printPdf(`<meta charset="utf-8"><style>${style}</style><p>${sign}</p>`));
      return asked('pdftoppm', '-gray', '-r', '50', file);
    };
    const [one, again, other] = [await drawn('班'), await drawn('班'), await drawn('课')];
    expect(one).toBe(again);
    expect(one).not.toBe(other);
  });

  it('says what is missing where there is no Chromium, and how to do without', async () => {
    const printed = printPdf('<p>', join(folder, 'no-chromium'));
    await expect(printed).rejects.toThrow(PdfError);
    await expect(printed).rejects.toThrow(/apt-get install chromium.*print the HTML in any browser/);
  });

  it('says so where what was started leaves no PDF', async () => {
    await expect(printPdf('<p>', 'true')).rejects.toThrow(/Chromium left no PDF/);
    await expect(printPdf('<p>', 'false')).rejects.toThrow(/Chromium did not print/);
  });
});
