import { definitionOf, measurementNames } from '@tongtang/model/catalogue';
import type { FieldDefinition, TagName } from '@tongtang/model/catalogue/definition';

const likelyTags: Readonly<Record<TagName, string>> = { link: 'broadband', target: 'hub', interface: 'eth0' };

const failures = [
  'failure="agent",error="',
  'failure="resolver",error="ENOTFOUND"',
  'failure="target",error="ECONNREFUSED"',
  'ok=false,duration_ms=5000',
  'failure="path",error="timeout"',
];

/**
 * The preset dictionary of a batch's zlib stream (RFC 1950, FDICT): text that batches are likely to hold, the likeliest
 * last, where it is cheapest to point at. Made from the catalogue, so both ends have it as long as their catalogues
 * agree; where they do not, the DICTID tells, and the agent sends without it (clauses D-1 to D-4).
 */
export const dictionary: Buffer = Buffer.from(makeDictionary());

/** DICTID of the stream: the Adler-32 of the dictionary, hexadecimal. */
export const dictionaryId: string = adler32(dictionary).toString(16).padStart(8, '0');

function makeDictionary(): string {
  const lines = measurementNames.map((name) => {
    const { tags, fields } = definitionOf(name);
    const key = [name, ...tags.map((tag) => `${tag}=${likelyTags[tag]}`)].join(',');
    const values = Object.entries(fields).filter(([field]) => field !== 'failure' && field !== 'error');
    return `${key} ${values.map(([field, definition]) => `${field}=${likelyValue(field, definition)}`).join(',')} 17`;
  });
  const links = ['stream', 'satellite', 'platform', 'lan'].map((link) => `,link=${link},target=`);
  return `${[...failures, ...links, ...lines.toReversed()].join('\n')}\n oldest= commit=later\n# tongtang outbox=`;
}

/** What stands behind the equals sign most often, or begins it. Counts of trouble are zero in most samples. */
function likelyValue(field: string, { type, unit }: FieldDefinition): string {
  if (type === 'boolean') return field === 'refused' ? 'false' : 'true';
  if (type === 'float') return unit === '1' ? '0.' : unit === 'bit/s' ? '1000000000' : '';
  if (field === 'r_factor') return '93i';
  if (unit === 'packets') return field === 'sent' || field === 'received' ? '10i' : '0i';
  if (/_(errors|losses)$/.test(field)) return '0i';
  return unit === 'bytes' ? '000000i' : '';
}

/** RFC 1950, section 8.2. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
