import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { post } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { words } from '../language/language.ts';
import { type ChosenFile, readFiles } from './chosen-files.ts';

/** An import of tables: what was chosen, and what the hub says of it. */
export type TableImport<Answer> = Readonly<{
  files: Signal<readonly ChosenFile[]>;
  answer: Signal<Answer | undefined>;
  working: Signal<boolean>;
  problem: Signal<string>;
  /** Reads files and has the hub check them. */
  choose: (list: FileList | null) => Promise<void>;
  /** Imports what was checked. @returns what the hub says; undefined where it could not be asked */
  keep: () => Promise<Answer | undefined>;
}>;

/**
 * Files are checked as soon as they are chosen; only then can they be imported.
 * @param path where the hub takes them
 */
export function useTableImport<Answer>(path: string): TableImport<Answer> {
  const files = useSignal<readonly ChosenFile[]>([]);
  const answer = useSignal<Answer | undefined>(undefined);
  const working = useSignal(false);
  const problem = useSignal('');

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    working.value = true;
    problem.value = '';
    try {
      await work();
    } catch (error) {
      problem.value = problemText(error);
    }
    working.value = false;
  };
  const send = (check: boolean): Promise<Answer> => post<Answer>(path, { files: files.value, check });

  return {
    files,
    answer,
    working,
    problem,
    choose: (list) =>
      attempt(async () => {
        answer.value = undefined;
        files.value = await readFiles([...(list ?? [])]);
        if (files.value.length > 0) answer.value = await send(true);
      }),
    keep: async () => {
      let kept: Answer | undefined;
      await attempt(async () => {
        kept = await send(false);
        answer.value = kept;
      });
      return kept;
    },
  };
}

type FileFieldProps = Readonly<{
  /** Endings of the files that it takes. */
  accept: string;
  choose: (list: FileList | null) => void;
  working: Signal<boolean>;
  problem: Signal<string>;
}>;

/** Where files are chosen, and what became of it. */
export function FileField({ accept, choose, working, problem }: FileFieldProps): JSX.Element {
  const t = words.value.timetable;
  const field = useId();
  return (
    <>
      <label class="timetable-drop" for={field}>
        <span>{t.choose}</span>
        <input
          id={field}
          type="file"
          multiple
          accept={accept}
          onClick={(event) => {
            // The same file again, after it was mended, is a choice as well.
            event.currentTarget.value = '';
          }}
          onChange={(event) => choose(event.currentTarget.files)}
        />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      {working.value && <p role="status">{t.reading}</p>}
    </>
  );
}
