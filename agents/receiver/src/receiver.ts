import { join } from 'node:path';
import { ownMachine } from '@tongtang/agent/own-machine';
import type { ProbeSet } from '@tongtang/agent/probe-set';
import { probes } from '@tongtang/probes/registry';
import { ReceiverFiles, receiversFolder } from '@tongtang/probes/snmp/files';
import { snmpProbe } from '@tongtang/probes/snmp/probe';

/**
 * The agent beside a satellite receiver runs every probe that there is, and measures the ways out of its machine as any agent
 * does. Profiles of receivers and what they want to hear before they answer are in its data folder.
 */
export const receiver: ProbeSet = (context) => {
  const files = new ReceiverFiles(join(context.dataFolder, receiversFolder));
  return { probes: { ...probes, snmp: snmpProbe(files) }, ...ownMachine(context) };
};
