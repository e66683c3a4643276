import type { JSX } from 'preact';
import type { AgentPresent, FieldValue, Ledger, Range, Sample } from '../api/answers.ts';
import { StateIcon } from '../design/state.tsx';
import { formatDuration } from '../format/time.ts';
import { formatCount } from '../format/value.ts';
import { locale, words } from '../language/language.ts';
import { countOf, deliveryOf, spellRanges } from './outbox.ts';

type DeliveryPanelProps = Readonly<{
  agent: AgentPresent;
  latest: readonly Sample[] | undefined;
  ledger: Ledger | undefined;
}>;

const rangesShown = 3;

/** What became of the agent's measurements: what waits, what is missing, what was dropped. */
export function DeliveryPanel({ agent, latest, ledger }: DeliveryPanelProps): JSX.Element {
  const t = words.value.outbox;
  const own = latest?.find(({ measurement }) => measurement === 'agent')?.fields ?? {};
  const backlog = agent.backlog ?? number(own.outbox_samples);
  const oldest = number(own.outbox_oldest_s) ?? 0;
  const dropped = number(own.dropped_samples) ?? 0;
  const failedWrites = number(own.failed_writes) ?? 0;
  const count = (value: number): string => formatCount(value, locale.value);
  const delivery = ledger && deliveryOf(ledger);
  return (
    <section class="sheet panel">
      <h2>{t.title}</h2>
      <dl class="facts">
        <dt>{t.backlog}</dt>
        <dd>
          {backlog === undefined ? '–' : backlog === 0 ? t.backlogNone : t.backlogSome(count(backlog))}
          {backlog !== undefined && backlog > 0 && oldest > 0 && (
            <span class="hint"> {t.oldest(formatDuration(oldest, locale.value))}</span>
          )}
        </dd>
        <dt>{t.gaps}</dt>
        <dd>
          {delivery === undefined ? (
            '–'
          ) : delivery.missing.length + delivery.lost.length === 0 ? (
            <span class="state is-good">
              <StateIcon state="good" />
              {t.nothingMissing}
            </span>
          ) : (
            <ul>
              {delivery.missing.length > 0 && <Gap ranges={delivery.missing} say={t.missing} />}
              {delivery.lost.length > 0 && <Gap ranges={delivery.lost} say={t.lost} lost />}
            </ul>
          )}
          {delivery !== undefined && delivery.unknownBefore > 1 && (
            <span class="hint"> {t.unknownBefore(count(delivery.unknownBefore))}</span>
          )}
        </dd>
        <dt>{t.dropped}</dt>
        <dd>
          {dropped === 0 ? t.droppedNone : t.droppedSome(count(dropped))}
          {failedWrites > 0 && <p class="problem">{t.failedWrites(count(failedWrites))}</p>}
        </dd>
        <dt>{t.received}</dt>
        <dd>
          {delivery === undefined ? '–' : t.receivedSome(count(delivery.received))}
          {delivery !== undefined && delivery.earlier > 0 && (
            <span class="hint"> {t.earlier(delivery.earlier)}</span>
          )}
        </dd>
      </dl>
    </section>
  );
}

type GapProps = Readonly<{
  ranges: readonly Range[];
  say: (count: number, ranges: string) => string;
  lost?: boolean;
}>;

function Gap({ ranges, say, lost = false }: GapProps): JSX.Element {
  const { text, leftOut } = spellRanges(ranges, rangesShown);
  const all = leftOut === 0 ? text : `${text}, ${words.value.outbox.andMore(leftOut)}`;
  return (
    <li class="gap">
      <StateIcon state={lost ? 'down' : 'unknown'} />
      <span>{say(countOf(ranges), all)}</span>
    </li>
  );
}

function number(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
