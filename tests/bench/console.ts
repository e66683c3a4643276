import type { InventoryDocument } from '@tongtang/model/inventory';
import { buildConsole, startChromium, visit } from '../console/browser.ts';
import { dataFolder, startTestHub, tongtang } from '../services/tongtang.ts';
import { atMost, type Benchmark, type BenchmarkContext, figure, type Result } from './benchmark.ts';
import { importInventory } from './school.ts';
import { type AtEnd, tidily } from './tidily.ts';

/** As large as the county that this was made for. */
const [schools, classrooms] = [13, 46];

/** First visits of one version bring the same bytes; what differs is the length of a date in a header. */
export const console: Benchmark = {
  name: 'console',
  about: 'bytes of the first load of the console, until all classrooms of a county stand on the page',
  run: (context) => tidily((atEnd) => measure(context, atEnd)),
};

async function measure({ say }: BenchmarkContext, atEnd: AtEnd): Promise<readonly Result[]> {
  buildConsole();
  const data = dataFolder();
  atEnd(data.remove);
  await importInventory(data.path, county());
  const hub = await startTestHub(data.path);
  atEnd(() => hub.process().stop());
  const browser = await startChromium();
  atEnd(() => browser.close());
  const { stdout } = await tongtang(['user', 'link'], hub.environment);

  const { page } = await visit(browser, { locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const paths = new Map<string, string>();
  const bytes = { page: 0, answers: 0 };
  const compressed: string[] = [];
  network.on('Network.responseReceived', ({ requestId, response }) => {
    const { pathname } = new URL(response.url);
    paths.set(requestId, pathname);
    compressed.push(`${pathname} ${response.headers['content-encoding'] ?? 'as it is'}`);
  });
  // Of a body as it came, compressed, with the headers before it.
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const isAnswer = paths.get(requestId)?.startsWith('/api/') === true;
    bytes[isAnswer ? 'answers' : 'page'] += encodedDataLength;
  });
  await page.goto(stdout.trim());
  await page
    .locator('.room')
    .nth(classrooms - 1)
    .waitFor();
  await page.waitForLoadState('load');
  say(compressed.join(', '));
  return [
    atMost('console.first_load_kb', bytes.page / 1000, 'kB', 100),
    figure('console.first_answers_kb', bytes.answers / 1000, 'kB'),
  ];
}

function county(): InventoryDocument {
  const each = Math.ceil(classrooms / schools);
  return {
    county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    schools: Array.from({ length: schools }, (_, index) => ({
      id: `school-${index + 1}`,
      name: { zh: `第${index + 1}学校`, en: `School ${index + 1}` },
      classes: Math.min(each, classrooms - each * index),
    })).map((school) => ({ ...school, classes: Math.max(0, school.classes) })),
  };
}
