import type { JSX } from 'preact';

/** Two rooms, a link between them, one roof. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M1.8 10.2 12 3l10.2 7.2" />
      <path class="mark-room" d="M4 13h4.8v7.4H4zM15.2 13H20v7.4h-4.8z" />
      <path d="M11 16.7h0M13 16.7h0" />
    </svg>
  );
}
