import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { incidentsPage } from './incidents-page.ts';

/** Writes docs/incidents.md: `npm run generate`. */
writeFileSync(fileURLToPath(new URL('../../../docs/incidents.md', import.meta.url)), incidentsPage());
