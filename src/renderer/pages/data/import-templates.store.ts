import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { ImportTemplate } from '../../../shared/import-templates'
import { engine, useList, useRefresh } from '../../queries'
import { client } from '../../rpc'
import { useImport } from './import.store'

/** Named templates with columns and layout, and those that fit the current files. */
export const useImportTemplates = defineStore('import-templates', () => {
  const flow = useImport()
  const { list } = useList(engine.templates.list.queryOptions())
  const refresh = useRefresh()
  const fitting = computed(() => list.value.filter(({ shape }) => flow.shapes.includes(shape)))

  async function save(name: string): Promise<ImportTemplate | null> {
    const [shape] = flow.shapes
    if (!flow.asTemplate || shape === undefined) return null
    const saved = await client.templates.save({ name, shape, settings: flow.asTemplate })
    await refresh('templates')
    return saved
  }
  async function rename(template: ImportTemplate, name: string): Promise<void> {
    await client.templates.rename({ id: template.id, name })
    await refresh('templates')
  }
  async function remove(template: ImportTemplate): Promise<void> {
    await client.templates.delete({ id: template.id })
    await refresh('templates')
  }
  return { list, fitting, save, rename, remove }
})
