import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * What snmpd asks for the values of a receiver (`pass_persist`, snmpd.conf(5)): it says PING once, then `get` or `getnext` and
 * an OID a line, and is answered with OID, type and value a line each, or NONE. The values are read again for each question.
 */

type Value = readonly [oid: string, type: string, value: string];

const [, , file = ''] = process.argv;

function inOrder(one: string, other: string): number {
  const [ours, theirs] = [one.split('.').map(Number), other.split('.').map(Number)];
  const differs = ours.findIndex((number, index) => number !== theirs[index]);
  if (differs === -1) return ours.length - theirs.length;
  return (ours[differs] ?? 0) - (theirs[differs] ?? -1);
}

function answer(question: string, oid: string): string {
  const values: Value[] = JSON.parse(readFileSync(file, 'utf8'));
  values.sort(([one], [other]) => inOrder(one, other));
  const found = values.find(([own]) => (question === 'get' ? own === oid : inOrder(own, oid) > 0));
  return found === undefined ? 'NONE' : `.${found[0]}\n${found[1]}\n${found[2]}`;
}

let question: string | undefined;
for await (const line of createInterface(process.stdin)) {
  if (line === 'PING') process.stdout.write('PONG\n');
  else if (question === undefined) question = line;
  else {
    process.stdout.write(`${answer(question, line.replace(/^\./, ''))}\n`);
    question = undefined;
  }
}
