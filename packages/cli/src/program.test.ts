import { readFileSync } from 'node:fs';
import { Help } from 'commander';
import { describe, expect, it } from 'vitest';
import { tongtangProgram, wholeProgram } from './program.ts';

describe('the command line', () => {
  it('lists each command as the command has itself', async () => {
    const listed = (await tongtangProgram([])).helpInformation();
    const whole = await wholeProgram();
    expect(whole.helpInformation()).toBe(listed);
    const bare = new Help();
    for (const command of whole.commands) {
      const shown = `${bare.subcommandTerm(command)} `;
      // Hidden ones are in no list.
      if (command.name() !== 'demo-agents') expect(listed).toContain(`\n  ${shown}`);
    }
    const abouts = (await tongtangProgram([])).commands.map((command) => command.description());
    expect(whole.commands.map((command) => command.description())).toEqual(abouts);
  });

  it.each([
    [['timetable', 'import', 'x.xlsx'], 'timetable'],
    [['help', 'timetable'], 'timetable'],
    [['--help'], undefined],
    [['no-such'], undefined],
  ])('reads with %j the code of %s alone', async (words, called) => {
    const { commands } = await tongtangProgram(words);
    const read = commands.filter((command) => command.commands.length + command.options.length > 0);
    expect(read.map((command) => command.name())).toEqual(called === undefined ? [] : [called]);
  });

  it('imports no command before it is called', () => {
    const text = readFileSync(new URL('program.ts', import.meta.url), 'utf8');
    expect(text).not.toMatch(/^import .*commands\//m);
  });
});
