import { describe, expect, it } from 'vitest';
import { isLinkKind, linkKinds, linkTitles } from './link.ts';

describe('links', () => {
  it('have a title in both languages', () => {
    for (const kind of linkKinds) {
      expect(isLinkKind(kind)).toBe(true);
      expect(linkTitles[kind].zh).toMatch(/\p{Script=Han}/u);
      expect(linkTitles[kind].en).not.toBe('');
    }
    expect(isLinkKind('toString')).toBe(false);
  });
});
