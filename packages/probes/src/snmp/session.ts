import { codeOf, messageOf } from '@tongtang/runtime/errors';
import type { Varbind } from 'net-snmp';
import type { HostPort } from '../address.ts';
import type { FailureSource } from '../probe.ts';
import { sourceOf } from '../tcp/connect.ts';
import { ConnectedSocket } from './connected-socket.ts';
import type { Credentials } from './credentials.ts';
import { type SnmpValue, snmpValue } from './value.ts';

/** How long a receiver has for each answer, and how often it is asked. Some take seconds. */
export type Patience = Readonly<{ timeoutMs: number; tries: number }>;
export const usualPatience: Patience = { timeoutMs: 5000, tries: 2 };

export type SnmpFailure = Readonly<{ ok: false; source: FailureSource; error: string }>;
export type SnmpAnswer = Readonly<{ ok: true; values: readonly SnmpValue[] }> | SnmpFailure;

export type SnmpSession = Readonly<{
  /** One request for all of them. */
  get: (oids: readonly string[]) => Promise<SnmpAnswer>;
  /** What follows an OID, some twenty values. */
  following: (oid: string) => Promise<SnmpAnswer>;
  close: () => void;
}>;

type Settle = (error: Error | null, varbinds?: readonly Varbind[]) => void;

/** Values in one answer of a walk, few enough for one datagram. */
const atATime = 20;

/**
 * Opens a socket to a receiver, for SNMP v2c or v3 by its credentials. Nothing is sent yet. The signal closes it.
 * @param target an address, not a name
 */
export async function openSession(
  target: HostPort,
  credentials: Credentials,
  { timeoutMs, tries }: Patience,
  signal: AbortSignal,
): Promise<SnmpSession> {
  // The library is large, and a command line that measures something else need not wait for it.
  const { default: snmp } = await import('net-snmp');

  // A datagram that is no answer may be followed by one that is: until time is up, it is only noted.
  let rubbish: string | undefined;
  const note = (error: unknown) => {
    rubbish = messageOf(error);
  };
  const broken = Promise.withResolvers<SnmpFailure>();
  const connectSocket = () => {
    // Over what the library stumbles it has given the request up as well.
    const socket = new ConnectedSocket(target, (error) => broken.resolve(notSnmp(messageOf(error))));
    socket.on('error', (error) => broken.resolve(socketFailure(error)));
    return socket;
  };
  const options = {
    port: target.port,
    timeout: timeoutMs,
    retries: tries - 1,
    reportOidMismatchErrors: true,
    backwardsGetNexts: false,
    dgramModule: { createSocket: connectSocket },
  };
  const session =
    'user' in credentials
      ? new snmp.Session(target.host, userOf(credentials), {
          ...options,
          version: snmp.Version3,
          ...(credentials.context !== undefined && { context: credentials.context }),
        })
      : new snmp.Session(target.host, credentials.community, { ...options, version: snmp.Version2c });
  session.on('error', note);

  let open = true;
  const close = () => {
    if (open) session.close();
    open = false;
    broken.resolve({ ok: false, source: 'path', error: 'timeout' });
  };
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();

  const ask = async (request: (settle: Settle) => void): Promise<SnmpAnswer> => {
    if (!open) return broken.promise;
    const answered = new Promise<SnmpAnswer>((resolve) => {
      request((error, varbinds = []) =>
        resolve(error === null ? { ok: true, values: varbinds.map(snmpValueOf) } : failureOf(error)),
      );
    });
    // Liveness: the library settles when its tries are used up, and the signal breaks it off before.
    return Promise.race([answered, broken.promise]);
  };

  function failureOf(error: Error): SnmpFailure {
    const failure = (source: FailureSource, words: string) => ({ ok: false, source, error: words }) as const;
    if (error.name === 'RequestTimedOutError')
      return rubbish === undefined
        ? failure('path', 'no answer: off, another address, or another community')
        : notSnmp(rubbish);
    if (error instanceof snmp.RequestFailedError)
      return failure('target', `refuses: ${snmp.ErrorStatus[error.status] ?? 'unknown error'}`);
    if (error instanceof snmp.ResponseInvalidError)
      return failure('target', invalid(snmp.ResponseInvalidCode[error.code], error.message));
    return socketFailure(error);
  }

  function userOf({ user, auth, priv }: Extract<Credentials, { user: string }>) {
    const { SecurityLevel, AuthProtocols, PrivProtocols } = snmp;
    const privacy = {
      des: PrivProtocols.des,
      aes: PrivProtocols.aes,
      'aes256-reeder': PrivProtocols.aes256r,
      'aes256-blumenthal': PrivProtocols.aes256b,
    };
    const level = auth === undefined ? 'noAuthNoPriv' : priv === undefined ? 'authNoPriv' : 'authPriv';
    return {
      name: user,
      level: SecurityLevel[level],
      ...(auth && { authProtocol: AuthProtocols[auth.protocol], authKey: auth.password }),
      ...(priv && { privProtocol: privacy[priv.protocol], privKey: priv.password }),
    };
  }

  return {
    get: (oids) => ask((settle) => session.get([...oids], settle)),
    following: (oid) =>
      ask((settle) =>
        session.getBulk([oid], 0, atATime, (error, varbinds) => settle(error, varbinds?.flat())),
      ),
    close: () => {
      signal.removeEventListener('abort', close);
      close();
    },
  };
}

function snmpValueOf({ oid, type, value }: Varbind): SnmpValue {
  return snmpValue(oid, type ?? 0, value);
}

/** What an agent of v3 says of a user that it does not take (RFC 3414, section 3.2), in the library's words. */
const userReports = [
  'Unsupported Security Level',
  'Not In Time Window',
  'Unknown User Name',
  'Unknown Engine ID',
  'Wrong Digest',
  'Decryption Error',
] as const;

/** In our words: the library's quote community and user. */
function invalid(code: string | undefined, message: string): string {
  if (code !== 'EAuthFailure') return `not an answer to what was asked: ${code ?? 'invalid'}`;
  return `refuses the user: ${userReports.find((known) => message.startsWith(known)) ?? 'not authentic'}`;
}

function notSnmp(reason: string): SnmpFailure {
  return { ok: false, source: 'target', error: `its answers are not SNMP: ${reason.slice(0, 40)}` };
}

function socketFailure(error: unknown): SnmpFailure {
  const code = codeOf(error);
  // The machine answered: nobody listens on the port.
  const source = code === 'ECONNREFUSED' ? 'target' : sourceOf(code);
  return { ok: false, source, error: code ?? messageOf(error) };
}
