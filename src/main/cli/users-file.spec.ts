import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readUsers } from './users-file'

const folder = mkdtempSync(join(tmpdir(), 'users-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function read(text: string, column: string | null = null): Promise<{ users: string[]; said: string }> {
  const path = join(folder, 'users.txt')
  writeFileSync(path, text)
  let said = ''
  const note = (words: string): void => void (said += words)
  return { users: await readUsers({ note }, path, column), said }
}

test('a list of users has one id per line, each once', async () => {
  expect(await read('\uFEFFu1\r\nu2\n\nu1\n')).toEqual({ users: ['u1', 'u2'], said: '' })
})

test('a header is not a user, and a message names the line that was left out', async () => {
  const { users, said } = await read('user_id\nu1\nu2\n')
  expect(users).toEqual(['u1', 'u2'])
  expect(said).toContain('“user_id”')
})

test('the column of users may have its name in the data set’s own files', async () => {
  expect((await read('Kunde\nu1\nu2\n', 'Kunde')).users).toEqual(['u1', 'u2'])
  expect((await read('Kunde\nu1\n')).users).toEqual(['Kunde', 'u1'])
})

test('of a table only the column of users counts', async () => {
  const { users } = await read('name;user_id;since\nAnn;u1;2020\n"Bo; jr.";u2;2021\n')
  expect(users).toEqual(['u1', 'u2'])
})

test('a file without users is refused', async () => {
  await expect(read('\n \n')).rejects.toMatchObject({ code: 'BAD_INPUT' })
})
