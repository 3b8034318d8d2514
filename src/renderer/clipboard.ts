/** Copies text; if the clipboard API is refused (permission denied in Electron), through a selected field. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.setAttribute('aria-hidden', 'true')
    field.style.position = 'fixed'
    field.style.opacity = '0'
    document.body.append(field)
    field.select()
    // Deprecated, but no successor works without the permission.
    const page: { execCommand(command: string): boolean } = document
    const copied = page.execCommand('copy')
    field.remove()
    if (!copied) throw new Error('Copying to the clipboard failed.')
  }
}
