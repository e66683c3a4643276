import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { validate } from '@tongtang/runtime/validation';
import { type Static, Type } from 'typebox';

const Whole = Type.Integer({ minimum: 0 });
const Layers = Type.Enum(['raw', 'minute']);

const Journal = Type.Object(
  {
    from: Type.String(),
    to: Type.String(),
    /** When it began; all days are counted from there. Seconds. */
    began: Whole,
    /** Raw points before it are in the source's minutes as well; those after it, the target rolls up. Seconds. */
    rolled: Whole,
    /** Days that are copied and compared: their begin in seconds, by layer. */
    done: Type.Array(Type.Object({ layer: Layers, day: Whole, points: Whole })),
  },
  { additionalProperties: false },
);
export type Journal = Static<typeof Journal>;

/**
 * How far a migration has come, in a file that is always whole.
 * @throws where the file holds something else
 */
export class MigrationJournal {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  read(): Journal | undefined {
    if (!existsSync(this.#path)) return undefined;
    const checked = validate(Journal, parsed(readFileSync(this.#path, 'utf8')));
    if (!checked.ok) throw new Error(`${this.#path}: ${checked.problems.join('; ')}`);
    return checked.value;
  }

  write(journal: Journal): void {
    const draft = `${this.#path}.new`;
    writeFileSync(draft, JSON.stringify(journal), { flush: true });
    renameSync(draft, this.#path);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Validation says that it is no journal.
    return undefined;
  }
}
