import { app, session, type WebContents } from 'electron'
import { appOrigin } from '../../shared/connection'

/** Denies every page what this application never needs: other sites, further windows, web views, permissions, devices. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))

  const own = session.defaultSession
  // The queue tells when a job has ended.
  own.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === 'notifications'))
  own.setPermissionCheckHandler((_contents, permission) => permission === 'notifications')
  own.setDevicePermissionHandler(() => false)
  // The renderer is completely local. Any other request (a stray font, a link preview, a spell-check dictionary) is refused before it leaves the machine.
  own.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isLocal(details.url) }))
  own.setSpellCheckerEnabled(false)
}

function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => {
    if (!event.url.startsWith(`${appOrigin}/`)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!event.url.startsWith(`${appOrigin}/`)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** The page itself makes `blob:` and `data:` addresses; `devtools:` is for developers. */
const isLocal = (url: string): boolean =>
  url.startsWith(`${appOrigin}/`) || /^(blob:app:\/\/ui\/|data:|devtools:)/.test(url)
