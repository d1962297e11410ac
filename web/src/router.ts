import { createRouter, createWebHashHistory, type RouteLocationNormalized } from 'vue-router';
import { restoreSession, session } from './state/session';

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name in the locale files. */
    title?: string;
    open?: boolean;
  }
}

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/overview' },
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue'), meta: { title: 'page.sign_in', open: true } },
    { path: '/overview', name: 'overview', component: () => import('./pages/OverviewPage.vue'), meta: { title: 'page.overview' } },
    { path: '/findings', name: 'findings', component: () => import('./pages/FindingsPage.vue'), meta: { title: 'page.findings' } },
    { path: '/findings/:id', name: 'finding', component: () => import('./pages/FindingPage.vue'), props: true, meta: { title: 'page.finding' } },
    { path: '/units', name: 'units', component: () => import('./pages/UnitsPage.vue'), meta: { title: 'page.units' } },
    { path: '/units/:id', name: 'unit', component: () => import('./pages/UnitPage.vue'), props: true, meta: { title: 'page.unit' } },
    { path: '/:rest(.*)*', name: 'unknown', component: () => import('./pages/UnknownPage.vue'), meta: { title: 'page.unknown' } },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  if (!session.known) await restoreSession().catch(() => undefined);
  if (to.meta.open || session.user) return true;
  return { name: 'sign-in', query: { next: to.fullPath } };
});

/** Where to go after signing in: only a place inside the application. */
export function placeAfterSignIn(route: RouteLocationNormalized): string {
  const next = route.query.next;
  return typeof next === 'string' && /^\/(?!\/)/.test(next) && !next.startsWith('/sign-in') ? next : '/overview';
}
