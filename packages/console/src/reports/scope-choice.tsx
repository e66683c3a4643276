import type { JSX } from 'preact';
import type { County, Named } from '../api/answers.ts';
import type { ScopeKind } from '../api/report-answers.ts';
import { inLanguage, words } from '../language/language.ts';

const kinds = ['county', 'cluster', 'school'] as const satisfies ScopeKind[];

type ScopeChoiceProps = Readonly<{
  county: County;
  /** `school/hb3z`; the county where absent. */
  chosen: string | undefined;
}>;

/** What a report is about, within a form: a county or a part of it. */
export function ScopeChoice({ county, chosen }: ScopeChoiceProps): JSX.Element {
  const t = words.value.reports;
  const option = (kind: ScopeKind, { id, name }: Named): JSX.Element => (
    <option key={id} value={`${kind}/${id}`} selected={chosen === `${kind}/${id}`}>
      {inLanguage(name)}
    </option>
  );
  return (
    <label>
      {t.form.scope}
      <select key={county.id} name="scope">
        <option value={`county/${county.id}`}>{t.scopes.county}</option>
        {county.clusters.length > 0 && (
          <optgroup label={t.form.clusters}>{county.clusters.map((one) => option('cluster', one))}</optgroup>
        )}
        <optgroup label={t.form.schools}>{county.schools.map((one) => option('school', one))}</optgroup>
      </select>
    </label>
  );
}

export function scopeIn(form: FormData): Readonly<{ kind: ScopeKind; id: string }> {
  const [name, ...rest] = String(form.get('scope')).split('/');
  return { kind: kinds.find((kind) => kind === name) ?? 'county', id: rest.join('/') };
}
