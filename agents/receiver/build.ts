import { bundleAgent } from '@tongtang/agent/bundle';
import { shippedProfiles } from '@tongtang/probes/snmp/shipped-profiles';
import type { Plugin } from 'esbuild';

/** Profiles are files beside the source; in the bundle, which is one file, their texts stand in its place. */
const profiles: Plugin = {
  name: 'profiles',
  setup({ onLoad }) {
    onLoad({ filter: /\/snmp\/shipped-profiles\.ts$/ }, () => ({
      contents: `const profiles = ${JSON.stringify(shippedProfiles())};\nexport const shippedProfiles = () => profiles;`,
    }));
  },
};

await bundleAgent(import.meta.dirname, process.argv[2], [profiles]);
