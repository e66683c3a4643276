import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Me } from '../api/answers.ts';
import { post } from '../api/client.ts';
import type { Report } from '../api/report-answers.ts';
import { TextDialog } from '../design/text-dialog.tsx';
import { language, words } from '../language/language.ts';
import { recipientsIn } from './recipients.ts';
import { decides, refusalText } from './report-text.ts';

type Deed = 'approve' | 'withdraw' | 'send';
type ReportActionsProps = Readonly<{
  report: Report;
  me: Me;
  /** @param said what to tell whoever did it */
  done: (said: string) => void;
}>;

/** What those may do who decide about reports: let it go out, take it back, send it. */
export function ReportActions({ report, me, done }: ReportActionsProps): JSX.Element | null {
  const t = words.value.reports;
  const doing = useSignal<Deed | undefined>(undefined);
  if (!decides(me.role)) return null;
  const { state, current, revision, newest } = report;
  const deeds: readonly Deed[] = [
    // Only of what stands on the page.
    ...(state === 'awaiting' && revision === newest ? (['approve'] as const) : []),
    ...(current === undefined ? [] : (['send'] as const)),
    ...(state === 'withdrawn' ? [] : (['withdraw'] as const)),
  ];
  return (
    <div class="report-actions">
      {deeds.map((deed) => (
        <button
          key={deed}
          type="button"
          class={deed === 'approve' ? 'primary' : ''}
          onClick={() => (doing.value = deed)}
        >
          {t[deed]}
        </button>
      ))}
      {doing.value !== undefined && (
        <DeedDialog
          deed={doing.value}
          report={report}
          done={(said) => {
            doing.value = undefined;
            if (said !== undefined) done(said);
          }}
        />
      )}
    </div>
  );
}

type DeedDialogProps = Readonly<{ deed: Deed; report: Report; done: (said?: string) => void }>;

/** Says what it means, and asks for a note or for addresses. */
function DeedDialog({ deed, report, done }: DeedDialogProps): JSX.Element {
  const t = words.value.reports;
  const more = { approve: t.approveMore, withdraw: t.withdrawMore, send: t.sendMore } as const;
  const said = { approve: t.approved, withdraw: t.withdrawn, send: t.sent } as const;
  const label = { approve: t.note, withdraw: t.reason, send: t.addresses } as const;
  const act = async (text: string): Promise<string | undefined> => {
    const body = bodyOf(deed, text, report);
    if (typeof body === 'string') return body;
    try {
      await post(`reports/${encodeURIComponent(report.id)}/${deed}`, body);
      done(said[deed]);
      return undefined;
    } catch (error) {
      return refusalText(error, deed);
    }
  };
  return (
    <TextDialog
      title={t[deed]}
      more={more[deed]}
      label={label[deed]}
      isRequired={deed !== 'approve'}
      maxLength={deed === 'send' ? 5000 : 1000}
      act={act}
      cancel={() => done()}
    />
  );
}

/** What the hub is to be told, or what is wrong with what was typed. */
function bodyOf(deed: Deed, text: string, { newest }: Report): object | string {
  const t = words.value.reports;
  switch (deed) {
    case 'approve':
      return { revision: newest, ...(text !== '' && { note: text }) };
    case 'withdraw':
      return { note: text };
    case 'send': {
      const { recipients, wrong } = recipientsIn(text);
      if (wrong.length > 0) return t.wrongAddress(wrong.join(words.value.listComma));
      return recipients.length === 0 ? t.noAddress : { to: recipients, language: language.value };
    }
  }
}
