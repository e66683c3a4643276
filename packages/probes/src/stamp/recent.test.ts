import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

const limits = { idleMs: 100, max: 3 };

it('keeps what is used and forgets what is idle', () => {
  const recent = new Recent((nowMs) => ({ madeMs: nowMs }), limits);
  recent.use('a', 0);
  recent.use('b', 50);
  expect(recent.use('a', 99).madeMs).toBe(0);
  expect(recent.use('a', 198).madeMs).toBe(0);
  expect(recent.size).toBe(1);
  expect(recent.use('a', 298).madeMs).toBe(298);
});

it('forgets the longest unused one where there are too many', () => {
  const recent = new Recent((nowMs) => ({ madeMs: nowMs }), limits);
  for (const [at, key] of ['a', 'b', 'c', 'a', 'd'].entries()) recent.use(key, at);
  expect(recent.size).toBe(3);
  expect(recent.use('a', 9).madeMs).toBe(0);
  expect(recent.use('b', 9).madeMs).toBe(9);
});
