import { buildConsole, startChromium, visit } from '../console/browser.ts';
import { tongtang } from '../services/tongtang.ts';
import { atMost, type Benchmark, type BenchmarkContext, figure, type Result } from './benchmark.ts';
import { settleCounty, startHubOf } from './county.ts';
import { type AtEnd, tidily } from './tidily.ts';

/** As many as the county that this was made for has. */
const classrooms = 46;

/** Every first visit of one version brings the same bytes, but for the length of a number in a header: once is enough. */
export const console: Benchmark = {
  name: 'console',
  about: 'bytes of the first load of the console, until all classrooms of a county stand on the page',
  run: (context) => tidily((atEnd) => measure(context, atEnd)),
};

async function measure({ say }: BenchmarkContext, atEnd: AtEnd): Promise<readonly Result[]> {
  buildConsole();
  const { hub } = await startHubOf(settleCounty(classrooms, atEnd), 'sqlite', atEnd);
  const browser = await startChromium();
  atEnd(() => browser.close());
  const { stdout } = await tongtang(['user', 'link'], hub.environment);

  const { page } = await visit(browser, { locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const paths = new Map<string, string>();
  const bytes = { page: 0, answers: 0 };
  const fetched: string[] = [];
  network.on('Network.responseReceived', ({ requestId, response }) => {
    paths.set(requestId, new URL(response.url).pathname);
  });
  // A body as it came, compressed, with the headers before it.
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId) ?? '';
    bytes[path.startsWith('/api/') ? 'answers' : 'page'] += encodedDataLength;
    fetched.push(`${path} ${encodedDataLength}`);
  });
  await page.goto(stdout.trim());
  await page
    .locator('.room')
    .nth(classrooms - 1)
    .waitFor();
  await page.waitForLoadState('load');
  say(fetched.join(', '));
  return [
    atMost('console.first_load_kb', bytes.page / 1000, 'kB', 100),
    figure('console.first_answers_kb', bytes.answers / 1000, 'kB'),
  ];
}
