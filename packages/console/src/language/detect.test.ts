import { describe, expect, it } from 'vitest';
import { initialLanguage } from './detect.ts';

describe('the language to begin with', () => {
  it('is the one chosen before', () => {
    expect(initialLanguage('en', ['zh-CN'])).toBe('en');
  });

  it('is the first of the browser’s that we speak', () => {
    expect(initialLanguage(undefined, ['bo', 'en-GB', 'zh-CN'])).toBe('en');
    expect(initialLanguage(undefined, ['zh-Hant-TW'])).toBe('zh');
  });

  it('is Chinese where we speak none of them', () => {
    expect(initialLanguage(undefined, ['bo', 'mn'])).toBe('zh');
  });
});
