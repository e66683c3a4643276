import type { Language } from '@tongtang/model/text';
import { changeTold } from '@tongtang/reports/changes';
import type { LetterKind } from '@tongtang/store/reports/letters';
import { type Changes, type ReportDocument, type RevisionDocument, titleOf } from './documents.ts';

/** What a letter is about: a revision of a report. */
export type Enclosed = Readonly<{
  id: string;
  number: number;
  about: ReportDocument;
  document: RevisionDocument;
  changes: Changes;
  /** Of who withdrew it. */
  note?: string;
  /** Whether PDF is enclosed; else it is HTML. */
  hasPdf: boolean;
  /** Where people open the console. */
  console: string;
}>;

/** So many changes stand in a letter; the console has all. */
const mostChanges = 20;

const words = {
  zh: {
    subject: {
      awaiting: (title: string) => `【同堂】待审批：${title}`,
      issued: (title: string) => `【同堂】${title}`,
      revised: (title: string) => `【同堂】${title}`,
      withdrawn: (title: string) => `【同堂】已撤回：${title}`,
      sent: (title: string) => `【同堂】${title}`,
      trial: (title: string) => `【同堂】测试：${title}`,
    },
    first: {
      awaiting:
        '这份报告还没有发给任何人。请先过目：没有问题就批准，批准后才会发出；有疑问就先搁置，不会发出。',
      issued: '报告已生成，见附件。',
      revised: '数据补齐后，报告有变化：附件为修订版，取代此前发送的版本。',
      withdrawn: '此前发送的报告已撤回，请勿再使用。',
      sent: '报告见附件。',
      trial: '这是一封测试邮件：报告邮件可以送达。附件为最近一份已签发的报告。',
    },
    trialOnly: '这是一封测试邮件：报告邮件可以送达。尚无已签发的报告，因此没有附件。',
    trialSubject: '【同堂】测试：报告邮件可以送达',
    simulated: '注意：模拟数据，并非实测。',
    changed: '变化：',
    more: (count: number) => `……另有 ${count} 处，见网页。`,
    noPdf: '附件为 HTML，用浏览器打开即可打印：中心的机器上没有可用的 Chromium，未能生成 PDF。',
    note: '说明：',
    link: '网页：',
    again: '（重启后重发，可能重复）',
    none: '–',
    colon: '：',
  },
  en: {
    subject: {
      awaiting: (title: string) => `[Tongtang] Awaits approval: ${title}`,
      issued: (title: string) => `[Tongtang] ${title}`,
      revised: (title: string) => `[Tongtang] ${title}`,
      withdrawn: (title: string) => `[Tongtang] Withdrawn: ${title}`,
      sent: (title: string) => `[Tongtang] ${title}`,
      trial: (title: string) => `[Tongtang] Test: ${title}`,
    },
    first: {
      awaiting:
        'Nobody has this report yet. Please look at it: approve it, and it goes out; or leave it, and it does not.',
      issued: 'The report is made, and enclosed.',
      revised:
        'Data that came late have changed the report: enclosed is its revision, which takes the place of what was sent before.',
      withdrawn: 'The report that was sent before is withdrawn. Please use it no longer.',
      sent: 'The report is enclosed.',
      trial: 'This is a test: reports arrive by mail. Enclosed is the newest one that was issued.',
    },
    trialOnly: 'This is a test: reports arrive by mail. None has been issued yet, so nothing is enclosed.',
    trialSubject: '[Tongtang] Test: reports arrive by mail',
    simulated: 'Note: simulated data, nobody measured it.',
    changed: 'What changed:',
    more: (count: number) => `… and ${count} more, on the page.`,
    noPdf: 'Enclosed is HTML, which any browser prints: the hub has no Chromium that prints PDF.',
    note: 'Note: ',
    link: 'On the web: ',
    again: '(Sent again after a restart: you may have it twice)',
    none: '–',
    colon: ': ',
  },
} as const;

/** What stands above a letter that may have been sent before. */
export function againText(language: Language): string {
  return words[language].again;
}

/** Subject and text of a letter. */
export function wordsOf(
  kind: LetterKind,
  enclosed: Enclosed | undefined,
  language: Language,
): Readonly<{ subject: string; text: string }> {
  const said = words[language];
  if (enclosed === undefined) return { subject: said.trialSubject, text: `${said.trialOnly}\n` };
  const { id, number, about, document, note, hasPdf, console } = enclosed;
  const title = titleOf(about, number, language);
  const parts = [
    said.first[kind],
    ...(note === undefined ? [] : [`${said.note}${note}`]),
    ...(document.isSimulated ? [said.simulated] : []),
    ...(kind === 'revised' || (kind === 'awaiting' && hasChanged(enclosed))
      ? [changed(enclosed, language)]
      : []),
    ...(kind === 'withdrawn' ? [] : [figures(document, language)]),
    ...(hasPdf || kind === 'withdrawn' ? [] : [said.noPdf]),
    // Without a number the page shows what people hold, which is not what is to be approved.
    `${said.link}${console}/reports/${id}${kind === 'awaiting' ? `?revision=${number}` : ''}`,
  ];
  return { subject: said.subject[kind](title), text: `${title}\n\n${parts.join('\n\n')}\n` };
}

function figures({ summary }: RevisionDocument, language: Language): string {
  return summary
    .map(({ title, value, share, unit }) => {
      const parts = share === undefined || value === undefined ? '' : ` (${share.part}/${share.of})`;
      const number = value === undefined ? words[language].none : `${value} ${unit[language]}`;
      return `${title[language]}${words[language].colon}${number}${parts}`;
    })
    .join('\n');
}

function hasChanged({ changes: { changes, more } }: Enclosed): boolean {
  return changes.length + more > 0;
}

function changed({ changes: { changes, more } }: Enclosed, language: Language): string {
  const said = words[language];
  const lines = changes.slice(0, mostChanges).map((change) => `- ${changeTold(change, language)}`);
  const left = changes.length - lines.length + more;
  return [said.changed, ...lines, ...(left > 0 ? [said.more(left)] : [])].join('\n');
}
