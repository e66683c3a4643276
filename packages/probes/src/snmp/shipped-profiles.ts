import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The profiles that come with Tongtang, as text, by name: those whose OIDs are confirmed by the maker's MIB. The shipped agent
 * is one file and has no folder beside it: agents/receiver/build.ts puts their texts in the place of this module.
 */
export function shippedProfiles(): Readonly<Record<string, string>> {
  const folder = join(import.meta.dirname, 'profiles');
  return Object.fromEntries(
    readdirSync(folder).map((file) => [basename(file, '.yaml'), readFileSync(join(folder, file), 'utf8')]),
  );
}
