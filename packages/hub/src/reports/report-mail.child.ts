import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startNotifier } from '@tongtang/notify/notifier';
import { notifySettings } from '@tongtang/notify/notify-file';
import { printPdf } from '@tongtang/reports/formats/pdf';
import { createLog } from '@tongtang/runtime/log';
import { openMinutes } from '@tongtang/store/minutes/minutes';
import { openRegistry } from '@tongtang/store/registry/open';
import { openIssuedReports } from '@tongtang/store/reports/issued-reports';
import { minutesIn } from '../minutes/minutes-file.ts';
import { ReportsDesk } from './desk.ts';
import { openReportMaker } from './report-maker.ts';
import { reportsIn } from './reports-file.ts';

/** Keeps the reports of a county at one moment, over and over, until it is killed or all letters are sent; says what it has done. */
const [data = '', yaml = '', now = '0'] = process.argv.slice(2);
const read = notifySettings(yaml);
if (!read.ok) throw new Error(read.problems.join());
const log = createLog('error');
const nowS = (): number => Number(now);
const say = (what: string): void => {
  process.stdout.write(`${what}\n`);
};

const registry = openRegistry(join(data, 'hub', 'registry.db'), log);
const minutes = openMinutes(minutesIn(data), log);
const store = openIssuedReports(reportsIn(data), log);
const notifier = startNotifier({
  path: join(data, 'hub', 'notify.db'),
  settings: read.value,
  count: () => {},
  log,
});
const { post } = notifier;
if (post === undefined) throw new Error('no mailbox');
const maker = openReportMaker(data);
const desk = new ReportsDesk({
  store,
  registry,
  settledTo: (county) => minutes.settledTo(county),
  notifier: {
    ...notifier,
    post(letter) {
      post(letter);
      say('handed');
    },
  },
  maker: {
    ...maker,
    async make(order, told) {
      say('making');
      const made = await maker.make(order, told);
      say('made');
      return made;
    },
  },
  print: (html) => printPdf(html, join(data, 'no-chromium')),
  isSimulated: false,
  mayRun: () => true,
  log,
  nowS,
});
for (;;) {
  await desk.keeper.look();
  const [report] = store.list({ limit: 1 });
  const letters = report === undefined ? [] : store.letters(report.id);
  if (letters.length > 0 && letters.every(({ state }) => state === 'sent')) break;
  await pause(100);
}
say('sent');
await notifier.stop();
