import type { Language } from '@tongtang/model/text';
import { type ReportDocument, titleOf } from './documents.ts';

export const fileFormats = ['html', 'pdf', 'xlsx', 'csv', 'json'] as const;
export type FileFormat = (typeof fileFormats)[number];

const kinds: Readonly<Record<FileFormat, Readonly<{ ending: string; type: string }>>> = {
  html: { ending: 'html', type: 'text/html; charset=utf-8' },
  pdf: { ending: 'pdf', type: 'application/pdf' },
  xlsx: {
    ending: 'xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  csv: { ending: 'zip', type: 'application/zip' },
  json: { ending: 'json', type: 'application/json; charset=utf-8' },
};

/** What a file of a revision is called: in signs that every program knows, and by its title. */
export function fileNamesOf(
  about: Pick<ReportDocument, 'scope' | 'period' | 'title'>,
  number: number,
  format: FileFormat,
  language: Language,
): Readonly<{ plain: string; titled: string; type: string }> {
  const { ending, type } = kinds[format];
  const { scope, period } = about;
  // Not in a name of Windows.
  const name = titleOf(about, number, language).replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '-');
  return {
    plain: `${scope.id}-${period.from}-${period.to}-r${number}.${ending}`,
    titled: `${name}.${ending}`,
    type,
  };
}

/** As HTTP wants it (RFC 6266, RFC 5987): the plain name for programs that know no other. */
export function contentDisposition(
  { plain, titled }: Readonly<{ plain: string; titled: string }>,
  isShown: boolean,
): string {
  // encodeURIComponent leaves signs that RFC 5987 has no place for.
  const encoded = encodeURIComponent(titled).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${isShown ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
