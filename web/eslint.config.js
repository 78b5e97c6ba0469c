// SPDX-License-Identifier: Apache-2.0
import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

// The layers, as a table: each folder names the folders it may import. Everything else is an error.
const layers = {
  base: [],
  model: ['base'],
  api: ['base', 'model'],
  ui: ['base'],
  parts: ['base', 'model', 'ui'],
  features: ['base', 'model', 'api', 'ui', 'parts'],
  app: ['base', 'model', 'api', 'ui', 'parts', 'features'],
};

const layerZones = Object.entries(layers).map(([folder, allowed]) => ({
  target: `./src/${folder}`,
  from: './src',
  except: [folder, ...allowed].map((name) => `./${name}`),
  message: `src/${folder} may import only: ${[folder, ...allowed].join(', ')}.`,
}));

const features = readdirSync(new URL('./src/features', import.meta.url));
const featureZones = features.map((feature) => ({
  target: `./src/features/${feature}`,
  from: './src/features',
  except: [`./${feature}`],
  message: 'A feature never imports another; share through parts, ui or model.',
}));

const noReactIn = (names) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        { group: ['react', 'react-dom', '@tanstack/*'], message: `${names} is plain TypeScript.` },
      ],
    },
  ],
});

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '*.config.ts', 'src/api/schema.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        document: 'readonly',
        location: 'readonly',
        window: 'readonly',
        getComputedStyle: 'readonly',
        performance: 'readonly',
        requestAnimationFrame: 'readonly',
        AbortSignal: 'readonly',
        navigator: 'readonly',
        URLSearchParams: 'readonly',
        WheelEvent: 'readonly',
      },
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [
      tseslint.configs.strictTypeChecked,
      jsxA11y.flatConfigs.strict,
      reactHooks.configs.flat.recommended,
    ],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: fileURLToPath(new URL('.', import.meta.url)),
      },
    },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/extensions': ['.ts', '.tsx'],
    },
    rules: {
      // A method whose `this` is void may be passed on.
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      'import-x/no-restricted-paths': ['error', { zones: [...layerZones, ...featureZones] }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-unresolved': ['error', { ignore: ['\\.css$', '\\.svg$'] }],
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Only src/api talks to the server.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSNullKeyword', message: 'Use undefined, not null.' },
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Text is escaped by React.',
        },
        {
          selector: 'Literal[value=/#([0-9a-fA-F]{3,4}){1,2}\\b/]',
          message: 'Colours live in tokens.css.',
        },
        {
          selector: 'TemplateElement[value.raw=/#([0-9a-fA-F]{3,4}){1,2}\\b/]',
          message: 'Colours live in tokens.css.',
        },
      ],
      // What scrolls must be reachable by keyboard.
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: ['pre'], roles: ['tabpanel'] }],
      // A warning of the React compiler, which is not in use.
      'react-hooks/incompatible-library': 'off',
      // A drawing with a text of its own is an image to those who cannot see it.
      'jsx-a11y/no-interactive-element-to-noninteractive-role': ['error', { canvas: ['img'] }],
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 80 }],
      complexity: ['error', 25],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Event handlers that return the value of a setter read better without braces.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The router's own way to leave a loader is to throw a redirect.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  { files: ['src/api/httpClient.ts'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['src/base/**', 'src/model/**'], rules: noReactIn('This folder') },
  { files: ['src/**/*.test.{ts,tsx}'], rules: { 'max-lines-per-function': 'off' } },
);
