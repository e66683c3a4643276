import { Fragment, type JSX } from 'preact';
import type { Catalogue, FieldValue, Sample } from '../api/answers.ts';
import { formatValue, isShare } from '../format/value.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { thresholdOf } from './verdict.ts';

type SignalFiguresProps = Readonly<{ reading: Sample; catalogue: Catalogue }>;

/** What does not decide by itself, in the order in which a technician compares it with the sheet of the operator. */
const further = [
  'modulation',
  'frequency_hz',
  'symbol_rate',
  'level_dbm',
  'level_ratio',
  'quality_ratio',
  'ebn0_db',
  'ber_pre',
  'ber_post',
  'per',
  'uncorrected',
  'raw',
] as const;

/** C/N, what it must be above, and how far it is; nothing where the receiver tells neither C/N nor margin. */
export function KeyFigures({ reading, catalogue }: SignalFiguresProps): JSX.Element | null {
  const { cn_db: cn, margin_db: margin } = reading.fields;
  if (cn === undefined && margin === undefined) return null;
  const { cn_db: ofCn, margin_db: ofMargin } = catalogue.signal?.fields ?? {};
  return (
    <dl class="key-figures">
      {ofCn && <KeyFigure name={inLanguage(ofCn.title)} value={cn} more={inLanguage(ofCn.description)} />}
      <KeyFigure name={words.value.lineNames.threshold} value={thresholdOf(reading)} />
      {ofMargin && (
        <KeyFigure name={inLanguage(ofMargin.title)} value={margin} more={inLanguage(ofMargin.description)} />
      )}
    </dl>
  );
}

/** The other figures of the reading; what the receiver does not tell is left out. */
export function SignalFacts({ reading: { fields }, catalogue }: SignalFiguresProps): JSX.Element {
  const told = further.flatMap((name) => {
    const definition = catalogue.signal?.fields[name];
    const value = fields[name];
    return definition === undefined || value === undefined ? [] : [{ name, definition, value }];
  });
  return (
    <dl class="facts">
      {told.map(({ name, definition, value }) => {
        const text =
          typeof value === 'number'
            ? formatValue(value, definition.unit, isShare(name, definition.unit), locale.value)
            : String(value);
        return (
          <Fragment key={name}>
            <dt title={inLanguage(definition.description)}>{inLanguage(definition.title)}</dt>
            <dd class="figure">{name === 'raw' ? <code>{text}</code> : text}</dd>
          </Fragment>
        );
      })}
    </dl>
  );
}

type KeyFigureProps = Readonly<{
  name: string;
  value: FieldValue | undefined;
  more?: string | undefined;
}>;

function KeyFigure({ name, value, more }: KeyFigureProps): JSX.Element {
  const shown = typeof value === 'number' ? value.toLocaleString(locale.value, oneDigit) : undefined;
  return (
    <div title={more}>
      <dt>{name}</dt>
      <dd>{shown === undefined ? '–' : `${shown} dB`}</dd>
    </div>
  );
}

/** Receivers tell tenths; a column of them stands in line. */
const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
