import { type Problem, Unreadable } from '../problem.ts';
import { readCalendar } from './calendar.ts';
import { readCsv } from './csv.ts';
import { type InputFile, limits, type Sheet } from './sheet.ts';
import { readXlsx, type Workbook } from './xlsx.ts';

/** The sheets of a file, with what is wrong with them; none where it cannot be read, which is noted. */
export function sheetsOf(file: InputFile, problems: Problem[]): readonly Sheet[] {
  try {
    const { sheets, problems: found } = read(file);
    problems.push(...found);
    return sheets;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.push(error.problem);
    return [];
  }
}

/** By what the file begins with; its name may be anything. */
function read(file: InputFile): Workbook {
  if (file.bytes.length > limits.fileBytes)
    throw new Unreadable(
      { file: file.name },
      {
        zh: `超过 ${limits.fileBytes / 1e6} MB，人填不出这样大的表`,
        en: `it is larger than ${limits.fileBytes / 1e6} MB: no such table is filled in by people`,
      },
    );
  const beginning = new TextDecoder('latin1').decode(file.bytes.subarray(0, 64));
  if (/^(PK|\xd0\xcf)/.test(beginning)) return readXlsx(file);
  if (/^(\xef\xbb\xbf)?BEGIN:VCALENDAR/i.test(beginning)) return readCalendar(file);
  return { sheets: [readCsv(file)], problems: [] };
}
