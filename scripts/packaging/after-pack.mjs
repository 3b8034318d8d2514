import fs from 'node:fs'
import path from 'node:path'

/**
 * Takes Electron's own default application out of the package before fuses are set and archives are made. It loads any folder that it is given: were
 * the application's archive gone, the program would run it.
 */
export default function afterPack({ appOutDir, packager }) {
  fs.rmSync(path.join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true })
}
