import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { modelDescriptor } from '../../src/shared/models'
import { trainResult } from '../../src/shared/runs'
import { appRoot, writeRatings } from './studio.fixture'

const execute = promisify(execFile)

/** Files of a Markdown text whose code blocks begin with their path. */
function filesOf(markdown: string): Map<string, string> {
  const blocks = markdown.matchAll(/^```ts\n\/\/ (src\/\S+)\n(.*?)^```$/gms)
  return new Map(Array.from(blocks, ([, file = '', text = '']) => [file, text]))
}

describe('the recipe of CONTRIBUTING.md, in a copy of the tree', () => {
  let tree = ''
  let items = 0
  beforeAll(async () => {
    tree = mkdtempSync(join(tmpdir(), 'vasp-recipe-'))
    for (const kept of [
      'src',
      'resources',
      'package.json',
      'tsconfig.json',
      'electron.vite.config.ts',
      'nuxt-ui.config.ts',
      'bundled-packages.plugin.ts',
      'vitest.config.ts',
      'scripts/lint',
      'test/fixtures',
      'test/generated-cases.ts',
    ])
      cpSync(join(appRoot, kept), join(tree, kept), { recursive: true })
    symlinkSync(join(appRoot, 'node_modules'), join(tree, 'node_modules'))
    const files = filesOf(readFileSync(join(appRoot, 'CONTRIBUTING.md'), 'utf8'))
    expect([...files.keys()].map((file) => dirname(file))).toEqual(Array(2).fill('src/main/models/linear-autoencoder'))
    for (const [file, text] of files) {
      mkdirSync(dirname(join(tree, file)), { recursive: true })
      writeFileSync(join(tree, file), text)
    }
    // The renderer is drawn from the contract alone: it needs no building.
    const build = [join(appRoot, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'main-only.config.ts']
    writeFileSync(
      join(tree, 'main-only.config.ts'),
      `import { builtinModules } from 'node:module'
export default {
  build: {
    ssr: true, outDir: 'out/main', target: 'node20.18', minify: false,
    rolldownOptions: {
      input: { worker: 'src/main/worker/index.ts', batches: 'src/main/worker/batch-thread.ts', writes: 'src/main/worker/write-thread.ts', cli: 'src/main/cli/index.ts' },
      external: builtinModules.flatMap((name) => [name, 'node:' + name]),
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
}`,
    )
    await execute(process.execPath, build, { cwd: tree })
    writeRatings(join(tree, 'ratings.csv'), 100, 20)
    ;({ items } = z.object({ items: z.number() }).parse(await vasp('import', 'ratings.csv', '--name', 'planted')))
  })
  afterAll(() => rmSync(tree, { recursive: true, force: true }))

  async function vasp(...args: string[]): Promise<unknown> {
    const { stdout } = await execute(process.execPath, ['out/main/cli.js', ...args, '--json'], {
      cwd: tree,
      env: { ...process.env, VASP_LIBRARY: join(tree, 'library') },
      maxBuffer: 64 * 1024 * 1024,
    })
    return JSON.parse(stdout)
  }
  const train = async (...args: string[]) =>
    trainResult.parse(await vasp('train', '--data', 'planted', '--test', '15', '--validation', '15', ...args))

  it('shows the model to vasp models and to the form, and as a member of products', async () => {
    const { models } = z.object({ models: z.array(modelDescriptor) }).parse(await vasp('models'))
    const added = models.find(({ kind }) => kind === 'linear-autoencoder')
    expect(added?.name).toBe('Linear autoencoder')
    expect(added?.fields.map(({ key }) => key)).toEqual(expect.arrayContaining(['stages', 'batchRows', 'precision']))
    expect(added?.presets[0]?.config).toMatchObject({ accumulate: 1, precision: 'float32', stages: '1e-3x100' })
    const members = models.flatMap(({ fields }) => fields).find(({ key }) => key === 'members')
    expect(members).toMatchObject({ options: expect.arrayContaining(['linear-autoencoder']) })
  })

  it('trains and explains it by its folder alone', async () => {
    const { run, test } = await train('--model', 'linear-autoencoder', '--set', 'stages=1e-2x5')
    expect(test['ndcg@100'].users).toBeGreaterThan(10)
    const factors = z.object({ items: z.array(z.object({ factors: z.array(z.object({ title: z.string() })) })) })
    const { items } = factors.parse(await vasp('recommend', '--run', String(run), '--user', '7', '--k', '3'))
    expect(items[0]?.factors).toEqual([{ title: 'Linear autoencoder' }])
  })

  it('estimates its memory by the shapes in its folder', async () => {
    const estimated = async (hidden: number): Promise<number> => {
      const settings = ['--set', 'stages=1e-2x1', '--set', `hidden=${hidden}`]
      return z.number().parse((await train('--model', 'linear-autoencoder', ...settings)).estimatedBytes)
    }
    const [narrow, wide] = [64, 4096]
    const more = (await estimated(wide)) - (await estimated(narrow))
    // Each unit has a weight of both layers for each item, the optimiser has two moments of it, and its gradient comes on top.
    expect(more).toBeGreaterThan(3 * 4 * 2 * (wide - narrow) * items)
  })

  it('passes the checks of models and of their names', async () => {
    const specs = ['shapes', 'training-step', 'memory-options'].map((name) => `src/main/models/${name}.spec.ts`)
    const spec = ['run', '--project', 'unit', ...specs, '-t', 'linear-autoencoder']
    const { stdout } = await execute(process.execPath, [join(appRoot, 'node_modules/vitest/vitest.mjs'), ...spec], {
      cwd: tree,
    })
    expect(stdout).toMatch(/Test Files .*3 passed/)
    writeFileSync(
      join(tree, 'eslint.config.js'),
      `import tseslint from 'typescript-eslint'
import models, { filesWithModels } from './scripts/lint/model-names.mjs'
export default tseslint.config({
  files: ['src/**/*.ts'],
  ignores: filesWithModels,
  languageOptions: { parser: tseslint.parser },
  plugins: { models },
  rules: { 'models/model-names': 'error' },
})`,
    )
    const lint = [
      join(appRoot, 'node_modules/eslint/bin/eslint.js'),
      'src/main/models',
      'src/main/compute',
      'src/shared',
    ]
    await execute(process.execPath, lint, { cwd: tree })
  })

  it('trains it as a member of a product', async () => {
    const settings = ['--set', 'members=linear-autoencoder,nease', '--set', 'stages=1e-2x2']
    const { run } = await train('--model', 'hadamard', ...settings)
    const answer = await vasp('explain', '--run', String(run), '--user', '7')
    const explained = z.object({
      explanations: z.array(z.object({ factors: z.array(z.object({ member: z.string() })) })),
    })
    const { explanations } = explained.parse(answer)
    expect(explanations[0]?.factors.map(({ member }) => member)).toEqual(['linear-autoencoder', 'nease'])
  })
})
