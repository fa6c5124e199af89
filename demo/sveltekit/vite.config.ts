/**
 * The tea shop on SvelteKit.
 *
 *   npm run demo -- sveltekit                                                 with a local edge
 *   ORIGIN=https://shop.example npm run build -w demo/sveltekit               with yours, at your address
 *   TARGET_EDGE=https://target.shop.example npm start -w demo/sveltekit
 */
import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter(),
      // Where visitors see it; without it https is taken for granted, and forms are refused where there is none.
      paths: { origin: (process.env.ORIGIN ?? 'http://localhost:3000') as `http://${string}` },
    }),
  ],
})
