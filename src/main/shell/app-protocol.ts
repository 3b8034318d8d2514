import { protocol } from 'electron'
import { appOrigin, appScheme } from '../../shared/connection'
import type { Engine } from '../engine/engine'
import { answer } from '../routes/answer'
import type { InterfaceFiles } from '../routes/interface-files'

/** Must run before `ready`: gives `app://` an origin of its own, with fetch and streams. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** Answers `app://ui/…` with the renderer's files and the byte routes; every other host of the scheme does not exist. */
export function answerAppScheme(engine: Engine, files: InterfaceFiles): void {
  protocol.handle(appScheme, (request) => {
    // Compared as text: what `URL.origin` says of a custom scheme differs between Node and Chromium.
    if (!request.url.startsWith(`${appOrigin}/`)) return new Response(null, { status: 404 })
    return answer(engine, files, request)
  })
}
