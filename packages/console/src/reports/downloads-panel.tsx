import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Report } from '../api/report-answers.ts';
import { language, words } from '../language/language.ts';
import { Segment } from '../session/choices.tsx';
import { type FileFormat, fileAddress } from './report-text.ts';

const formats = ['pdf', 'xlsx', 'csv', 'html', 'json'] as const satisfies FileFormat[];

/** The revision as a page to read and as files of each format. */
export function DownloadsPanel({ report: { id, revision } }: { report: Report }): JSX.Element {
  const t = words.value.reports;
  const chosen = useSignal(language.value);
  return (
    <section class="sheet panel" aria-labelledby="downloads">
      <h2 id="downloads">{t.downloads}</h2>
      <fieldset class="segments">
        <legend>{t.inLanguage}</legend>
        <Segment name="files-in" checked={chosen.value === 'zh'} choose={() => (chosen.value = 'zh')}>
          <span lang="zh-CN">中文</span>
        </Segment>
        <Segment name="files-in" checked={chosen.value === 'en'} choose={() => (chosen.value = 'en')}>
          <span lang="en">English</span>
        </Segment>
      </fieldset>
      <p>
        <a
          class="button report-read"
          target="_blank"
          rel="noopener"
          href={fileAddress({ id, revision, format: 'html', show: true }, chosen.value)}
        >
          {t.read}
        </a>
      </p>
      <ul class="report-formats">
        {formats.map((format) => {
          const [name, more] = t.formats[format];
          return (
            <li key={format}>
              <a class="button" href={fileAddress({ id, revision, format }, chosen.value)} download>
                {name}
              </a>
              <span class="hint">{more}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
