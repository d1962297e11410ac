import { createRouter, createWebHashHistory, type RouteLocationNormalized } from 'vue-router';
import { homeOf, isUnitOnly, restoreSession, session } from './state/session';

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name in the locale files. */
    title?: string;
    open?: boolean;
    /** Fills the screen, without rail and header. */
    whole?: boolean;
  }
}

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: () => homeOf() },
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue'), meta: { title: 'page.sign_in', open: true } },
    { path: '/overview', name: 'overview', component: () => import('./pages/OverviewPage.vue'), meta: { title: 'page.overview' } },
    { path: '/findings', name: 'findings', component: () => import('./pages/FindingsPage.vue'), meta: { title: 'page.findings' } },
    { path: '/findings/:id', name: 'finding', component: () => import('./pages/FindingPage.vue'), props: true, meta: { title: 'page.finding' } },
    { path: '/cases', name: 'cases', component: () => import('./pages/CasesPage.vue'), meta: { title: 'page.cases' } },
    { path: '/cases/:id', name: 'case', component: () => import('./pages/CasePage.vue'), props: true, meta: { title: 'page.case' } },
    { path: '/notices', name: 'notices', component: () => import('./pages/NoticesPage.vue'), meta: { title: 'page.notices' } },
    { path: '/notices/:id', name: 'notice', component: () => import('./pages/NoticePage.vue'), props: true, meta: { title: 'page.notice' } },
    { path: '/responses/:id', name: 'response', component: () => import('./pages/ResponsePage.vue'), props: true, meta: { title: 'page.response' } },
    { path: '/verifications/:id', name: 'verification', component: () => import('./pages/VerificationPage.vue'), props: true, meta: { title: 'page.verification' } },
    { path: '/obligations', name: 'obligations', component: () => import('./pages/ObligationsPage.vue'), meta: { title: 'page.obligations' } },
    { path: '/outbox', name: 'outbox', component: () => import('./pages/OutboxPage.vue'), meta: { title: 'page.outbox' } },
    { path: '/documents', name: 'documents', component: () => import('./pages/DocumentsPage.vue'), meta: { title: 'page.documents' } },
    { path: '/bulk', name: 'bulk', component: () => import('./pages/BulkPage.vue'), meta: { title: 'page.bulk' } },
    { path: '/scorecards', name: 'scorecards', component: () => import('./pages/ScorecardsPage.vue'), meta: { title: 'page.scorecards' } },
    { path: '/users', name: 'users', component: () => import('./pages/UsersPage.vue'), meta: { title: 'page.users' } },
    { path: '/audit', name: 'audit', component: () => import('./pages/AuditPage.vue'), meta: { title: 'page.audit' } },
    { path: '/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue'), meta: { title: 'page.settings' } },
    { path: '/account', name: 'account', component: () => import('./pages/AccountPage.vue'), meta: { title: 'page.account' } },
    { path: '/desk', name: 'desk', component: () => import('./pages/DeskPage.vue'), meta: { title: 'page.desk' } },
    { path: '/assets', name: 'assets', component: () => import('./pages/MyAssetsPage.vue'), meta: { title: 'page.my_assets' } },
    { path: '/wall', name: 'wall', component: () => import('./pages/WallPage.vue'), meta: { title: 'page.wall', whole: true } },
    { path: '/registry', name: 'registry', component: () => import('./pages/RegistryPage.vue'), meta: { title: 'page.registry' } },
    { path: '/units', name: 'units', component: () => import('./pages/UnitsPage.vue'), meta: { title: 'page.units' } },
    { path: '/units/:id', name: 'unit', component: () => import('./pages/UnitPage.vue'), props: true, meta: { title: 'page.unit' } },
    { path: '/:rest(.*)*', name: 'unknown', component: () => import('./pages/UnknownPage.vue'), meta: { title: 'page.unknown' } },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  if (!session.known) await restoreSession().catch(() => undefined);
  if (to.path === '/overview' && session.user && isUnitOnly.value) return '/desk';
  if (to.meta.open || session.user) return true;
  return { name: 'sign-in', query: { next: to.fullPath } };
});

/** Where to go after signing in: only a place inside the application. */
export function placeAfterSignIn(route: RouteLocationNormalized): string {
  const next = route.query.next;
  return typeof next === 'string' && /^\/(?!\/)/.test(next) && !next.startsWith('/sign-in') ? next : homeOf();
}
