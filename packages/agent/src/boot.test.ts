import { describe, expect, it } from 'vitest';
import { systemBoot } from './boot.ts';

const at = (wall: string, upS: number) => ({ wallMs: () => Date.parse(wall), bootMs: () => upS * 1000 });
const nowhere = '/nonexistent/boot_id';

describe('the name of a boot where the system has none', () => {
  it('is the same in every process of a boot, and another one in the next', () => {
    const first = systemBoot(at('2026-11-24T08:00:30Z', 30), nowhere);
    expect(systemBoot(at('2026-11-24T09:00:02Z', 3602), nowhere)).toBe(first);
    expect(systemBoot(at('2026-11-25T08:00:30Z', 30), nowhere)).not.toBe(first);
  });

  it('is not shared by boots that begin alike, because the clock has lost its battery', () => {
    const boot = () => systemBoot(at('2009-01-01T00:00:30Z', 30), nowhere);
    expect(boot()).not.toBe(boot());
  });
});

it('the system names its boot on Linux', () => {
  const boot = systemBoot(at('2009-01-01T00:00:30Z', 30));
  if (process.platform === 'linux') expect(boot).toMatch(/^[0-9a-f-]{36}$/);
  else expect(boot).toMatch(/^start-/);
});
