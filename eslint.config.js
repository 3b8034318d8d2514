import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import models, { filesWithModels } from './scripts/lint/model-names.mjs'
import words from './scripts/lint/private-words.mjs'

export default tseslint.config(
  { ignores: ['out/', 'dist/', 'coverage/', 'node_modules/', 'test/e2e/artifacts/', 'test/e2e/runtime/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Inside loops over typed arrays the bounds are the loop's.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // Over an ArrayLike there is no for-of.
      '@typescript-eslint/prefer-for-of': 'off',
      // oRPC's context of a client without one is an empty object.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Standard output belongs to the command line's result.
      'no-console': ['error', { allow: ['warn', 'error'] }],
      // What an interface calls asynchronous need not have something to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.vue'],
    extends: [...vue.configs['flat/recommended']],
    languageOptions: { parserOptions: { parser: tseslint.parser }, globals: globals.browser },
    rules: {
      'vue/multi-word-component-names': 'off',
      // An optional prop is undefined where it is not given; its type says so.
      'vue/require-default-prop': 'off',
      '@typescript-eslint/no-useless-default-assignment': 'off',
      // Without the types of templates the linter calls assertions needless that vue-tsc needs.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/define-macros-order': 'error',
      'vue/no-v-html': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.vue'],
    ignores: filesWithModels,
    plugins: { models },
    rules: { 'models/model-names': 'error' },
  },
  {
    files: ['**/*.ts', '**/*.vue'],
    plugins: { words },
    rules: { 'words/private-words': 'error' },
  },
  {
    // Stores and composables close over their state; their functions are made to be taken out of them.
    files: ['src/renderer/**'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    // The linter's program does not see into .vue files; vue-tsc checks this line.
    files: ['src/renderer/main.ts'],
    rules: { '@typescript-eslint/no-unsafe-argument': 'off' },
  },
  {
    // The only way to copy where the clipboard permission is denied, as it is in the desktop application.
    files: ['src/renderer/clipboard.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    // Vitest types its matchers for parts of a value, such as expect.stringMatching, as any.
    files: ['**/*.spec.ts', 'test/**'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // Their one job is to talk to a terminal.
    files: ['test/bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.recommended],
    languageOptions: { globals: globals.node },
    rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], '@typescript-eslint/no-require-imports': 'off' },
  },
  prettier,
)
