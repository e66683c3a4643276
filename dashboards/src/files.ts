import { join } from 'node:path';
import { stringify } from 'yaml';
import { alertRulesFile } from './alerts.ts';
import { dashboardOf } from './board.ts';
import { boards } from './boards.ts';
import { pageLanguages } from './language.ts';

/** A file that is made from this package, and where it lies in the project. */
export type MadeFile = Readonly<{ path: string; text: string }>;

const rulesFile = join('infra', 'grafana', 'provisioning', 'alerting', 'tongtang-rules.yaml');
const rulesHead =
  '# Made by `npm run generate` from dashboards/src/alerts.ts. Do not edit by hand.\n# 由 `npm run generate` 生成，请勿手工修改。\n';

/** All that `npm run generate` writes here. */
export function madeFiles(): MadeFile[] {
  const pages = pageLanguages.flatMap((language) =>
    boards.map((board) => ({
      path: join('dashboards', 'json', language, `${board.id}.json`),
      text: `${JSON.stringify(dashboardOf(board, language), null, 2)}\n`,
    })),
  );
  // By way of JSON, which leaves out the functions that the SDK's types ask for.
  const rules: unknown = JSON.parse(JSON.stringify(alertRulesFile()));
  return [...pages, { path: rulesFile, text: rulesHead + stringify(rules, { lineWidth: 0 }) }];
}
