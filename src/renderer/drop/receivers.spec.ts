import { effectScope } from 'vue'
import { expect, it } from 'vitest'
import { receiver, useDroppedFiles } from './receivers'

it('gives files to the latest that takes any, and back to the one before when that has gone', () => {
  const taken: string[] = []
  const taking = (prompt: string) => {
    const scope = effectScope()
    scope.run(() => useDroppedFiles({ prompt, take: (files) => taken.push(`${prompt}: ${files.length}`) }))
    return () => scope.stop()
  }
  expect(receiver.value).toBeNull()
  const window = taking('window')
  const page = taking('page')
  const dialog = taking('dialog')
  receiver.value?.take([new File([], 'a')])
  page()
  expect(receiver.value?.prompt).toBe('dialog')
  dialog()
  expect(receiver.value?.prompt).toBe('window')
  window()
  expect(receiver.value).toBeNull()
  expect(taken).toEqual(['dialog: 1'])
})
