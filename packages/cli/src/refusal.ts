/** What stops a command and is told to its user in words, without a stack. */
export class Refusal extends Error {
  constructor(problems: string | readonly string[]) {
    super(typeof problems === 'string' ? problems : problems.map((problem) => `- ${problem}`).join('\n'));
  }
}
