import { describe, expect, it } from 'vitest';
import { systemBoot } from './boot.ts';

describe('the name of a boot', () => {
  it('is what Linux calls it, in every process', () => {
    if (process.platform !== 'linux') return;
    expect(systemBoot()).toMatch(/^[0-9a-f-]{36}$/);
    expect(systemBoot()).toBe(systemBoot());
  });

  it('is another one in each process where the system has none: by their clocks two boots may begin alike', () => {
    const boot = () => systemBoot('/nonexistent/boot_id');
    expect(boot()).toMatch(/^process-[0-9a-f]{16}$/);
    expect(boot()).not.toBe(boot());
  });
});
