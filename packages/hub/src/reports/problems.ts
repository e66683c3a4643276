import type { Text } from '@tongtang/model/text';
import type { ScheduleDocument } from './documents.ts';
import type { RevisionRow } from './report-reader.ts';

/** What to do where mails cannot be sent. */
export const noMailbox: Text = {
  zh: '没有可用的邮箱，报告邮件无法发送：在 notify.yaml 的 channels 中加入一个 kind: mail，然后重启中心',
  en: 'Mails of reports cannot be sent, there is no mailbox: enter a channel of kind: mail in notify.yaml, and start the hub again',
};

/**
 * What keeps a report from those who are to have it, and what to do.
 * @param approvers those of today: who was asked in vain, and is none of them any more, or of what is decided by now, is no trouble
 * @param pdf why PDF could not be printed the last time
 */
export function reportProblems(
  revisions: readonly Pick<RevisionRow, 'state' | 'letters'>[],
  {
    approvers,
    hasMailbox,
    pdf,
  }: Readonly<{ approvers: readonly string[]; hasMailbox: boolean; pdf: string | undefined }>,
): Text[] {
  const letters = revisions.flatMap((revision) =>
    revision.letters.filter(
      ({ kind, to }) => kind !== 'awaiting' || (revision.state === 'awaiting' && approvers.includes(to)),
    ),
  );
  const waiting = letters.filter(({ state }) => state === 'waiting');
  const reasons = new Set(waiting.flatMap(({ why }) => why?.en ?? []));
  return [
    ...(waiting.length > 0 && !hasMailbox ? [noMailbox] : []),
    ...[...reasons].map((why) => ({
      zh: `邮件在等待，邮箱暂时不可用（${why}）：用 tongtang notify test 检查`,
      en: `Mails wait, the mailbox does not take them (${why}): try it with tongtang notify test`,
    })),
    ...letters
      .filter(({ state }) => state === 'failed')
      .map(({ kind, to, why }) =>
        kind === 'awaiting'
          ? {
              zh: `发往审批人 ${to} 的邮件未被接收：${why?.zh ?? ''}。请在月报设置中更正地址，更正后自动通知`,
              en: `The mail that asks ${to} to approve was not taken: ${why?.en ?? ''}. Mend the address in the schedule: it goes there by itself`,
            }
          : {
              zh: `发往 ${to} 的邮件未被接收：${why?.zh ?? ''}。请更正地址后重新发送`,
              en: `The mail to ${to} was not taken: ${why?.en ?? ''}. Mend the address, then send the report again`,
            },
      ),
    ...(pdf === undefined ? [] : [{ zh: `未能生成 PDF：${pdf}`, en: `No PDF was printed: ${pdf}` }]),
  ];
}

/**
 * What keeps the monthly report from those who are to have it, and any report of the county from those who approve it, and what to do.
 * @param waits whether it is due, and what was measured is not settled yet
 * @param trouble why it was not made
 */
export function scheduleProblems(
  { on, recipients, approval, approvers }: ScheduleDocument,
  {
    hasMailbox,
    waits,
    trouble,
  }: Readonly<{ hasMailbox: boolean; waits: boolean; trouble: string | undefined }>,
): Text[] {
  return [
    ...(hasMailbox || !(on || (approval && approvers.length > 0)) ? [] : [noMailbox]),
    ...(approval && approvers.length === 0
      ? [
          {
            zh: '报告须经批准，但没有填写审批人，有报告待批准时没有人收到通知：请填写审批人的邮箱地址',
            en: 'Reports wait for approval, and nobody is told when one does: enter the mail addresses of those who approve',
          },
        ]
      : []),
    ...(recipients.length > 0 || !on
      ? []
      : [
          {
            zh: '没有收件人：月报会生成，但不会发送',
            en: 'There are no recipients: the report is made, and sent to nobody',
          },
        ]),
    ...(waits
      ? [
          {
            zh: '月报已到期，等待上月数据结算完毕后自动生成',
            en: 'The monthly report is due, and comes by itself when what was measured is settled',
          },
        ]
      : []),
    ...(trouble === undefined
      ? []
      : [
          {
            zh: `月报未能生成，一小时后重试：${trouble}`,
            en: `The monthly report was not made, and is tried again within an hour: ${trouble}`,
          },
        ]),
  ];
}
