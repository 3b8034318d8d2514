import { protocol } from 'electron'
import { appOrigin, appScheme } from '../../shared/connection'
import type { Engine } from '../engine/engine'
import { answer } from '../routes/answer'
import type { InterfaceFiles } from '../routes/interface-files'

/** Must run before `ready`: gives `app://` its own origin, with fetch and streams. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** Answers `app://ui/…` with the renderer's files and the byte routes; other hosts of the scheme do not exist. */
export function answerAppScheme(engine: Engine, files: InterfaceFiles): void {
  protocol.handle(appScheme, (request) => {
    // Compared as text, because `URL.origin` of a custom scheme differs between Node and Chromium.
    if (!request.url.startsWith(`${appOrigin}/`)) return new Response(null, { status: 404 })
    return answer(engine, files, request)
  })
}
