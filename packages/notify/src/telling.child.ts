import { createLog } from '@tongtang/runtime/log';
import { noticeOf } from './notice.fixture.ts';
import { startNotifier } from './notifier.ts';
import { notifySettings } from './notify-file.ts';

/**
 * Takes one notice after the other, each of a lesson that is on, until it is killed; says on standard output what it has taken. A number
 * that it cannot be sure of it takes again, as incidents do after a restart.
 */
const [path = '', yaml = '', first = '0'] = process.argv.slice(2);
const read = notifySettings(yaml);
if (!read.ok) throw new Error(read.problems.join());
const notifier = startNotifier({ path, settings: read.value, count: () => {}, log: createLog('error') });
const nowS = Math.floor(Date.now() / 1000);
const name = { zh: '八宝', en: 'Babao' };
const lesson = {
  school: { id: 'babao', name },
  class: { id: 'c1', name },
  start: nowS - 60,
  end: nowS + 3600,
};

let number = Number(first);
const timer = setInterval(() => {
  if (number - Number(first) >= 400) return clearInterval(timer);
  notifier.take(noticeOf({ incident: `i-${number}`, since: nowS, at: nowS, lessons: [lesson] }));
  process.stdout.write(`${number}\n`);
  number += 1;
}, 20);
// The notifier itself keeps no process.
setInterval(() => {}, 60_000);
