// Every page by a name of its own, and who goes there: what is looked at for accessibility and what is pictured is the same list.

/** Records that have pages of their own and that the facts do not name. */
async function recordsOf(page) {
  const list = (name) => page.evaluate(async (collection) => (await (await fetch(`/api/v1/${collection}?limit=200`)).json()).items, name);
  const [cases, notices, responses, verifications] = [await list('cases'), await list('notices'), await list('responses'), await list('verifications')];
  const draft = notices.find((notice) => notice.state === 'draft');
  const busiest = cases.find((one) => one.state === 'replied') ?? cases[0];
  return { case: busiest && `/cases/${busiest.id}`, draft: draft && `/notices/${draft.id}`, response: responses[0] && `/responses/${responses[0].id}`, verification: verifications[0] && `/verifications/${verifications[0].id}` };
}

/** {person: {name of the page: place}} */
export async function everyPage(facts, officer) {
  const [http, chain, dns] = facts.findings.uA;
  return {
    officer: {
      overview: '/overview', findings: '/findings', 'findings-grouped': '/findings?view=groups', 'finding-exchange': `/findings/${http}`, 'finding-certificates': `/findings/${chain}`, 'finding-dns': `/findings/${dns}`,
      cases: '/cases', 'cases-list': '/cases?view=list', ...(await recordsOf(officer)), notices: '/notices', notice: `/notices/${facts.issued}`, obligations: '/obligations', outbox: '/outbox', documents: '/documents',
      bulk: '/bulk', scorecards: '/scorecards', units: '/units', unit: '/units/uB', registry: '/registry', 'settings-calendars': '/settings', 'settings-workflows': '/settings?tab=workflows', 'settings-runs': '/settings?tab=runs',
      'settings-map': '/settings?tab=map', account: '/account', wall: '/wall', unknown: '/nowhere',
    },
    unitB: { desk: '/desk', 'desk-notice': `/notices/${facts.issued}`, 'desk-notices': '/notices', 'desk-findings': '/findings', 'desk-assets': '/assets', 'desk-documents': '/documents' },
    admin1: { users: '/users', audit: '/audit' },
  };
}

/** The page of the registry is worth a picture when it shows differences. */
export async function differences(page) {
  const rows = ['unit,unit_name,parent,system,system_name,asset,authorised_until', 'uC,青山自来水公司,d1,,,https://uc.example.test,2027-12-31', 'uE,实验小学,d1,sE,门户网站,https://ue.example.test,2027-12-31'];
  await page.setInputFiles('[data-test=registry-file]', { name: 'registry-2026.csv', mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\n')}\n`) });
  await page.waitForSelector('[data-test=registry-difference]');
}
