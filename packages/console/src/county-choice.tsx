import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import type { County } from './api/answers.ts';
import { inLanguage, words } from './language/language.ts';

type CountyChoiceProps = Readonly<{
  counties: readonly County[];
  chosen: County | undefined;
  /** Address of the page, to which `?county=` is added. */
  page: string;
}>;

/** Which county a page is about; nothing where there is only one. */
export function CountyChoice({ counties, chosen, page }: CountyChoiceProps): JSX.Element | null {
  const { route } = useLocation();
  if (counties.length < 2) return null;
  return (
    <select
      aria-label={words.value.addMachine.county}
      value={chosen?.id ?? ''}
      onChange={(event) => route(`${page}?county=${event.currentTarget.value}`)}
    >
      {counties.map(({ id, name }) => (
        <option key={id} value={id}>
          {inLanguage(name)}
        </option>
      ))}
    </select>
  );
}
