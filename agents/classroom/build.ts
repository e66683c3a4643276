import { bundleAgent } from '@tongtang/agent/bundle';

await bundleAgent(import.meta.dirname, process.argv[2]);
