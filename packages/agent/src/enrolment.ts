import { existsSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { arch, hostname, platform, release } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@tongtang/runtime/errors';
import { type Validated, validate } from '@tongtang/runtime/validation';
import { type Static, type TSchema, Type } from 'typebox';
import { Identity } from './identity.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { version } from './version.ts';

/** The hub's answer; where a host is absent, it is the one that was asked. */
const Enrolled = Type.Object({
  ...Type.Pick(Identity, ['agent', 'kind', 'county', 'school', 'password']).properties,
  mqtt: Type.Object({
    ...Identity.properties.mqtt.properties,
    host: Type.Optional(Identity.properties.mqtt.properties.host),
  }),
  stamp: Type.Object({
    ...Identity.properties.stamp.properties,
    host: Type.Optional(Identity.properties.stamp.properties.host),
  }),
});

const Refused = Type.Object({ error: Type.Object({ code: Type.String(), message: Type.String() }) });

export type EnrolOptions = Readonly<{
  /** Take the place of an identity that is there; its agent id is given up. */
  replace?: boolean;
}>;

export type EnrolmentOutcome =
  | Readonly<{ ok: true; identity: Identity }>
  /** `problem` is for the person who tried; `code` is the hub's, or ours: address, enrolled, unreachable, unreadable. */
  | Readonly<{ ok: false; code: string; problem: string }>;

/** A cold TLS connection over a satellite, and a hub that hashes a password. */
const timeoutMs = 30_000;
const answerBytes = 64 * 1024;

/**
 * Trades a one-time code for an identity and saves it, readable by the agent's user alone. Certificates are checked
 * against the system's authorities and those of NODE_EXTRA_CA_CERTS.
 * @param hubUrl http:// or https:// address of the hub's console
 * @throws where the data folder cannot be written
 */
export async function enroll(
  hubUrl: string,
  code: string,
  dataFolder: string,
  { replace = false }: EnrolOptions = {},
): Promise<EnrolmentOutcome> {
  const hub = URL.parse(hubUrl.endsWith('/') ? hubUrl : `${hubUrl}/`);
  if (hub === null || !/^https?:$/.test(hub.protocol))
    return failure('address', `"${hubUrl}" is not the http:// or https:// address of a hub`);
  const path = identityPath(dataFolder);
  if (!replace && existsSync(path))
    return failure('enrolled', `this machine is enrolled already: ${path} exists`);
  // Before the code is spent.
  writeJsonFile(join(dataFolder, 'agent', 'writable.json'), {}, false);
  rmSync(join(dataFolder, 'agent', 'writable.json'));
  const about = { code, hostname: hostname(), platform: platformName(), version };
  let answer: Answer;
  try {
    answer = await post(new URL('api/v1/enrol', hub), about);
  } catch (error) {
    return failure('unreachable', `${hub.origin} cannot be reached: ${messageOf(error)}`);
  }
  if (answer.status !== 200) return refusal(answer);
  const enrolled = parse(Enrolled, answer.body);
  if (!enrolled.ok)
    return failure('unreadable', `${hub.href} does not answer like a hub: ${enrolled.problems.join('; ')}`);
  const { mqtt, stamp, ...who } = enrolled.value;
  const host = hub.hostname.replace(/^\[|\]$/g, '');
  const identity = { ...who, hub: hub.href, mqtt: { host, ...mqtt }, stamp: { host, ...stamp } };
  writeJsonFile(path, identity, true);
  return { ok: true, identity };
}

/** @returns the identity, or undefined before enrolment; @throws UnreadableFile where it is damaged */
export function readIdentity(dataFolder: string): Identity | undefined {
  return readJsonFile(identityPath(dataFolder), Identity);
}

function identityPath(dataFolder: string): string {
  return join(dataFolder, 'agent', 'identity.json');
}

/** Operating system, its release and the processor, as status and enrolment say it. */
export function platformName(): string {
  return `${platform()} ${release()} ${arch()}`;
}

function failure(code: string, problem: string): EnrolmentOutcome {
  return { ok: false, code, problem };
}

function refusal({ status, body }: Answer): EnrolmentOutcome {
  const said = parse(Refused, body);
  return said.ok
    ? failure(said.value.error.code, said.value.error.message)
    : failure('unreadable', `the hub answered ${status} without saying why`);
}

function parse<Schema extends TSchema>(schema: Schema, body: string): Validated<Static<Schema>> {
  try {
    return validate(schema, JSON.parse(body));
  } catch (error) {
    return { ok: false, problems: [`not JSON: ${messageOf(error)}`] };
  }
}

type Answer = Readonly<{ status: number; body: string }>;

/** node:http and not fetch: 20 MB of memory less. */
function post(url: URL, content: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(content);
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > answerBytes) response.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.end(text);
  });
}
