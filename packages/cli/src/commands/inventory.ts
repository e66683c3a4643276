import { writeFileSync } from 'node:fs';
import type { Inventory } from '@tongtang/model/inventory';
import { unmeasuredTargets } from '@tongtang/model/unmeasured-targets';
import { createLog } from '@tongtang/runtime/log';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { countyOf } from '../county-choice.ts';
import { commandLine, registryIn } from '../hub-data.ts';
import { readInventory } from '../inventory-file.ts';
import { settingsOf, withSettings } from '../options.ts';
import { Refusal } from '../refusal.ts';

/** `tongtang inventory import|export|remove` */
export function inventoryCommand(): Command {
  return new Command('inventory')
    .description('Counties, schools, classrooms and targets')
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .addCommand(removeCommand());
}

function importCommand(): Command {
  const command = new Command('import')
    .description('Makes a YAML file the whole inventory of its county; other counties stay as they are')
    .argument('<file>', 'YAML file, "-" for standard input');
  return withSettings(command, ['data', 'logLevel']).action((file: string) => {
    const settings = settingsOf(command);
    const inventory = readInventory(file);
    const registry = registryIn(settings.data, createLog(settings.logLevel));
    try {
      const answer = registry.importInventory(inventory, commandLine);
      if (!answer.ok) throw new Refusal([`${file} was not imported:`, ...answer.problems]);
      const { added, changed, removed } = answer.changes;
      process.stdout.write(
        `${inventory.county.name.en} (${inventory.county.id}): ${added.length} added, ${changed.length} changed, ${removed.length} removed\n`,
      );
      process.stdout.write(notMeasured(inventory, unmeasuredTargets(inventory, registry.agents())));
    } finally {
      registry.close();
    }
  });
}

/** What a technician would else look for in vain: receivers are entered, and no machine measures them. */
function notMeasured({ county }: Inventory, unmeasured: ReadonlyMap<string, readonly string[]>): string {
  const [[school, targets] = ['', []], ...others] = unmeasured;
  if (school === '') return '';
  const more = others.length > 0 ? ` and of ${others.length} more schools` : '';
  return `Nobody measures ${targets.join(', ')} of ${school}${more} yet: there is no agent beside a receiver. For each school: npx tongtang enrolment code ${county.id}/${school}/<classroom> --kind receiver\n`;
}

function exportCommand(): Command {
  const command = new Command('export')
    .description('Writes the inventory of a county as YAML')
    .argument('[county]', 'county id; may be left out where there is only one')
    .option('--out <file>', 'file to write; standard output where absent');
  return withSettings(command, ['data', 'logLevel']).action(
    (county: string | undefined, { out }: { out?: string }) => {
      const settings = settingsOf(command);
      const registry = registryIn(settings.data, createLog(settings.logLevel));
      try {
        const text = stringify(countyOf(registry, county), { lineWidth: 0 });
        if (out === undefined) process.stdout.write(text);
        else writeFileSync(out, text);
      } finally {
        registry.close();
      }
    },
  );
}

function removeCommand(): Command {
  const command = new Command('remove')
    .description('Takes a county out of the hub; refused while a machine lives there')
    .argument('<county>', 'county id');
  return withSettings(command, ['data', 'logLevel']).action((county: string) => {
    const settings = settingsOf(command);
    const registry = registryIn(settings.data, createLog(settings.logLevel));
    try {
      const answer = registry.removeInventory(county, commandLine);
      if (!answer.ok) throw new Refusal(answer.problems);
      process.stdout.write(`${county} is removed\n`);
    } finally {
      registry.close();
    }
  });
}
