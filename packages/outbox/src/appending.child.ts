import { createLog } from '@tongtang/runtime/log';
import { openOutbox } from './sqlite-outbox.ts';

/**
 * Appends until it is killed, and says on standard output what is kept: `<outbox> <first> <last> <first value>`. Now and
 * then it commits what it holds, so that deletes are under way as well; it says so before, as `commit <to>`.
 */
const outbox = openOutbox({
  path: process.argv[2] ?? '',
  boot: process.argv[3] ?? '',
  log: createLog('error'),
});
let value = Number(process.argv[4]);

setInterval(() => {
  for (let burst = 0; burst < 20; burst += 1) {
    const samples = [0, 1, 2].map((index) => ({ line: `ping rtt_ms=${value + index}`, time: 1_790_000_000 }));
    const numbers = outbox.append(samples);
    if (numbers === undefined) continue;
    const [first, last] = numbers;
    const { id } = outbox.stats();
    process.stdout.write(`${id} ${first} ${last} ${value}\n`);
    value += samples.length;
    if (value % 200 < 3) {
      process.stdout.write(`commit ${last - 50}\n`);
      outbox.commit(id, [[1, last - 50]]);
    }
  }
}, 1);
