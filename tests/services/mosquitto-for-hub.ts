import { readFileSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPassword } from '@tongtang/broker/password';
import { type MosquittoConfig, startMosquitto } from './mosquitto.ts';
import { tongtang } from './tongtang.ts';

/** Somebody who reads everything, as no file of ours lets anybody: what the broker still holds is seen by them alone. */
export const onlooker = { username: 'onlooker', password: 'another-password-for-tests' };

/** The file that operators get. */
const shipped = readFileSync(new URL('../../infra/mosquitto/tongtang.conf', import.meta.url), 'utf8');

/** Name and password of the hub on its broker. */
const hubUser = 'hub:a-password-for-tests';

/**
 * A Mosquitto whose password and ACL files are made by `tongtang broker mosquitto-files` from the registry of the hub
 * whose data are in the folder. Call `writeFiles` after each enrolment.
 */
export async function startMosquittoForHub(data: string, further: Pick<MosquittoConfig, 'lines'> = {}) {
  const files = await mkdtemp(join(tmpdir(), 'tongtang-mosquitto-files-'));
  const broker = (port: number): string => `mqtt://${hubUser}@127.0.0.1:${port}`;
  const write = async (port: number): Promise<void> => {
    const { code, output } = await tongtang(['broker', 'mosquitto-files', '--out', files], {
      TONGTANG_DATA: data,
      TONGTANG_BROKER: broker(port),
    });
    if (code !== 0) throw new Error(output);
    await appendFile(join(files, 'passwd'), `${onlooker.username}:${hashPassword(onlooker.password)}\n`);
    await appendFile(join(files, 'acl'), `\nuser ${onlooker.username}\ntopic read #\n`);
  };
  await write(1);
  const config = { ...further, file: shipped.replaceAll('/etc/mosquitto/tongtang', files) };
  let mosquitto = await startMosquitto(config);
  const { port } = mosquitto;
  return {
    hubUrl: broker(port),
    url: `mqtt://127.0.0.1:${port}`,
    writeFiles: async (): Promise<void> => {
      await write(port);
      mosquitto.reload();
    },
    kill9: () => mosquitto.kill9(),
    /** Starts it on the same port, with nothing remembered. */
    startAgain: async (): Promise<void> => {
      mosquitto = await startMosquitto({ ...config, port });
    },
    stop: async (): Promise<void> => {
      await mosquitto.stop();
      await rm(files, { recursive: true });
    },
  };
}
