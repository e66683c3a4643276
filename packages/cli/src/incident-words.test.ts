import { expect, it } from 'vitest';
import { hintAfter } from './incident-words.ts';

it('who takes care of an incident that is over is told that nobody need', () => {
  expect(hintAfter('acknowledge', { state: 'acknowledged' }, 'en')).toBeUndefined();
  expect(hintAfter('close', { state: 'closed' }, 'en')).toBeUndefined();
  expect(hintAfter('acknowledge', { state: 'resolved' }, 'en')).toBe(
    'It is resolved, so nobody need take care of it any more: that is in its history, and nothing else changes',
  );
  expect(hintAfter('acknowledge', { state: 'closed' }, 'zh')).toMatch(/^这起故障已手动关闭/);
});
