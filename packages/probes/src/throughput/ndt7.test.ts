import fc from 'fast-check';
import { it } from 'vitest';
import { firstMessage, largestMessage, nextSize } from './ndt7.ts';

it('lets messages grow to powers of two, none more than an eighth of what went before it', () => {
  const most = fc.integer({ min: 13, max: 24 }).map((power) => 2 ** power);
  fc.assert(
    fc.property(most, fc.integer({ min: 1, max: 500 }), (largest, count) => {
      let size = firstMessage;
      let sent = 0;
      for (let message = 0; message < count; message += 1) {
        const fits = size === firstMessage || size <= sent / 8;
        const allowed = Number.isInteger(Math.log2(size)) && size <= Math.min(largest, largestMessage);
        if (!fits || !allowed) throw new Error(`${size} octets after ${sent}`);
        sent += size;
        size = nextSize(size, sent, largest);
      }
    }),
  );
});
