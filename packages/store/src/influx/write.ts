import { type Line, textOf } from '@tongtang/wire/line-protocol';
import type { Answer, LinePost } from './post.ts';
import { RefusedTooEarly } from './refused-too-early.ts';

/** A line of some agent, which ends in its time in seconds, and what belongs between its key and the rest. */
export type PlacedLine = Readonly<{ agent: string; line: Line; suffix: Buffer }>;
export type RefusedLine = Readonly<{ agent: string; line: string; reason: string }>;

/** Where lines go: a retention policy, and from which time on, in seconds since 1970, it is not believed that a line is past it. */
export type Shelf = Readonly<{ policy: string; keptFrom: number }>;

/** The database is not there: it has to be made before writing again. */
export class DatabaseGone extends Error {}

/** InfluxData advises 5,000 to 10,000 for one request. */
const linesAtOnce = 6000;

/**
 * Writes lines until each is stored or refused for good.
 * @returns what was refused: lines that cannot be read, fields of another type than they were first stored with, times
 * beyond the retention policy, series beyond the server's limits
 * @throws DatabaseGone; RefusedTooEarly; Error where the server is away, busy, or does not let us in: a part may be stored then
 */
export async function writeLines(
  post: LinePost,
  shelf: Shelf,
  lines: readonly PlacedLine[],
): Promise<RefusedLine[]> {
  const requests = Math.ceil(lines.length / linesAtOnce);
  const each = Math.ceil(lines.length / requests);
  const written = await Promise.allSettled(
    Array.from({ length: requests }, (_, index) =>
      writeSome(post, shelf, lines.slice(index * each, (index + 1) * each)),
    ),
  );
  return written.flatMap((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function writeSome(post: LinePost, shelf: Shelf, lines: readonly PlacedLine[]): Promise<RefusedLine[]> {
  const answer = await post.send(shelf.policy, bodyOf(lines));
  if (answer.status === 204 || answer.status === 200) return [];
  const reason = reasonIn(answer);
  if (answer.status === 404) throw new DatabaseGone(`InfluxDB: ${reason}`);
  const tooLarge = answer.status === 413;
  if (!tooLarge && !blamesLines(answer)) throw new Error(`InfluxDB answers ${answer.status}: ${reason}`);
  // It stored the others and does not say which it left out; halving finds them.
  const left = Number(/dropped=(\d+)/.exec(answer.body)?.[1]);
  if (lines.length === 1 || (!tooLarge && left === lines.length)) {
    assertBelievable(answer, shelf, lines);
    return lines.map(({ agent, line }) => ({ agent, line: textOf(line), reason }));
  }
  const half = Math.ceil(lines.length / 2);
  return [
    ...(await writeSome(post, shelf, lines.slice(0, half))),
    ...(await writeSome(post, shelf, lines.slice(half))),
  ];
}

/** One document of all lines, their bytes copied from where they came in: no line is ever a text of its own. */
function bodyOf(lines: readonly PlacedLine[]): Buffer {
  let bytes = 0;
  for (const { line, suffix } of lines) bytes += line.to - line.from + suffix.length + 1;
  const body = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const { line, suffix } of lines) {
    const { text, from, keyEnd, to } = line;
    at += text.copy(body, at, from, keyEnd);
    at += suffix.copy(body, at);
    at += text.copy(body, at, keyEnd, to);
    body[at] = lineFeed;
    at += 1;
  }
  return body.subarray(0, at - 1);
}

const lineFeed = 0x0a;

/** Whether the answer is about what the lines say, and not about the request, the way to the server or its state. */
function blamesLines({ status, body }: Answer): boolean {
  return (
    (status === 400 || status === 422) &&
    /partial write|unable to parse|type conflict|retention policy/i.test(body)
  );
}

/** @throws RefusedTooEarly where lines were refused as past their retention and one of them is not */
function assertBelievable(
  { body, date }: Answer,
  { policy, keptFrom }: Shelf,
  lines: readonly PlacedLine[],
): void {
  if (!/retention policy/i.test(body)) return;
  const newest = lines.reduce((latest, { line }) => Math.max(latest, timeOf(line)), 0);
  if (newest >= keptFrom) throw new RefusedTooEarly(policy, newest, date);
}

function timeOf(line: Line): number {
  const text = textOf(line);
  return Number(text.slice(text.lastIndexOf(' ')));
}

function reasonIn({ body }: Answer): string {
  const reason = /"(?:error|message)":\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body;
  return reason.replaceAll('\\"', '"').trim().slice(0, 300);
}
