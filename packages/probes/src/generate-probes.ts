import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { probesPage } from './probes-page.ts';

/** Writes docs/probes.md: `npm run generate`. */
writeFileSync(fileURLToPath(new URL('../../../docs/probes.md', import.meta.url)), probesPage());
