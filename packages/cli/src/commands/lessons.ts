import { LessonsAnswer } from '@tongtang/hub/http/routes/lessons';
import { Command } from 'commander';
import { hubClient, placesOf } from '../hub-client.ts';
import { lessonsInWords } from '../lesson-words.ts';
import { systemLocale } from '../locale.ts';
import { settingsOf, withSettings } from '../options.ts';

type LessonsOptions = { county?: string; date?: string; atRisk?: boolean; json?: boolean };

/** `tongtang lessons` */
export function lessonsCommand(): Command {
  const command = new Command('lessons')
    .description('The lessons of a day, and whether each can be held (课前检查). Asks the running hub')
    .option('--county <id>', 'needed where the hub has several')
    .option('--date <day>', 'such as 2026-09-01; today where absent')
    .option('--at-risk', 'only those that are at risk, or not ready')
    .option('--json', 'as the API answers it');
  return withSettings(command, ['data', 'http', 'adminToken']).action(
    async ({ county, date, atRisk, json }: LessonsOptions) => {
      const hub = hubClient(settingsOf(command));
      const query = new URLSearchParams({
        ...(county !== undefined && { county }),
        ...(date !== undefined && { date }),
      });
      const { lessons: all, ...day } = await hub.get(`lessons?${query}`, LessonsAnswer);
      const lessons = atRisk === true ? all.filter(isAtRisk) : all;
      const answer = { ...day, lessons };
      process.stdout.write(
        json === true
          ? `${JSON.stringify(answer, undefined, 2)}\n`
          : lessonsInWords(answer, await placesOf(hub), systemLocale().language),
      );
    },
  );
}

function isAtRisk({ readiness, cancelled }: { readiness?: { state: string }; cancelled?: true }): boolean {
  return cancelled === undefined && ['at-risk', 'not-ready'].includes(readiness?.state ?? '');
}
