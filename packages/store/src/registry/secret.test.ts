import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalCode, newCode } from './secret.ts';

describe('codes', () => {
  it('are never the same and survive every way to type them', () => {
    const codes = Array.from({ length: 1000 }, newCode);
    expect(new Set(codes).size).toBe(1000);
    fc.assert(
      fc.property(fc.constantFrom(...codes), fc.boolean(), fc.boolean(), (code, lower, open) => {
        const typed = open ? code.replaceAll('-', ' ') : code;
        return canonicalCode(lower ? typed.toLowerCase() : typed) === canonicalCode(code);
      }),
    );
  });
});
