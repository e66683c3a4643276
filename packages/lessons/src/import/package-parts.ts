import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { unzipSync } from 'fflate';
import { Unreadable } from '../problem.ts';
import { type InputFile, limits } from './sheet.ts';

/** The parts of an XLSX file (ECMA-376) that say what is in its sheets, by their names. */
export type PackageParts = ReadonlyMap<string, XmlElement>;

const wanted =
  /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/[^/]+\.xml)$/i;

/**
 * Unpacks and parses them. A part is never unpacked beyond the size that its entry names, and these are summed up before the
 * first of them is: an archive made to fill the memory is refused by what it says of itself, or cut off where it lies. Entities
 * that a document type declares are not known, so that none can grow.
 * @throws Unreadable where it is no XLSX file, is larger than is sensible, or is damaged
 */
export function packageParts({ name, bytes }: InputFile): PackageParts {
  const refuse = (zh: string, en: string): Unreadable => new Unreadable({ file: name }, { zh, en });
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf)
    throw refuse(
      '这是旧格式的 .xls 文件，或设有密码：请另存为不加密的 .xlsx',
      'it is an old .xls file, or one with a password: save it as .xlsx without one',
    );
  let unpacked = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name: part, originalSize }) => {
        if (!wanted.test(part)) return false;
        unpacked += originalSize;
        if (unpacked > limits.unpackedBytes)
          throw refuse(
            `解压后超过 ${limits.unpackedBytes / 1e6} MB，人填不出这样大的表`,
            `unpacked it is larger than ${limits.unpackedBytes / 1e6} MB: no such table is filled in by people`,
          );
        return true;
      },
    });
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw refuse('不是有效的 XLSX 文件，或已损坏', 'it is no XLSX file, or it is damaged');
  }
  const parts = new Map<string, XmlElement>();
  for (const [part, content] of Object.entries(files)) parts.set(part.toLowerCase(), rootOf(part, content));
  return parts;

  function rootOf(part: string, content: Uint8Array): XmlElement {
    try {
      const { root } = parseXml(new TextDecoder('utf-8', { fatal: true }).decode(content));
      if (root !== null) return root;
    } catch {
      // Said below.
    }
    throw refuse(`文件已损坏：${part} 不是有效的 XML`, `it is damaged: ${part} is no valid XML`);
  }
}

/** The elements of that name in an element, whatever prefix the writer gave them. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return (element?.children ?? []).flatMap((child) =>
    child instanceof XmlElement && localName(child) === name ? [child] : [],
  );
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

/** The name of an element without its prefix. */
function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(':') + 1);
}
