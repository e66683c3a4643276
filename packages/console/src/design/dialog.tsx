import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../language/language.ts';

type DialogProps = Readonly<{ title: string; done: () => void; children: ComponentChildren }>;

/** A dialog over the page; Escape and the cross end it. */
export function Dialog({ title, done, children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog sheet" onClose={done} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" class="quiet" aria-label={words.value.close} onClick={done}>
          <svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </button>
      </header>
      {children}
    </dialog>
  );
}
