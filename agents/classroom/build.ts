import { bundleAgent } from '@tongtang/agent/bundle';

await bundleAgent(import.meta.dirname);
