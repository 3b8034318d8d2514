import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers with a bare status on a socket that Node's HTTP server no longer handles (an upgrade, an unreadable request), and closes it. */
export function refuseSocket(socket: Duplex, status: number): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  // Closes the socket after the answer was sent, because the other side may never close its half.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
