import { describe, expect, it } from 'vitest';
import { contentDisposition, fileNamesOf } from './file-names.ts';
import { november } from './reports.fixture.ts';

const about = {
  scope: { kind: 'school', id: 'babao', name: { zh: '八宝', en: 'Babao' } },
  period: november,
  title: { zh: '八宝小学（示例） 2026年11月 报告', en: "Babao: a/b 'c' *" },
} as const;

describe('the name of a file', () => {
  it('is the title for people, and plain for programs that know no other', () => {
    expect(fileNamesOf(about, 1, 'pdf', 'zh')).toEqual({
      plain: 'babao-2026-11-01-2026-11-30-r1.pdf',
      titled: '八宝小学（示例） 2026年11月 报告.pdf',
      type: 'application/pdf',
    });
    expect(fileNamesOf(about, 2, 'csv', 'en').titled).toBe("Babao- a-b 'c' - (revision 2).zip");
  });

  it('goes over HTTP as RFC 5987 has it, and comes back', () => {
    const names = fileNamesOf(about, 2, 'xlsx', 'en');
    const header = contentDisposition(names, false);
    const [, plain, encoded = ''] =
      /^attachment; filename="([\w.-]+)"; filename\*=UTF-8''([\w.%-]+)$/.exec(header) ?? [];
    expect([plain, decodeURIComponent(encoded)]).toEqual([names.plain, names.titled]);
    expect(contentDisposition(names, true)).toMatch(/^inline; /);
  });
});
