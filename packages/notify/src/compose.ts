import { createHash } from 'node:crypto';
import { severities } from '@tongtang/model/notice';
import type { Called, Message } from './channel.ts';
import { bytesOf, cutTo } from './fit.ts';
import type { Fold } from './fold.ts';
import { isLessonAtRisk } from './route.ts';
import { bodyOf, digestLine, digestTitle, moreLine, type Reading, titleOf } from './wording.ts';

export type Composing = Reading &
  Readonly<{
    /** What {@link textOf} of the message may take, in UTF-8. */
    textBytes: number;
    /** Links begin with it. */
    console: string;
    callFor: readonly Called[];
  }>;

/** So many at once are told one by one; more come as a digest. */
const mostSingly = 3;
/** A title longer than this is cut: it is read in a notification. Bytes. */
const mostTitleBytes = 240;
/** Of a line of a digest, so that one always fits. Bytes. */
const mostLineBytes = 360;

/**
 * The next message to a channel out of all that it has to be told: what is about a lesson at risk first, then the graver, then the
 * older. It never takes more than the channel allows, and what found no room is for the next message.
 * @param folds at least one
 * @returns the message, and the folds that it speaks for
 */
export function composeNext(
  folds: readonly [Fold, ...Fold[]],
  composing: Composing,
): Readonly<{ message: Message; spoken: readonly Fold[] }> {
  const ordered = folds.toSorted(
    (a, b) => urgency(b, composing.now) - urgency(a, composing.now) || a.notice.at - b.notice.at,
  );
  const [first = folds[0]] = ordered;
  const alone = ordered.find((fold) => fold.alone);
  if (alone !== undefined) return single(alone, composing);
  return folds.length <= mostSingly ? single(first, composing) : digest(ordered, composing);
}

function single(fold: Fold, composing: Composing): ReturnType<typeof composeNext> {
  const title = cutTo(titleOf(fold, composing), mostTitleBytes);
  const link = composing.console + fold.notice.page;
  const body = cutTo(bodyOf(fold, composing), composing.textBytes - bytesOf(`${title}\n\n${link}`));
  return { message: messageOf([fold], title, body, link, composing), spoken: [fold] };
}

function digest(folds: readonly Fold[], composing: Composing): ReturnType<typeof composeNext> {
  const { language, textBytes, console } = composing;
  const link = `${console}/`;
  const title = cutTo(digestTitle(folds, composing), mostTitleBytes);
  let room = textBytes - bytesOf(`${title}\n\n${link}\n${moreLine(folds.length, language)}`);
  const spoken: Fold[] = [];
  const lines: string[] = [];
  for (const fold of folds) {
    const line = cutTo(digestLine(fold, composing), mostLineBytes);
    room -= bytesOf(line) + 1;
    if (room < 0) break;
    spoken.push(fold);
    lines.push(line);
  }
  const left = folds.length - spoken.length;
  if (left > 0) lines.push(moreLine(left, language));
  return { message: messageOf(spoken, title, lines.join('\n'), link, composing), spoken };
}

function messageOf(
  spoken: readonly Fold[],
  title: string,
  body: string,
  link: string,
  { callFor }: Composing,
): Message {
  const notices = spoken.flatMap(({ waiting }) => waiting.map(({ notice }) => notice));
  const content = notices.map(({ incident, step }) => `${incident}/${step}`).join(' ');
  const id = `tongtang-${createHash('sha256').update(content).digest('hex').slice(0, 24)}`;
  return { id, title, body, link, callFor, notices };
}

function urgency({ notice }: Fold, now: number): number {
  return severities.indexOf(notice.severity) + (isLessonAtRisk(notice, now) ? severities.length : 0);
}
