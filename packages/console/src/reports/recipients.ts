/** What the hub takes for a mail address: mail servers of an intranet may have a name without a dot. */
const address = /^[^@<>"]+@[^@<>"]+$/;

/**
 * The addresses in what somebody typed or pasted: by lines, commas or semicolons, Chinese ones as well, each once.
 * @returns `wrong`: what is no address
 */
export function recipientsIn(text: string): Readonly<{ recipients: string[]; wrong: string[] }> {
  const parts = [...new Set(text.split(/[\s,;，；、]+/).filter((part) => part !== ''))];
  return {
    recipients: parts.filter((part) => address.test(part)),
    wrong: parts.filter((part) => !address.test(part)),
  };
}
