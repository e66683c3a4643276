import { CsvError, parse } from 'csv-parse/sync';
import { Unreadable } from '../problem.ts';
import { type InputFile, limits, plain, type Row, type Sheet } from './sheet.ts';

/**
 * Reads a CSV file: comma, semicolon or tab, in UTF-8, UTF-16 with its mark, or GBK (GB 18030), which Excel writes in China.
 * Rows are counted as a program for tables shows them: a cell with line breaks is in one row.
 * @throws Unreadable where it is no text or no CSV
 */
export function readCsv(input: InputFile): Sheet {
  const file = input.name;
  const text = decoded(input);
  const records = recordsOf(file, text);
  if (records.length > limits.rows)
    throw new Unreadable(
      { file },
      { zh: `超过 ${limits.rows} 行`, en: `it has more than ${limits.rows} rows` },
    );
  return {
    file,
    rows: records.flatMap((record, index): Row[] => {
      const cells = new Map<number, string>();
      for (const [column, cell] of record.entries()) {
        // An apostrophe before what looks like a formula is how programs for tables keep it a text.
        const text = plain(cell).replace(/^'(?=[=+\-@])/, '');
        if (text !== '') cells.set(column, text);
      }
      return cells.size === 0 ? [] : [{ number: index + 1, cells }];
    }),
  };
}

function recordsOf(file: string, text: string): string[][] {
  try {
    return parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      max_record_size: 100_000,
      to: limits.rows + 1,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Unreadable(
      { file },
      { zh: `不是有效的 CSV：${error.message}`, en: `it is no valid CSV: ${error.message}` },
    );
  }
}

function decoded({ name, bytes }: InputFile): string {
  const [first, second] = bytes;
  const marked =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff && 'utf-16be';
  // GB 18030 takes nearly any bytes for text, so it comes last; a NUL is in no text.
  for (const encoding of marked ? [marked] : ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\0')) return text;
    } catch {
      // Another one, then.
    }
  }
  throw new Unreadable(
    { file: name },
    {
      zh: '不是文本：CSV 须为 UTF-8、GBK 或 UTF-16 编码',
      en: 'it is no text: CSV must be in UTF-8, GBK or UTF-16',
    },
  );
}

/** What separates the cells of the first line: the most frequent. */
function delimiterOf(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const count = (sign: string): number => line.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
