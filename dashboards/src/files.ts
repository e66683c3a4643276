import { join } from 'node:path';
import { dashboardOf } from './board.ts';
import { boards } from './boards.ts';
import { pageLanguages } from './language.ts';

/** A file that is made from this package, and where it lies in the project. */
export type MadeFile = Readonly<{ path: string; text: string }>;

/** All that `npm run generate` writes here. */
export function madeFiles(): MadeFile[] {
  return pageLanguages.flatMap((language) =>
    boards.map((board) => ({
      path: join('dashboards', 'json', language, `${board.id}.json`),
      text: `${JSON.stringify(dashboardOf(board, language), null, 2)}\n`,
    })),
  );
}
