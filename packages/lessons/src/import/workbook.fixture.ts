import { strToU8, zipSync } from 'fflate';
import type { InputFile } from './sheet.ts';

const namespaces =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/**
 * An XLSX file with one sheet, whose XML is written by hand: what stands in `sheetData`, and what after it. Style 1 is a date, style
 * 2 a time of a format of its own, style 3 a number in red.
 */
export function workbook(
  sheetData: string,
  { after = '', head = '', book = '' }: { after?: string; head?: string; book?: string } = {},
): InputFile {
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const parts = {
    'xl/workbook.xml': `<workbook ${namespaces}>${book}<sheets><sheet name="学期" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/sharedStrings.xml': `<sst ${namespaces}><si><t>学期</t></si><si><r><t>开始</t></r><r><t>日期</t></r><rPh><t>kai</t></rPh></si><si><t>结束日期</t></si></sst>`,
    'xl/styles.xml': `<styleSheet ${namespaces}><numFmts><numFmt numFmtId="164" formatCode="h&quot;时&quot;mm"/><numFmt numFmtId="165" formatCode="[Red]0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet ${namespaces}><sheetData>${sheetData}</sheetData>${after}</worksheet>`,
  };
  const packed = Object.entries(parts).map(([part, text]) => [part, strToU8(text)]);
  return { name: 'county.xlsx', bytes: zipSync(Object.fromEntries(packed)) };
}
