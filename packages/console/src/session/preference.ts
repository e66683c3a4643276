/**
 * What a person chose on this device. Browsers may forbid storage (private windows, policy): the choice then holds
 * until the page is closed.
 */
export function readPreference(name: string): string | undefined {
  try {
    return localStorage.getItem(`tongtang.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a choice on this device where the browser allows it. */
export function keepPreference(name: string, value: string): void {
  try {
    localStorage.setItem(`tongtang.${name}`, value);
  } catch {
    // Not remembered, see above.
  }
}
