import type { JSX } from 'preact';
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
  return (
    <nav class="navigation" aria-label={t.label}>
      {partsOf[role].map((name) => (
        <a key={name} href={parts[name][0]} aria-current={isWithin(path, name) ? 'page' : undefined}>
          {t[name]}
        </a>
      ))}
    </nav>
  );
}
