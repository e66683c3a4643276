import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { fixtureHub } from './dev/fixture-hub.ts';

/**
 * `npm run dev` shows the console on top of a running hub (TONGTANG_HUB, http://127.0.0.1:8080 by default);
 * `npm run dev:fixture` needs none: a whole county with its troubles is made up.
 */
export default defineConfig(({ mode }) => ({
  plugins: [preact(), ...(mode === 'fixture' ? [fixtureHub()] : [])],
  server: {
    proxy: mode === 'fixture' ? {} : { '/api': process.env.TONGTANG_HUB ?? 'http://127.0.0.1:8080' },
  },
  build: {
    // School PCs still run Windows 7, whose last Chromium is 109.
    target: ['chrome100', 'firefox100', 'safari15'],
    // Nothing inline: the hub's Content-Security-Policy allows its own origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}));
