// SPDX-License-Identifier: Apache-2.0
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` forwards API calls to a running server; SIGHTLINE_URL names it.
const server = process.env['SIGHTLINE_URL'] ?? 'http://127.0.0.1:8000';

export default defineConfig({
  base: '/',
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: server, ws: true },
      '/metrics': server,
      '/readyz': server,
      '/openapi.json': server,
    },
  },
  build: {
    target: 'es2022',
    // Everything is a file of its own with a hash in its name: no data: URLs, so that the server can
    // send a strict Content-Security-Policy and cache assets for ever.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
});
