import { describe, expect, it } from 'vitest';
import { satelliteCommand } from './satellite.ts';

const asked: Readonly<Record<string, string>> = {
  '--lat': '38.18',
  '--lon': '100.25',
  '--orbit': '92.2E',
  '--dish': '0.6',
  '--freq': '11.88',
  '--year': '2027',
};

/** What `tongtang satellite sun-outages` says to these flags before it would begin; undefined where it would. */
async function objectionTo(flags: Readonly<Record<string, string>>): Promise<string | undefined> {
  const program = satelliteCommand();
  for (const command of [program, ...program.commands])
    command
      .action(() => {})
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
  const words = Object.entries(flags).flat();
  try {
    await program.parseAsync(['sun-outages', ...words], { from: 'user' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('tongtang satellite sun-outages', () => {
  it.each([
    {},
    { '--height': '2787' },
    { '--lat': '-38.18', '--lon': '-70.7' },
    { '--orbit': '1W' },
    { '--orbit': '110.5°E' },
    { '--orbit': '-1' },
  ])('takes %o', async (flags) => {
    expect(await objectionTo({ ...asked, ...flags })).toBeUndefined();
  });

  it.each([
    ['--lat', '95', 'from -90 to 90: degrees'],
    ['--lat', '38,18', 'from -90 to 90: degrees'],
    ['--lon', '181', 'from -180 to 180: degrees'],
    ['--height', '27870', 'from -500 to 9000: metres'],
    ['--orbit', '200E', 'from 0 to 180 with E or W'],
    ['--orbit', '92.2N', 'from 0 to 180 with E or W'],
    ['--dish', '0', 'from 0.3 to 30: metres'],
    ['--freq', '12500', 'from 2.5 to 50: GHz'],
    ['--freq', '1.55', 'not the receiver’s L band'],
    ['--year', '27', 'from 1970 to 2100'],
    ['--year', '2027.5', 'from 1970 to 2100'],
  ])('names the flag and the range: %s %s', async (flag, value, range) => {
    const objection = await objectionTo({ ...asked, [flag]: value });
    expect(objection).toContain(`option '${flag} <`);
    expect(objection).toContain(`argument '${value}' is invalid`);
    expect(objection).toContain(range);
  });

  it.each(Object.keys(asked))('does not guess %s', async (flag) => {
    const { [flag]: _, ...rest } = asked;
    expect(await objectionTo(rest)).toContain(`required option '${flag} <`);
  });
});
