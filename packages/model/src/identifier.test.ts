import { describe, expect, it } from 'vitest';
import { isIdentifier } from './identifier.ts';

describe('ids', () => {
  it.each(['a', '1', 'qilian', 'xx-1', 'a'.repeat(32)])('%s is one', (text) => {
    expect(isIdentifier(text)).toBe(true);
  });

  it.each(['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a/b', 'a+', '祁连', 'a\n', ' a', 'a'.repeat(33)])(
    '%j is none',
    (text) => {
      expect(isIdentifier(text)).toBe(false);
    },
  );
});
