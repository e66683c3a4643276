import type { JSX } from 'preact';
import type { SetAside } from '../api/answers.ts';
import { formatSecond } from '../format/time.ts';
import { locale, words } from '../language/language.ts';

/** Which of the hub's databases were damaged: the last time of each stands for those before it. */
export function SetAsideNotes({
  files,
  timeZone = 'UTC',
}: {
  files: readonly SetAside[];
  timeZone: string | undefined;
}): JSX.Element {
  const t = words.value.overview.setAside;
  const newest = files.filter(({ file }, index) => files.findIndex((other) => other.file === file) === index);
  return (
    <>
      {newest.map(({ file, name, time }) => {
        const when = formatSecond(time, timeZone, locale.value, true);
        return (
          <p class="problem" role="status" key={name}>
            {file === 'telemetry.db' ? t.telemetry(when) : t.other(file, when)} {t.where(name)}
          </p>
        );
      })}
    </>
  );
}
