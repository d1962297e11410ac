import 'element-plus/theme-chalk/base.css';
import 'element-plus/theme-chalk/el-input.css';
import 'element-plus/theme-chalk/el-tag.css';
import 'element-plus/theme-chalk/el-popper.css';
import 'element-plus/theme-chalk/el-scrollbar.css';
import 'element-plus/theme-chalk/el-select-v2.css';
import 'element-plus/theme-chalk/el-select.css';
import 'element-plus/theme-chalk/el-virtual-list.css';
import 'element-plus/theme-chalk/el-message.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/forms.css';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n } from './i18n';
import { router } from './router';
import { startClock } from './state/clock';
import { applyPreferences } from './state/preferences';

/** After an update the parts of the old pages are gone: the page is fetched anew, once; what was typed is kept (lib/drafts.ts). */
const FETCHED_ANEW = 'fengsui.fetched-anew';
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem(FETCHED_ANEW) ?? 0);
  if (Date.now() - last < 60_000) return;
  event.preventDefault();
  sessionStorage.setItem(FETCHED_ANEW, String(Date.now()));
  window.location.reload();
});

applyPreferences();
startClock();
createApp(App).use(i18n).use(router).mount('#app');
