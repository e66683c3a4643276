import { type Problem, Unreadable } from '../problem.ts';
import { type Calendar, readCalendar } from './calendar.ts';
import { readCsv } from './csv.ts';
import { type InputFile, limits } from './sheet.ts';
import { readXlsx } from './xlsx.ts';

export type Content = Pick<Calendar, 'sheets' | 'timed'>;

/**
 * The sheets of a file, and the entries of a calendar that have a time, with what is wrong with them; nothing where it cannot be read, which is noted.
 * @param timeZone of times that name none
 */
export function contentOf(file: InputFile, timeZone: string, problems: Problem[]): Content {
  try {
    const { sheets, problems: found, timed } = read(file, timeZone);
    problems.push(...found);
    return { sheets, timed };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.push(error.problem);
    return { sheets: [], timed: [] };
  }
}

/** By what the file begins with; its name may be anything. */
function read(file: InputFile, timeZone: string): Calendar {
  if (file.bytes.length > limits.fileBytes)
    throw new Unreadable(
      { file: file.name },
      {
        zh: `超过 ${limits.fileBytes / 1e6} MB，人填不出这样大的表`,
        en: `it is larger than ${limits.fileBytes / 1e6} MB: no such table is filled in by people`,
      },
    );
  const beginning = new TextDecoder('latin1').decode(file.bytes.subarray(0, 64));
  if (/^(PK|\xd0\xcf)/.test(beginning)) return { ...readXlsx(file), timed: [] };
  if (/^(\xef\xbb\xbf)?BEGIN:VCALENDAR/i.test(beginning)) return readCalendar(file, timeZone);
  return { sheets: [readCsv(file)], problems: [], timed: [] };
}
