// Invented units, assets and findings for the mock server. Same seed, same data.
export const DAY_MS = 86_400_000;
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];

export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

const UNIT_NAMES = [
  '青石区水务中心', '青石区人民医院', '青石区第一中学', '青石区图书馆', '临河镇政务服务站', '青石区气象台', '石桥社区卫生服务中心', '青石区疾控中心',
  '青石职业技术学院', '青石区公交公司', '北岸供热有限公司', '青石区档案馆', '青石区融媒体中心', '东湖实验小学', '青石区体育馆', '松林自来水厂',
  '青石区博物馆', '南坡镇政务服务站', '青石区住房保障中心', '青石区应急管理局', '梧桐路幼儿园', '青石区妇幼保健院',
];
const SYSTEMS = ['门户网站', '业务受理系统', '邮件系统', '数据填报平台'];

const refs = (...list) => list;
export const CHECKS = [
  ['exposure.git_repository', 'critical', '代码仓库目录可公开读取', 'Source repository readable by anyone', '删除站点目录中的 .git 目录，并更换其中出现过的全部口令与密钥。', 'Remove the .git directory from the site and change every password and key it ever held.'],
  ['exposure.sql_dump', 'critical', '数据库备份文件可下载', 'Database dump can be downloaded', '立即移除该文件，按数据泄露预案核查访问日志。', 'Remove the file at once and review the access log as for a data breach.'],
  ['tls.certificate_expired', 'high', '证书已过期', 'Certificate has expired', '更换证书，并设置到期前 30 天的提醒。', 'Replace the certificate and set a reminder 30 days ahead.'],
  ['port.database_open', 'critical', '数据库端口对外开放', 'Database port open to the Internet', '在防火墙上只允许业务服务器访问。', 'Let only the application servers reach it.'],
  ['software.known_vulnerability', 'high', '软件版本存在已知漏洞', 'Software version with a known vulnerability', '升级到厂商给出的修复版本。', "Upgrade to the vendor's fixed version."],
  ['http.directory_listing', 'medium', '目录列表未关闭', 'Directory listing enabled', '关闭目录浏览，并检查已经暴露的文件。', 'Turn off directory listing and review what was exposed.'],
  ['tls.tls10', 'medium', '仍支持 TLS 1.0', 'TLS 1.0 still offered', '停用 TLS 1.0 和 1.1，只保留 1.2 以上版本。', 'Turn off TLS 1.0 and 1.1; keep 1.2 and later.'],
  ['header.hsts_missing', 'low', '未设置 HSTS', 'HSTS header missing', '确认全站支持 HTTPS 后添加 Strict-Transport-Security。', 'Add Strict-Transport-Security once the whole site works over HTTPS.'],
  ['mail.dmarc_policy_none', 'medium', 'DMARC 策略为 none', 'DMARC policy is none', '在核对报告后把策略逐步提高到 quarantine、reject。', 'After reading the reports raise the policy to quarantine, then reject.'],
  ['cookie.not_secure', 'low', 'Cookie 缺少 Secure 属性', 'Cookie without Secure', '为会话 Cookie 添加 Secure、HttpOnly 和 SameSite。', 'Set Secure, HttpOnly and SameSite on session cookies.'],
  ['dns.caa_missing', 'info', '未设置 CAA 记录', 'No CAA record', '添加 CAA 记录，限定可以签发证书的机构。', 'Add a CAA record naming the authorities that may issue.'],
  ['integrity.hidden_link', 'high', '页面中有隐藏链接', 'Hidden links in the page', '检查网页是否被篡改，从干净备份恢复并查找入侵途径。', 'Check for defacement, restore from a clean copy and find the way in.'],
].map(([id, severity, zh, en, adviceZh, adviceEn]) => ({
  id, severity, class: id.startsWith('exposure.') ? 'careful' : 'passive', area: id.split('.')[0],
  title: { zh, en }, advice: { zh: adviceZh, en: adviceEn }, references: refs('https://www.rfc-editor.org/rfc/rfc9110', 'GB/T 22239-2019'),
}));

const EVIDENCE = {
  'exposure.git_repository': (host) => ({
    exchange: {
      request: { method: 'GET', url: `https://${host}/.git/config`, headers: { 'User-Agent': 'Fengsui/0.1 (+https://office.example)', Accept: '*/*' } },
      response: { status: 200, reason: 'OK', version: 'HTTP/1.1', headers: { Server: 'nginx/1.18.0', 'Content-Type': 'text/plain', 'Content-Length': '142', 'Set-Cookie': ['sid=…; Path=/', 'lang=zh; Path=/'] }, body_excerpt: '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n[remote "origin"]\n\turl = https://git.example/portal.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*' },
    },
    control_status: 404, branches: ['main', 'release-2024'],
  }),
  'tls.certificate_expired': (host, at) => ({
    subject: `CN=${host}`, issuer: 'CN=Practice CA 2, O=Range, C=CN', serial: '04:a1:9f:22:70:5c', san: [host, `www.${host}`], not_before: new Date(at - 377 * DAY_MS).toISOString(),
    not_after: new Date(at - 12 * DAY_MS).toISOString(), key_type: 'RSA', key_bits: 2048, signature_algorithm: 'sha256WithRSAEncryption', address: '192.0.2.14', port: 443,
    chain: [{ subject: `CN=${host}`, issuer: 'CN=Practice CA 2', key: 'RSA 2048' }, { subject: 'CN=Practice CA 2', issuer: 'CN=Practice Root', key: 'RSA 4096' }].map((link, position) => ({ position, ...link })),
  }),
  'tls.tls10': () => ({ protocol: 'TLS 1.0', address: '192.0.2.31', port: 443, ciphers: ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'TLS_RSA_WITH_AES_256_CBC_SHA'] }),
  'header.hsts_missing': (host) => ({ method: 'GET', url: `https://${host}/`, status: 200, headers: { Server: 'Apache', 'Content-Type': 'text/html; charset=utf-8' }, header: 'Strict-Transport-Security', observed: null, expected: 'max-age=31536000' }),
  'mail.dmarc_policy_none': (host) => ({ name: `_dmarc.${host}`, record: 'v=DMARC1; p=none; rua=mailto:dmarc@example', observed: 'p=none', expected: 'p=quarantine | p=reject' }),
  'software.known_vulnerability': () => ({ product: 'phpMyAdmin', version: '4.8.1', identifiers: [{ id: 'CVE-2018-12613', fixed_in: '4.8.2', score: 8.8 }, { id: 'CVE-2018-19968', fixed_in: '4.8.4', score: 6.5 }], detected_by: { path: '/doc/html/index.html', marker: 'phpMyAdmin 4.8.1 documentation', certain: true } }),
};
const otherEvidence = (host) => ({ url: `https://${host}/`, status: 200, observed: 'yes', detail: 'Seen in two answers, two seconds apart.' });

export function makeUnits() {
  const top = { id: 'office', name: '青石区网络安全和信息化办公室', parent: null, kind: 'authority', contacts: [{ role: 'duty', name: '值班室', phone: '0500-5550100', email: 'duty@office.example' }] };
  const units = UNIT_NAMES.map((name, i) => ({
    id: `u${String(i + 1).padStart(3, '0')}`, name, parent: i % 5 === 4 ? `u${String(i).padStart(3, '0')}` : 'office', kind: i === 10 ? 'supplier' : 'unit',
    contacts: [
      { role: 'contact', name: `安全联系人${i + 1}`, phone: `0500-555${String(1000 + i * 37).slice(-4)}`, email: `security@u${i + 1}.example` },
      ...(i % 3 === 0 ? [{ role: 'head', name: `负责人${i + 1}`, phone: `0500-555${String(2000 + i).slice(-4)}`, email: `head@u${i + 1}.example` }] : []),
    ],
  }));
  return [top, ...units];
}

export function makeSystems(units) {
  return units.slice(1).flatMap((unit, i) =>
    SYSTEMS.slice(0, 1 + (i % 4)).map((name, k) => ({ id: `${unit.id}-s${k + 1}`, unit: unit.id, name, protection_level: [2, 3, 2, null][k], critical: k === 1 && i % 4 === 1 })));
}

export function makeAssets(systems, now) {
  const day = (offset) => new Date(now + offset * DAY_MS).toISOString().slice(0, 10);
  return systems.flatMap((system, i) => {
    const host = `${['www', 'apply', 'mail', 'data'][Number(system.id.slice(-1)) - 1]}.${system.unit}.example`;
    const base = { unit: system.unit, system: system.id, probe_class: i % 3 ? 'passive' : 'careful', authorised_from: day(-200), authorised_until: day([165, 12, 400, -3][i % 4]), state: 'active' };
    const values = [[`https://${host}/`, 'url'], ...(i % 3 === 1 ? [[`mail:${system.unit}.example`, 'mail']] : []), ...(i % 5 === 2 ? [['192.0.2.0/28', 'cidr']] : [])];
    return values.map(([value, kind], k) => ({ id: `${system.id}-a${k + 1}`, value, kind, last_checked: k === 2 ? null : new Date(now - (i % 30) * 3_600_000).toISOString(), ...base }));
  });
}

export function makeFinding(number, asset, check, unit, random, now) {
  const host = asset.value.replace(/^https?:\/\//, '').replace(/^mail:/, '').replace(/\/.*$/, '');
  const first = now - Math.floor(random() * 40 * DAY_MS);
  const last = now - Math.floor(random() * Math.min(now - first, 2 * DAY_MS));
  const stamp = (at) => new Date(at).toISOString();
  const presence = random() < 0.82 ? 'present' : random() < 0.6 ? 'absent' : 'unknown';
  return {
    id: `f${String(number).padStart(5, '0')}`, fingerprint: [1, 2, 3, 4].map((k) => Math.floor(random() * 4294967296 + k).toString(16).padStart(8, '0').slice(-8)).join(''),
    unit: asset.unit, unit_name: unit.name, system: asset.system, asset: asset.id, target: asset.value, check: check.id, locator: check.id.startsWith('exposure.') ? `https://${host}/.git/config` : host,
    severity: check.severity, severity_history: [{ at: stamp(first), severity: number % 7 ? check.severity : 'medium' }, ...(number % 7 ? [] : [{ at: stamp(last), severity: check.severity }])],
    title: check.title, advice: check.advice, evidence: (EVIDENCE[check.id] ?? otherEvidence)(host, now), references: check.references, presence, presence_run: 'run-0041',
    first_seen: stamp(first), last_seen: stamp(last), runs: ['run-0039', 'run-0040', 'run-0041'], state: ['new', 'new', 'new', 'confirmed', 'accepted'][number % 5], recurrence: number % 11 === 0 ? 1 : 0, rev: 1,
  };
}

export function makeWorld(now = Date.now()) {
  const random = randomFrom(20260101);
  const units = makeUnits();
  const systems = makeSystems(units);
  const assets = makeAssets(systems, now);
  const findings = [];
  for (let number = 1; number <= 260; number += 1) {
    const asset = assets[Math.floor(random() * random() * assets.length)];
    const check = CHECKS[Math.floor(Math.sqrt(random()) * CHECKS.length * 0.999)];
    findings.push(makeFinding(number, asset, check, units.find((unit) => unit.id === asset.unit), random, now));
  }
  return { random, units, systems, assets, findings, checks: CHECKS };
}
