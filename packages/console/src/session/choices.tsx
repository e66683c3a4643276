import type { JSX } from 'preact';
import { chooseLanguage, language, words } from '../language/language.ts';
import { chooseTheme, theme, themes } from './theme.ts';

/** Language and colours. */
export function Choices(): JSX.Element {
  const t = words.value.account;
  return (
    <div class="choices">
      <fieldset class="segments">
        <legend>{t.language}</legend>
        <Segment name="language" checked={language.value === 'zh'} choose={() => chooseLanguage('zh')}>
          <span lang="zh-CN">中文</span>
        </Segment>
        <Segment name="language" checked={language.value === 'en'} choose={() => chooseLanguage('en')}>
          <span lang="en">English</span>
        </Segment>
      </fieldset>
      <fieldset class="segments">
        <legend>{t.theme}</legend>
        {themes.map((name) => (
          <Segment key={name} name="theme" checked={theme.value === name} choose={() => chooseTheme(name)}>
            {t.themes[name]}
          </Segment>
        ))}
      </fieldset>
    </div>
  );
}

type SegmentProps = Readonly<{
  name: string;
  checked: boolean;
  choose: () => void;
  children: JSX.Element | string;
}>;

/** One of a few choices of which one holds. */
export function Segment({ name, checked, choose, children }: SegmentProps): JSX.Element {
  return (
    <label class="segment">
      <input type="radio" name={name} checked={checked} onChange={choose} />
      <span>{children}</span>
    </label>
  );
}
