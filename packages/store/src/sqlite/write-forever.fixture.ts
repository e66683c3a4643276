import { createLog } from '@tongtang/runtime/log';
import { decodeLine } from '@tongtang/wire/line-protocol';
import { openSqliteStore } from './store.ts';

/** A process that writes until it is killed: says the number of each group of points when the store has it. */
const [path = '', from = ''] = process.argv.slice(2);
const nowS = (): number => Date.now() / 1000;
const store = openSqliteStore(path, { log: createLog('error'), nowS });
const place = { county: 'qilian', school: 's1', classroom: 'c1', agent: 'agent-1' };
for (let group = Number(from); ; group += 1) {
  const samples = [0, 1, 2, 3, 4].map((second) => {
    const time = Math.floor(nowS()) - 20 * 86_400 + group * 5 + second;
    const sample = decodeLine(`ping,link=lan,target=t${second} sent=${group}i ${time}`);
    if ('reason' in sample) throw new Error(sample.reason);
    return sample;
  });
  await store.write([{ place, samples }]);
  process.stdout.write(`${group}\n`);
  if (group % 20 === 0) await store.maintain(nowS());
}
