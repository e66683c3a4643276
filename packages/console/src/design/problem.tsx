import type { JSX } from 'preact';
import { words } from '../language/language.ts';

/** A page that could not be loaded. */
export function Problem({ text }: { text: string }): JSX.Element {
  return (
    <div class="empty sheet" role="alert">
      <p>{text}</p>
      <button type="button" onClick={() => location.reload()}>
        {words.value.retry}
      </button>
    </div>
  );
}
