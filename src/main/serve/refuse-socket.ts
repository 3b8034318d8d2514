import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers with a bare status on a socket that Node's HTTP server has given away (an upgrade, what it could not read), and closes it. */
export function refuseSocket(socket: Duplex, status: number): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  // Closed once the answer is out: the other side may never close its half.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
