import fs from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'

/** Notes which packages have modules in the bundle (`out/bundled-packages.json`), for THIRD_PARTY_NOTICES. */
export const bundledPackages = (root: string): Plugin => ({
  name: 'bundled-packages',
  apply: 'build',
  writeBundle(_options, bundle) {
    const places = new Set<string>()
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk') continue
      for (const id of Object.keys(output.modules)) {
        const place = /(?:^|\/)((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(
          path.relative(root, id.replace(/^\0/, '')),
        )?.[1]
        if (place !== undefined && !place.endsWith('.nuxt-ui')) places.add(place)
      }
    }
    fs.writeFileSync(path.join(root, 'out/bundled-packages.json'), JSON.stringify([...places].sort(), null, 2))
  },
})
