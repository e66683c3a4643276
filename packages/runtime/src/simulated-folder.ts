import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file whose presence says that what lies beside it is made up. */
const mark = 'SIMULATED';

const words = `The data in this folder are simulated: nobody measured them. No real agent may report here.
本文件夹中的数据均为模拟数据，并非实测。真实代理不得接入。
`;

/** Whether the data in a hub's folder are simulated ones. */
export function isSimulated(dataFolder: string): boolean {
  return existsSync(join(dataFolder, mark));
}

/** Marks a folder for good; it is made where there is none. @throws where it cannot be written */
export function markSimulated(dataFolder: string): void {
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(join(dataFolder, mark), words);
}
