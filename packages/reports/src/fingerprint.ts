import { createHash } from 'node:crypto';

/**
 * Of a document as JSON has it. It is told piece by piece: the timetable of a large county is 50 MB of text.
 * @param document entries of it that are undefined do not count
 */
export function fingerprintOf(document: unknown): string {
  const hash = createHash('sha256');
  for (const piece of jsonOf(document)) hash.update(piece);
  return hash.digest('hex').slice(0, 16);
}

function* jsonOf(document: unknown): Generator<string> {
  if (Array.isArray(document)) {
    for (const [at, one] of document.entries()) yield `${at === 0 ? '[' : ','}${JSON.stringify(one)}`;
    yield document.length === 0 ? '[]' : ']';
  } else if (typeof document === 'object' && document !== null) {
    const entries = Object.entries(document).filter(([, value]) => value !== undefined);
    for (const [at, [key, value]] of entries.entries()) {
      yield `${at === 0 ? '{' : ','}${JSON.stringify(key)}:`;
      yield* jsonOf(value);
    }
    yield entries.length === 0 ? '{}' : '}';
  } else yield JSON.stringify(document);
}
