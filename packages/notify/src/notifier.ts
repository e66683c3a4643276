import type { Notice } from '@tongtang/model/notice';
import { messageOf } from '@tongtang/runtime/errors';
import type { Log } from '@tongtang/runtime/log';
import { sendNextLetter } from './letter-sender.ts';
import type { Letter, LetterState } from './letters.ts';
import { type Fate, openMessageStore } from './message-store.ts';
import type { NotifySettings } from './notify-file.ts';
import { isLessonAtRisk, mayGoFrom, type Way, waysOf } from './route.ts';
import { type Count, sendNext } from './sender.ts';

/** Tells people. */
export type Notifier = Readonly<{
  /**
   * Takes a notice: when this returns, it survives kill -9. One that came before changes nothing.
   * @returns what became of it; `known` where it came before
   * @throws where the disk refuses it: it is to be brought again
   */
  take: (notice: Notice) => Fate | 'known';
  /**
   * Takes a letter: when this returns, it survives kill -9. One that came before changes nothing. Letters go through the first channel
   * that can enclose files; absent where there is none.
   * @throws where the disk refuses it: it is to be brought again
   */
  post?: (letter: Letter) => void;
  /** How a letter stands; undefined where none of that id came, or it is long over. */
  letter: (id: string) => LetterState | undefined;
  /** Where people open the console, without a slash at its end. */
  console: string;
  /** Messages that wait, and channels through which nothing gets. */
  state: () => Readonly<{ waiting: number; broken: number }>;
  /** Lets what is being sent end, some seconds at most. */
  stop: () => Promise<void>;
}>;

export type NotifierParts = Readonly<{
  /** `<data>/hub/notify.db` */
  path: string;
  settings: NotifySettings;
  count: Count;
  log: Log;
  /** Milliseconds since 1970. */
  nowMs?: () => number;
  random?: () => number;
}>;

/** What concerns no lesson waits so long, in seconds: others of its cause may come, and robots ask not to be sent to on the full minute. */
const spreadS = { least: 2, most: 15 } as const;
const forgetAfterS = 30 * 86_400;
const mostNotices = 20_000;
const forgetEveryMs = 3_600_000;
/** A timer of Node takes 24 days; a channel that waits for Monday looks in between. */
const longestWaitMs = 3_600_000;
/** After a failure of our own, such as a full disk. */
const afterErrorMs = 10_000;

/**
 * Starts to tell people of what is taken, and of what the last process left. Only one may run on a file.
 * @throws where the file cannot be opened
 */
export function startNotifier({
  path,
  settings,
  count,
  log,
  nowMs = Date.now,
  random = Math.random,
}: NotifierParts): Notifier {
  const store = openMessageStore(path, log);
  store.resumeInterrupted();
  store.resumeLetters();
  store.tryBrokenAgain();
  const parts = { settings, store, count, log, nowMs, random };
  const [mailbox] = Object.entries(settings.channels).find(([, { post }]) => post !== undefined) ?? [];
  const queues = Object.entries(settings.channels).map(([name, channel]) =>
    keepGoing(
      // What broke goes before what is only to be read.
      async () =>
        earlier(
          await sendNext(name, channel, parts),
          name === mailbox ? await sendNextLetter(name, channel, parts) : undefined,
        ),
      nowMs,
      (error) => log.error({ channel: name, error: messageOf(error) }, 'messages cannot be sent'),
    ),
  );
  const forget = (): void => {
    try {
      store.forget(nowMs() / 1000 - forgetAfterS, mostNotices);
      store.forgetLetters(nowMs() / 1000 - forgetAfterS);
    } catch (error) {
      log.error({ error: messageOf(error) }, 'old messages cannot be removed');
    }
  };
  const timer = setInterval(forget, forgetEveryMs).unref();

  return {
    take(notice) {
      if (store.isKnown(notice)) return 'known';
      const now = nowMs() / 1000;
      const { fate, ways } = fateOf(notice, store.toldOf(notice.incident), settings, now);
      const urgent = isLessonAtRisk(notice, now);
      const spread = spreadS.least + (spreadS.most - spreadS.least) * random();
      const withDue = ways.map((way) => {
        const route = settings.routes.find(({ name }) => name === way.route) ?? {};
        return { ...way, due: mayGoFrom(route, notice, now) + (urgent ? 0 : spread) };
      });
      store.record(notice, fate, withDue, now);
      for (const queue of queues) queue.lookNow();
      return fate;
    },
    ...(mailbox !== undefined && {
      post(letter: Letter) {
        store.keepLetter(letter, nowMs() / 1000);
        for (const queue of queues) queue.lookNow();
      },
    }),
    letter: (id) => store.letterState(id),
    console: settings.console,
    state: () => ({
      waiting: store.counts().waiting,
      broken: store.channelStates().filter(({ brokenSince }) => brokenSince !== undefined).length,
    }),
    async stop() {
      clearInterval(timer);
      await Promise.all(queues.map((queue) => queue.stop()));
      store.close();
    },
  };
}

/**
 * Where a notice goes. That something is over goes to all who were told that it began, whatever the hour, and to nobody else; what
 * lies too far back goes nowhere.
 * @param told channels that have heard of the incident, or are about to
 */
export function fateOf(
  notice: Notice,
  told: readonly Way[],
  settings: Pick<NotifySettings, 'routes' | 'lateAfterS' | 'channels'>,
  now: number,
): Readonly<{ fate: Fate; ways: readonly Way[] }> {
  const late = now - notice.at > settings.lateAfterS;
  const reachable = told.filter(({ channel }) => Object.hasOwn(settings.channels, channel));
  const ways = notice.kind === 'resolved' ? reachable : late ? [] : waysOf(settings, notice, now);
  if (ways.length > 0) return { fate: 'routed', ways };
  return { fate: late ? 'late' : 'unrouted', ways };
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

type Queue = Readonly<{ lookNow: () => void; stop: () => Promise<void> }>;

/** Does the next thing whenever it is due, one after the other. */
function keepGoing(
  next: () => Promise<number | undefined>,
  nowMs: () => number,
  failed: (error: unknown) => void,
): Queue {
  let stopped = false;
  let asked = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let busy = false;

  async function go(): Promise<void> {
    busy = true;
    asked = false;
    let waitMs = longestWaitMs;
    try {
      const at = await next();
      if (at !== undefined) waitMs = Math.min(longestWaitMs, Math.max(0, Math.ceil(at * 1000 - nowMs())));
    } catch (error) {
      failed(error);
      waitMs = afterErrorMs;
    }
    busy = false;
    if (stopped) return;
    timer = setTimeout(start, asked ? 0 : waitMs).unref();
  }
  function start(): void {
    running = go();
  }
  start();
  return {
    lookNow() {
      asked = true;
      if (busy || stopped) return;
      clearTimeout(timer);
      timer = setTimeout(start, 0).unref();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
