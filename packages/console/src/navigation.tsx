import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { words } from './language/language.ts';

/** Each part with where it begins, and with the addresses that belong to it. */
const parts = {
  overview: ['/', '/schools', '/classrooms'],
  incidents: ['/incidents'],
  lessons: ['/lessons'],
  maintenance: ['/maintenance'],
  visits: ['/visits'],
} as const;
const names = [
  'overview',
  'incidents',
  'lessons',
  'maintenance',
  'visits',
] as const satisfies (keyof typeof parts)[];

/** The way to each part of the console. */
export function Navigation(): JSX.Element {
  const t = words.value.navigation;
  const { path } = useLocation();
  const line = useRef<HTMLElement>(null);
  // On a phone the line is longer than the screen: where one is, has to be seen.
  useEffect(() => {
    const current = line.current?.querySelector<HTMLElement>('[aria-current]');
    if (current) line.current?.scrollTo({ left: current.offsetLeft - 40 });
  }, [path]);
  const isCurrent = (addresses: readonly string[]): boolean =>
    addresses.some((address) => path === address || (address !== '/' && path.startsWith(`${address}/`)));
  return (
    <nav ref={line} class="navigation" aria-label={t.label}>
      {names.map((name) => (
        <a key={name} href={parts[name][0]} aria-current={isCurrent(parts[name]) ? 'page' : undefined}>
          {t[name]}
        </a>
      ))}
    </nav>
  );
}
