import vue from '@vitejs/plugin-vue';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

// The development server passes API calls on; the built pages are served by the program itself.
const api = process.env.FENGSUI_API ?? 'http://127.0.0.1:8080';

/** Each file that index.html names gets its hash: one that was altered on the way or on the disk is not run. */
function integrity(): Plugin {
  return {
    name: 'integrity',
    apply: 'build',
    enforce: 'post',
    writeBundle(options) {
      const folder = options.dir ?? 'dist';
      const page = join(folder, 'index.html');
      const hashed = readFileSync(page, 'utf8').replace(/<(script|link)\b[^>]*?(?:src|href)="\/([^"]+\.(?:js|css))"[^>]*?(?=>)/g, (tag, _name, file: string) => {
        const hash = createHash('sha384').update(readFileSync(join(folder, file))).digest('base64');
        return tag.includes('integrity=') ? tag : `${tag} integrity="sha384-${hash}"${tag.includes('crossorigin') ? '' : ' crossorigin'}`;
      });
      writeFileSync(page, hashed);
    },
  };
}

export default defineConfig({
  plugins: [vue(), integrity()],
  define: {
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
  },
  server: { host: '127.0.0.1', proxy: { '/api': { target: api } } },
  build: {
    target: 'es2020',
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (/node_modules\/(echarts|zrender)\//.test(id)) return 'charts';
          if (/node_modules\/(vue|@vue|vue-router|vue-i18n|@intlify)\//.test(id)) return 'framework';
          return undefined;
        },
      },
    },
  },
});
