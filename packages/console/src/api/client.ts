/** The hub refused, or could not be reached (`code: 'unreachable'`). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const base = '/api/v1/';

let signedOut = (): void => {};

/** Calls the listener when the hub no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/**
 * Reads from the hub.
 * @param query left out where undefined
 * @throws ApiError; whatever the signal was aborted with
 */
export function get<Answer>(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const address = search.size === 0 ? path : `${path}?${search}`;
  return request(address, signal === undefined ? {} : { signal });
}

/** Changes something at the hub. @throws ApiError */
export function post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
  return send('POST', path, body);
}

/** Puts something in the place of what is there. @throws ApiError */
export function put<Answer>(path: string, body: unknown): Promise<Answer> {
  return send('PUT', path, body);
}

/** Removes something. @throws ApiError */
export function remove(path: string): Promise<unknown> {
  return request(path, { method: 'DELETE' });
}

function send<Answer>(method: string, path: string, body: unknown): Promise<Answer> {
  return request(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function request<Answer>(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(base + path, { ...init, credentials: 'same-origin' });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The hub cannot be reached');
  }
  if (!response.ok) throw await refusal(response, path);
  const text = await response.text();
  return JSON.parse(text === '' ? 'null' : text);
}

async function refusal(response: Response, path: string): Promise<ApiError> {
  try {
    const { error } = await response.json();
    if (error.code === 'not_signed_in' && path !== 'me') signedOut();
    return new ApiError(response.status, String(error.code), String(error.message));
  } catch {
    // Not from the hub but from a proxy before it, which answers in its own words.
    return new ApiError(response.status, 'unreachable', `HTTP ${response.status}`);
  }
}
