import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningMailServer, startMailServer } from '../../../../tests/services/chasquid.ts';
import { clock, countyReports } from './reports.fixture.ts';

const child = join(import.meta.dirname, 'report-mail.child.ts');
const people = ['zhang@school.example', 'li@school.example'];
let server: RunningMailServer;
let reports: ReturnType<typeof countyReports>;
beforeEach(async () => {
  server = await startMailServer();
  reports = countyReports();
}, 60_000);
afterEach(async () => {
  await reports.stop();
  await server.stop();
});

const yaml = (): string => `console: https://tongtang.example
channels:
  mailbox: { kind: mail, host: localhost, port: ${server.submissionPort}, security: starttls, user: "${server.user}", password: "${server.password}", ca: "${server.ca}", from: "${server.user}", to: ["zhang@school.example"] }
routes:
  - { name: all, to: [mailbox], severity: critical }
`;

/** Runs the child until it says something, or a mail is there, and kills it then. @returns all that it said */
async function runUntil(moment: 'making' | 'made' | 'handed' | 'sent' | 'first mail'): Promise<string[]> {
  const due = String(clock('2026-12-01', '07:00'));
  const running = spawn(process.execPath, [child, reports.data, yaml(), due], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  const reader = createInterface({ input: running.stdout });
  reader.on('line', (line) => {
    said.push(line);
    if (line === moment && moment !== 'sent') running.kill('SIGKILL');
  });
  const mails = setInterval(() => {
    if (moment === 'first mail' && server.delivered().length > 0) running.kill('SIGKILL');
  }, 5);
  await Promise.all([once(reader, 'close'), once(running, 'exit')]);
  clearInterval(mails);
  return said;
}

describe('kill -9 of the monthly report', () => {
  it.each([
    ['issued', { recipients: people, approval: false, approvers: [] }],
    ['awaiting', { recipients: [], approval: true, approvers: people }],
  ] as const)(
    'that is %s costs no mail at any of its steps, and brings none twice that does not say so',
    {
      timeout: 180_000,
    },
    async (outcome, wanted) => {
      reports.at(clock('2026-11-30', '12:00'));
      reports.desk.setSchedule(
        'qilian',
        { on: true, scope: { kind: 'county', id: 'qilian' }, objective: 9950, language: 'zh', ...wanted },
        reports.by(),
      );
      expect(await runUntil('making')).toEqual(['making']);
      await runUntil('made');
      expect(server.delivered()).toEqual([]);
      await runUntil('handed');
      await runUntil('first mail');
      const last = await runUntil('sent');
      // What was entered is not made again.
      expect(last).not.toContain('making');
      expect(last.at(-1)).toBe('sent');

      const mails = server.delivered();
      for (const to of people) {
        const those = mails.filter((mail) => new RegExp(`^To: ${to}`, 'm').test(mail));
        expect(those.length, to).toBeGreaterThan(0);
        // A mail that was under way at a kill may have arrived: sent again, it says so, under the same id.
        expect(new Set(those.map((mail) => /^Message-ID: (.*)$/im.exec(mail)?.[1])).size).toBe(1);
        const again = those.filter((mail) => textIn(mail).includes('重启后重发'));
        expect(those.length - again.length).toBeLessThanOrEqual(1);
      }
      const [first = ''] = mails;
      expect(first.match(/^Content-Disposition: attachment/gim)).toHaveLength(2);
      const [report, ...others] = reports.store.list({ limit: 9 });
      expect(others).toEqual([]);
      expect(reports.store.revisions(report?.id ?? '')).toHaveLength(1);
      expect(reports.store.runs('qilian')).toMatchObject([{ month: '2026-11', outcome }]);
    },
  );
});

/** All texts of a mail of several parts, each in base64 or as it is (RFC 2045). */
function textIn(mail: string): string {
  return mail
    .split(/^--/m)
    .map((part) => {
      const [head = '', body = ''] = part.replaceAll('\r\n', '\n').split(/\n\n(.*)/s);
      if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
      const bytes = body
        .replaceAll(/=\n/g, '')
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(bytes, 'latin1').toString('utf8');
    })
    .join('\n');
}
