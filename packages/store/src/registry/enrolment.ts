import type { AgentKind } from '@tongtang/model/agent-kind';
import { inTransaction } from '@tongtang/runtime/database';
import type { Audit } from './audit.ts';
import { hasClassroom } from './inventories.ts';
import type { RegistryFile } from './registry-file.ts';
import { integer, optionalText, text } from './rows.ts';
import { canonicalCode, digestOf, newCode, randomLetters } from './secret.ts';
import { kindOf, type RegisteredAgent, type Snapshot } from './snapshot.ts';

export type Seat = Readonly<{ county: string; school: string; classroom: string }>;

export type EnrolmentRequest = Readonly<{
  /** As it was typed. */
  code: string;
  /** Of the password that the caller hands to the agent; see {@link EnrolledAgent.passwordHash}. */
  passwordHash: string;
  hostname?: string;
  platform?: string;
  version?: string;
}>;

/** Why an enrolment did not happen. `gone`: the inventory has no such classroom any more. */
export type EnrolmentRefusal = 'unknown' | 'used' | 'expired' | 'gone';

export type Problem = Readonly<{ ok: false; problem: string }>;

/** How agents come, move and go. */
export interface Enrolment {
  /**
   * A code that enrols one agent in the classroom, valid for 24 hours. It is shown once: only its hash is stored.
   * @returns the code and when it expires, in seconds since 1970
   */
  createEnrolmentCode(
    seat: Seat & { kind: AgentKind },
    by: string,
  ): { ok: true; code: string; expiresAt: number } | Problem;
  /** Trades a code for an agent with an id that no agent ever had. A code works once, whatever races for it. */
  enrol(
    request: EnrolmentRequest,
  ): { ok: true; agent: RegisteredAgent } | { ok: false; reason: EnrolmentRefusal };
  /** Ends an agent's right to connect. Its id is never given again, its data stay. */
  revoke(agent: string, by: string): { ok: true } | Problem;
  /** Lets an agent live in another classroom of its county. Its topics stay what they are. */
  move(agent: string, to: Omit<Seat, 'county'>, by: string): { ok: true } | Problem;
}

const codeLifeS = 24 * 3600;
/** Spent codes are kept for a while, so that a second use is told from a wrong code. */
const spentCodeLifeS = 30 * 24 * 3600;

export function openEnrolment(
  database: RegistryFile,
  snapshot: Snapshot,
  { audit }: Audit,
  nowS: () => number,
): Enrolment {
  const insertCode = database.prepare(
    'INSERT INTO enrolment_codes (hash, kind, county, school, classroom, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const forgetCodes = database.prepare('DELETE FROM enrolment_codes WHERE expires_at < ?');
  const selectCode = database.prepare('SELECT * FROM enrolment_codes WHERE hash = ?');
  const spendCode = database.prepare('UPDATE enrolment_codes SET agent = ? WHERE hash = ?');
  const everEnrolled = database.prepare('SELECT 1 FROM agents WHERE id = ?');
  const insertAgent = database.prepare(`
    INSERT INTO agents (id, kind, address_school, county, school, classroom, password_hash, enrolled_at,
                        hostname, platform, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `);
  const revokeAgent = database.prepare("UPDATE agents SET revoked_at = ?, password_hash = '' WHERE id = ?");
  const moveAgent = database.prepare('UPDATE agents SET school = ?, classroom = ? WHERE id = ?');

  function newAgentId(): string {
    for (;;) {
      const id = `a-${randomLetters(7).toLowerCase()}`;
      if (everEnrolled.get(id) === undefined) return id;
    }
  }

  function missing({ county, school, classroom }: Seat): string | undefined {
    const inventory = snapshot.inventory(county);
    if (inventory === undefined) return `county: no county "${county}"`;
    if (!inventory.schools.some(({ id }) => id === school))
      return `school: no school "${school}" in "${county}"`;
    if (!hasClassroom(inventory, school, classroom))
      return `classroom: no classroom "${classroom}" in school "${school}"`;
    return undefined;
  }

  /** Changes one enrolled agent in a transaction, or says that there is none. */
  function change(
    id: string,
    work: (agent: RegisteredAgent) => { ok: true } | Problem,
  ): { ok: true } | Problem {
    const result = inTransaction(database, () => {
      const agent = snapshot.agent(id);
      return agent === undefined ? noAgent(id) : work(agent);
    });
    snapshot.announce();
    return result;
  }

  return {
    createEnrolmentCode({ kind, ...seat }, by) {
      return inTransaction(database, () => {
        const problem = missing(seat);
        if (problem !== undefined) return { ok: false, problem };
        const code = newCode();
        const expiresAt = nowS() + codeLifeS;
        forgetCodes.run(nowS() - spentCodeLifeS);
        insertCode.run(
          digestOf(canonicalCode(code)),
          kind,
          seat.county,
          seat.school,
          seat.classroom,
          expiresAt,
        );
        audit({ who: by, action: 'create enrolment code', what: nameOf(seat) });
        return { ok: true, code, expiresAt };
      });
    },

    enrol({ code, passwordHash, hostname, platform, version }) {
      const hash = digestOf(canonicalCode(code));
      const result = inTransaction(database, () => {
        const row = selectCode.get(hash);
        if (row === undefined) return refused('unknown');
        if (optionalText(row, 'agent') !== undefined) return refused('used');
        if (integer(row, 'expires_at') <= nowS()) return refused('expired');
        const kind = kindOf(text(row, 'kind'));
        const seat = {
          county: text(row, 'county'),
          school: text(row, 'school'),
          classroom: text(row, 'classroom'),
        };
        if (missing(seat) !== undefined) return refused('gone');
        const id = newAgentId();
        insertAgent.run(
          id,
          kind,
          seat.school,
          seat.county,
          seat.school,
          seat.classroom,
          passwordHash,
          nowS(),
          hostname ?? null,
          platform ?? null,
          version ?? null,
        );
        spendCode.run(id, hash);
        audit({ who: id, action: 'enrol', what: nameOf(seat), detail: hostname ?? '' });
        return { ok: true as const, id };
      });
      snapshot.announce();
      if (!result.ok) return result;
      const agent = snapshot.agent(result.id);
      return agent === undefined ? refused('gone') : { ok: true, agent };
    },

    revoke: (id, by) =>
      change(id, () => {
        revokeAgent.run(nowS(), id);
        audit({ who: by, action: 'revoke agent', what: id });
        return { ok: true };
      }),

    move: (id, { school, classroom }, by) =>
      change(id, ({ place }) => {
        const seat = { county: place.county, school, classroom };
        const problem = missing(seat);
        if (problem !== undefined) return { ok: false, problem };
        moveAgent.run(school, classroom, id);
        audit({ who: by, action: 'move agent', what: id, detail: `${nameOf(place)} → ${nameOf(seat)}` });
        return { ok: true };
      }),
  };
}

function nameOf({ county, school, classroom }: Seat): string {
  return `${county}/${school}/${classroom}`;
}

function noAgent(id: string): Problem {
  return { ok: false, problem: `agent: no agent "${id}" is enrolled` };
}

function refused(reason: EnrolmentRefusal): { ok: false; reason: EnrolmentRefusal } {
  return { ok: false, reason };
}
