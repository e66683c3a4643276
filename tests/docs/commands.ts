import { wholeProgram } from '@tongtang/cli/program';
import type { Page } from './pages.ts';

type Program = Awaited<ReturnType<typeof wholeProgram>>;

/** Command lines of `npx tongtang` on a page, each without what the shell does behind it and without comments. */
export function commandLinesIn({ text }: Page): string[] {
  const inline = [...text.matchAll(/`((?:npx )?tongtang [^`\n]+)`/g)].map(([, line = '']) => line);
  const fenced = text
    .split('\n')
    .filter((line) => !line.includes('`'))
    .flatMap((line) => /\bnpx tongtang .*$/.exec(line)?.[0] ?? []);
  return [...inline, ...fenced].map((line) => line.replace(/\s+(?:#|&&|\||>\s).*$/, '').replace(/^npx /, ''));
}

/** Why the command line would be refused, as the command itself says it; undefined where it would run. */
export async function objectionTo(line: string): Promise<string | undefined> {
  const program = unable(await wholeProgram());
  const [, ...words] = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  try {
    await program.parseAsync(words, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return 'code' in error && error.code === 'commander.helpDisplayed' ? undefined : error.message;
  }
}

/** The program with commands that read their words and do nothing. */
function unable(program: Program): Program {
  program.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  // One with flags does something itself, though it may have others beneath it.
  const acts = program.commands.length === 0 || program.options.some(({ long }) => long !== '--version');
  if (acts) program.action(() => {});
  for (const command of program.commands) unable(command);
  return program;
}
