import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notifySettings, readNotifyFile } from './notify-file.ts';

const key = 'k3y-that-nobody-may-see';
const whole = `
console: https://tongtang.example/
people:
  zhang: { name: 张师傅, mobile: "13800000001" }
rosters:
  technicians: { turns: { from: 2026-09-07, days: 7, who: [zhang] } }
channels:
  group: { kind: wecom, url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}" }
routes:
  - { name: all, to: [group], roster: technicians }
`;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-notify-'));
  path = join(folder, 'notify.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

function problemsOf(yaml: string): string[] {
  const read = notifySettings(yaml);
  return read.ok ? [] : read.problems;
}

describe('a notify file', () => {
  it('that is whole is read, with its defaults', () => {
    writeFileSync(path, whole, { mode: 0o600 });
    const read = readNotifyFile(path);
    expect(read).toMatchObject({
      ok: true,
      value: {
        console: 'https://tongtang.example',
        lateAfterS: 1800,
        channels: { group: { kind: 'wecom', language: 'zh', textBytes: 2048 } },
      },
    });
  });

  it.skipIf(process.platform === 'win32').each([0o644, 0o640, 0o604, 0o620])(
    'that others may read or write is refused: mode %o',
    (mode) => {
      writeFileSync(path, whole);
      // The umask may take rights away at creation.
      chmodSync(path, mode);
      expect(readNotifyFile(path)).toEqual({
        ok: false,
        problems: [`${path}: others may read it (mode ${mode.toString(8)}): chmod 600 ${path}`],
      });
    },
  );

  it('that is not there is named', () => {
    expect(readNotifyFile(path)).toMatchObject({ ok: false, problems: [expect.stringContaining(path)] });
  });

  it.each([
    ['https://tongtang.example/', 'tongtang.example', 'console: must be http://host or https://host'],
    ['to: [group]', 'to: [grup]', 'routes[0].to: no channel "grup"'],
    ['to: [group]', 'too: [group]', 'routes[0].too: is not known here'],
    [
      'name: all',
      'name: All Schools',
      'routes[0].name: must be 1 to 32 small letters, digits or inner hyphens',
    ],
    ['roster: technicians', 'roster: nobody', 'routes[0].roster: no roster "nobody"'],
    ['roster: technicians', 'severity: high', 'routes[0].severity: must be one of info, warning, critical'],
    ['roster: technicians', 'hours: { from: 8:00 }', 'routes[0].hours.from: must be a time such as "08:30"'],
    ['roster: technicians', 'quiet: [{}]', 'routes[0].quiet: nothing is left of the week'],
    [
      'kind: wecom',
      'kind: wechat',
      'channels.group.kind: must be one of wecom, dingtalk, feishu, mail, webhook',
    ],
    ['kind: wecom', 'kind: dingtalk', 'channels.group: must have required properties secret'],
    ['?key=', '?kee=', 'channels.group.url: must be the whole address that WeCom shows, with key=…'],
    ['https://qyapi', 'http://qyapi', 'channels.group.url: must be https://…'],
    ['who: [zhang]', 'who: [chang]', 'rosters.technicians.turns.who: nobody "chang" in people'],
    ['2026-09-07', '2026-02-30', 'rosters.technicians.turns.from: 2026-02-30 is not in the calendar'],
    ['"13800000001"', '"138 0000"', 'people.zhang.mobile: must be a telephone number of digits'],
    ['routes:\n', 'routes: [\n', 'line 10, column 3: not YAML (BLOCK_IN_FLOW)'],
  ])('in which %s is %s is refused in words that name the place', (from, to, problem) => {
    const problems = problemsOf(whole.replace(from, to));
    expect(problems).toContain(problem);
    expect(problems.join()).not.toContain(key);
  });

  it('never shows what stands in it, wherever it is broken', () => {
    for (let at = 0; at < whole.length; at += 7)
      for (const broken of [
        whole.slice(0, at),
        `${whole.slice(0, at)}"${whole.slice(at)}`,
        `${whole.slice(0, at)}\n: ${whole.slice(at)}`,
      ])
        expect(problemsOf(broken).join()).not.toContain(key.slice(0, 8));
  });

  it('with a password but without TLS is refused', () => {
    const mail =
      'kind: mail, host: mail.example, port: 25, security: none, user: u, password: p, from: a@b.cn, to: [c@d.cn]';
    expect(problemsOf(whole.replace(/group: \{.*\}/, `group: { ${mail} }`))).toEqual([
      'channels.group.password: is not sent without TLS: security must be tls or starttls',
    ]);
  });
});
