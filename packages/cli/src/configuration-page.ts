import { environmentName, flagName } from '@tongtang/runtime/settings';
import { Settings } from './settings.ts';

/** docs/configuration.md, from the schema of the settings. */
export function configurationPage(): string {
  const sections = Object.entries(Settings.properties).map(([key, definition]) => {
    const value = 'default' in definition ? `\`${String(definition.default)}\`` : 'none';
    return [
      `## ${key}`,
      '',
      'description' in definition ? String(definition.description) : '',
      '',
      'title' in definition ? String(definition.title) : '',
      '',
      `| tongtang.yaml | environment | flag | default |`,
      `|---|---|---|---|`,
      `| \`${key}\` | \`${environmentName(key)}\` | \`${flagName(key)}\` | ${value} |`,
      '',
    ].join('\n');
  });
  return [
    '# Settings 设置',
    '',
    '<!-- Made by `npm run generate` from packages/cli/src/settings.ts. Do not edit by hand. -->',
    '',
    'A setting can be given three ways. A flag comes before the environment, the environment before the file, the file',
    'before the default. The file is `tongtang.yaml` in the working folder, or the one named by `--config` or',
    '`TONGTANG_CONFIG`. An unknown key, an unknown `TONGTANG_…` variable or a value that does not fit stops the start with a',
    'message that names all problems at once.',
    '',
    '每项设置有三种写法：命令行参数优先于环境变量，环境变量优先于文件，文件优先于默认值。文件为工作目录下的',
    '`tongtang.yaml`，或由 `--config`、`TONGTANG_CONFIG` 指定。写错的设置会使程序拒绝启动，并一次说明全部问题。',
    '',
    ...sections,
  ].join('\n');
}
