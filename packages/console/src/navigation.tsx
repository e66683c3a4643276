import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Role } from './api/answers.ts';
import { words } from './language/language.ts';
import { isWithin, parts, partsOf } from './parts.ts';

/** Where a role begins, and what is there. */
export function homeOf(role: Role): Readonly<{ address: string; name: string }> {
  const { toReports, toOverview } = words.value;
  return role === 'bureau' ? { address: '/reports', name: toReports } : { address: '/', name: toOverview };
}

/** The way to each part of the console that the role has to do with. */
export function Navigation({ role }: { role: Role }): JSX.Element {
  const t = words.value.navigation;
  const { path } = useLocation();
  const line = useRef<HTMLElement>(null);
  // On a phone the line is longer than the screen: where one is, has to be seen.
  useEffect(() => {
    const current = line.current?.querySelector<HTMLElement>('[aria-current]');
    if (current) line.current?.scrollTo({ left: current.offsetLeft - 40 });
  }, [path]);
  return (
    <nav ref={line} class="navigation" aria-label={t.label}>
      {partsOf[role].map((name) => (
        <a key={name} href={parts[name][0]} aria-current={isWithin(path, name) ? 'page' : undefined}>
          {t[name]}
        </a>
      ))}
    </nav>
  );
}
