import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { metricsPage } from './metrics-page.ts';

/** Writes docs/metrics.md: `npm run generate`. */
writeFileSync(fileURLToPath(new URL('../../../docs/metrics.md', import.meta.url)), metricsPage());
