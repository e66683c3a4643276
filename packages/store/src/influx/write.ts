import type { Answer, LinePost } from './post.ts';

/** A line of some agent. */
export type PlacedLine = Readonly<{ agent: string; line: string }>;
export type RefusedLine = PlacedLine & Readonly<{ reason: string }>;

/** The database is not there: it has to be made before writing again. */
export class DatabaseGone extends Error {}

/** As InfluxData advises for one request. */
const linesAtOnce = 5000;

/**
 * Writes lines until each is stored or refused for good.
 * @returns what was refused: lines that cannot be read, fields of another type than they were first stored with, times
 * beyond the retention policy, series beyond the server's limits
 * @throws DatabaseGone; Error where the server is away, busy, or does not let us in: a part may be stored then
 */
export async function writeLines(
  post: LinePost,
  policy: string,
  lines: readonly PlacedLine[],
): Promise<RefusedLine[]> {
  const refused: RefusedLine[] = [];
  for (let at = 0; at < lines.length; at += linesAtOnce)
    refused.push(...(await writeSome(post, policy, lines.slice(at, at + linesAtOnce))));
  return refused;
}

async function writeSome(
  post: LinePost,
  policy: string,
  lines: readonly PlacedLine[],
): Promise<RefusedLine[]> {
  const answer = await post.send(policy, lines.map(({ line }) => line).join('\n'));
  if (answer.status === 204 || answer.status === 200) return [];
  const reason = reasonIn(answer);
  if (answer.status === 404) throw new DatabaseGone(`InfluxDB: ${reason}`);
  const tooLarge = answer.status === 413;
  if (!tooLarge && !blamesLines(answer)) throw new Error(`InfluxDB answers ${answer.status}: ${reason}`);
  // It stored the others and does not say which it left out; halving finds them.
  const left = Number(/dropped=(\d+)/.exec(answer.body)?.[1]);
  if (lines.length === 1 || (!tooLarge && left === lines.length))
    return lines.map((line) => ({ ...line, reason }));
  const half = Math.ceil(lines.length / 2);
  return [
    ...(await writeSome(post, policy, lines.slice(0, half))),
    ...(await writeSome(post, policy, lines.slice(half))),
  ];
}

/** Whether the answer is about what the lines say, and not about the request, the way to the server or its state. */
function blamesLines({ status, body }: Answer): boolean {
  return (
    (status === 400 || status === 422) &&
    /partial write|unable to parse|type conflict|retention policy/i.test(body)
  );
}

function reasonIn({ body }: Answer): string {
  const reason = /"(?:error|message)":\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body;
  return reason.replaceAll('\\"', '"').trim().slice(0, 300);
}
