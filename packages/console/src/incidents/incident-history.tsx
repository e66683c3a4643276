import type { JSX } from 'preact';
import type { Found, IncidentEvent } from '../api/answers.ts';
import { hubNow } from '../format/clock.ts';
import { formatMoment, formatSince } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';

type IncidentHistoryProps = Readonly<{ history: readonly IncidentEvent[]; timeZone: string }>;

/** What happened to it and what people did, the newest first. */
export function IncidentHistory({ history, timeZone }: IncidentHistoryProps): JSX.Element {
  const t = words.value.incidents;
  return (
    <section class="sheet panel" aria-labelledby="history">
      <h2 id="history">{t.history}</h2>
      <ol class="history">
        {[...history].reverse().map(({ time, what, who, text, found, into }, index) => (
          <li key={history.length - index} class={`is-${what}`}>
            <time
              dateTime={new Date(time * 1000).toISOString()}
              title={formatMoment(time, timeZone, locale.value)}
            >
              {formatSince(time, hubNow.value, timeZone, locale.value)}
            </time>
            <div>
              <p>
                <strong>{t.events[what]}</strong>
                {who !== undefined && <span class="hint"> {who}</span>}
                {found !== undefined && <span> {foundText(found)}</span>}
                {into !== undefined && <a href={`/incidents/${into}`}> {into}</a>}
              </p>
              {text !== undefined && <p class="history-text">{text}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function foundText({ where, why, confidence }: Found): string {
  const t = words.value.incidents;
  return t.found(inLanguage(where), inLanguage(why), t.sure[confidence]);
}
