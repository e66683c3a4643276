import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { words } from '../language/language.ts';

/** A text to take along. Where the browser has no clipboard for us (plain HTTP), it is selected, ready for Ctrl-C. */
export function CopyText({ text }: { text: string }): JSX.Element {
  const copied = useSignal(false);
  const code = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = true;
    } catch {
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
    }
  };
  return (
    <div class="copy-text">
      <code ref={code} class="command">
        {text}
      </code>
      <button type="button" onClick={copy} aria-live="polite">
        {copied.value ? words.value.copied : words.value.copy}
      </button>
    </div>
  );
}
