import { readFileSync } from 'node:fs';
import { definitionOf } from '@tongtang/model/catalogue';
import { targetProbes } from '@tongtang/model/inventory';
import { probes } from './registry.ts';

/** Sections that every probe's README has, in this order. */
export const sections = [
  'Measures',
  'How',
  'Address',
  'Try it',
  'Failure sources',
  'Cost',
  'Limits',
] as const;
/** May follow them, for people who change the probe; not part of the page. */
export const insideSection = 'Inside';

/** The folders with a README, in the order of the page: probes that measure a target, then the machine itself. */
export const folders: readonly string[] = [...targetProbes, 'host', 'lesson-files'];

/** The reference of all probes, `docs/probes.md`, from the READMEs beside them. */
export function probesPage(): string {
  return [head, tableOfProbes(), guide, ...folders.map(section)].join('\n');
}

const head = `# Probes

<!-- Made by \`npm run generate\` from packages/probes/src/probes-page.ts and packages/probes/src/*/README.md. Do not edit by hand. -->

A probe measures one thing once. An agent runs its probes again and again; a technician can run one by hand. What each field
means is in [Metrics](metrics.md).

- [Which probe](#which-probe)
- [What an agent measures by itself](#what-an-agent-measures-by-itself)
- [Run a probe once](#run-a-probe-once)
- [Have the schools run it](#have-the-schools-run-it)
- [Who is to blame](#who-is-to-blame)

## Which probe

- Does this place answer, and how fast? \`ping\`; where ICMP is blocked, \`tcp\`.
- How good is the way there, each direction by itself? \`stamp\`, where a hub, a router or a test set reflects it.
- Does a web page or a platform work? \`http\`. How long is its certificate good for? \`tls\`.
- Does the name server work? \`dns\`.
- Does the stream of a lesson arrive, and whole? \`mpegts\`.
- Which way does it go, and where does it end? \`path\`.
- How well does the dish receive, as a satellite receiver tells it? \`snmp\`; \`satip\`, of a SAT>IP server; \`dvb\`, of a card in
  a Linux machine.
- How many bits a second does the way carry, down and up? \`throughput\`.
- Is the classroom PC itself the trouble? \`host\`, which runs in every agent.
- Have recorded lessons come in? \`lesson-files\`, on classroom PCs.
`;

function tableOfProbes(): string {
  const rows = targetProbes.map((name) => {
    const { measurement, budgetMs } = probes[name];
    const { description } = definitionOf(measurement);
    return `| [\`${name}\`](#${name}) | ${description.en.replace(/\.$/, '')} | ${budgetMs / 1000} s |`;
  });
  return `| probe | measures | gives up after |
|---|---|---|
${rows.join('\n')}
| [\`host\`](#host) | ${definitionOf('host').description.en.replace(/\.$/, '')}, and its network interfaces | |
| [\`lesson-files\`](#lesson-files) | ${definitionOf('lesson_files').description.en} | |
`;
}

const guide = `## What an agent measures by itself

| link | target | probe | every |
|---|---|---|---|
| LAN | \`gateway\`: the default gateway | \`ping\`; where that is not to be had, on Windows always, \`tcp\` to port 80 | 10 s |
| broadband | \`resolver\`: the name servers that the machine is set to | \`dns\` | 30 s |
| broadband | \`hub\` | \`stamp\` | 10 s |
| broadband | \`hub\` | \`path\`, where the system has \`traceroute\` or \`tracepath\` | change of state, and 24 h; on Windows change alone |
| platform | each platform of the inventory with a \`url\` | \`http\` | 5 min |
| platform | the same, where the \`url\` is \`https://\` | \`tls\` | 1 h |
| – | the machine | \`host\` | 30 s |
| – | the folder of recorded lessons, on a classroom PC whose school has \`lessonFiles\` | \`lesson-files\` | 5 min |

## Run a probe once

On any machine with Tongtang, agent or not. Nothing is stored or sent:

\`\`\`
npx tongtang agent probe ping --target 192.0.2.1
npx tongtang agent probe http --target https://www.example.cn/ --json
\`\`\`

It prints every field that was measured, and ends with exit code 1 where the run failed. The sections below have an example of
each.

## Have the schools run it

An entry under \`targets\` of the county's inventory file, and \`npx tongtang inventory import <file>\`; agents begin within seconds:

\`\`\`yaml
targets:
  - id: front-end              # small letters, digits, hyphens; not the id of a platform
    name: { zh: 前端学校, en: Front-end school }
    link: broadband            # lan, broadband, satellite, stream or platform: what it is evidence for
    probe: stamp
    address: "stamp.example.cn:862"
    every: 10                  # seconds, 5 to 86400; where absent 60, for path 86400
    schools: [hb3z, mzzx]      # all where absent
\`\`\`

Mind the bytes: 1.5 kB every 10 s are 13 MB a day and classroom. The byte budget of an agent is for what it sends to the hub,
not for what its probes send.

## Who is to blame

A run ends with its fields, or with a failure and the side that it failed on.

| \`failure\` | what it says | look first at |
|---|---|---|
| \`agent\` | this machine could not measure: no evidence about the link, neither good nor bad | the agent's log, the machine's own firewall |
| \`resolver\` | no address for the name | the \`dns\` probe, the machine's name servers |
| \`path\` | nothing came back | cable, router, provider, a firewall that drops silently |
| \`target\` | the far end was reached, and it refused or answered wrongly | the far end |

A link is *down* when the newest runs of all its probes failed, *degraded* when some did or a lesson would suffer (more than
1 % loss, 400 ms round trip or 50 ms jitter), *unknown* when there are no fresh runs. \`path\` is no evidence. Four things are weighed:

- a name server that answers holds no link up where nothing else does: it may answer from its cache;
- \`lan\` and \`broadband\` are not down while a far end is reached and refuses, nor \`broadband\` while agent and hub hear from
  each other: a firewall may swallow UDP;
- a gateway that is silent does not make \`lan\` *down* while something beyond it answers;
- loss is judged over the last two hundred packets, so one lost pair of them degrades nothing; a run that lost all shows at once.
`;

/** The README of a probe, one level deeper, its links as seen from docs/. */
function section(name: string): string {
  const text = readFileSync(new URL(`${name}/README.md`, import.meta.url), 'utf8');
  const [shown = ''] = text.split(`\n## ${insideSection}\n`);
  const lines = shown.trimEnd().replaceAll('](../../../../docs/', '](');
  return `${lines.replace(/^#/gm, '##')}\n`;
}

/** The titles of a README, its name first. */
export function titlesOf(name: string): string[] {
  const text = readFileSync(new URL(`${name}/README.md`, import.meta.url), 'utf8');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
}
